import type { PlanVersion, RunModel } from '../../model/run-model.js';
import { standingOf, wantedOf, workOf } from '../../model/run-words.js';
import { subgoalLine, wantedWords } from '../../model/literals.js';
import { count } from '../../model/words.js';
import { StatusMark } from '../../ui/status.js';
import { Text } from '../../ui/text.js';

interface PlanOutlineProps {
  readonly model: RunModel;
  readonly shown: PlanVersion;
  readonly selected: string | null;
  readonly select: (node: string) => void;
}

/** The plan as a list: everything that the graph says, in words. */
export function PlanOutline({ model, shown, selected, select }: PlanOutlineProps) {
  const { plan, diff, reason } = shown;
  const wanted = wantedWords(wantedOf(model));
  const dropped = reason === 'first' ? [] : diff.dropped;
  return (
    <>
      <ol className="outline">
        {plan.nodes.map((node) => {
          const work = workOf(model, node.id);
          return (
            <li key={node.id}>
              <button type="button" data-row aria-pressed={node.id === selected} onClick={() => select(node.id)}>
                <StatusMark status={standingOf(model, node.id)} word={false} />
                <span className="num outline-id">{node.id}</span>
                <Text value={subgoalLine(node, wanted)} className="outline-title" />
                <span className="outline-more quiet">
                  {node.owner !== null && <Text value={node.owner} />}
                  {node.after.length > 0 && <span>after {node.after.join(', ')}</span>}
                  {work.attempt > 1 && <span>attempt {work.attempt}</span>}
                  {work.steps > 0 && <span className="num">{count(work.steps, 'step')}</span>}
                  {work.failed > 0 && <span className="failed-count num">✕{work.failed}</span>}
                  {reason !== 'first' && diff.added.includes(node.id) && <span className="diff-added">+ added</span>}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      {dropped.length > 0 && (
        <p className="outline-dropped small quiet">
          Dropped from v{plan.version - 1}: {dropped.join(', ')}
        </p>
      )}
    </>
  );
}
