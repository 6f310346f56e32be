import type { PlanNode } from '../../../../src/api.js';
import type { RunModel } from '../../model/run-model.js';
import { actionWords, standingOf, wantedOf, workOf } from '../../model/run-words.js';
import { subgoalLine, wantedWords } from '../../model/literals.js';
import { costText, NO_COST } from '../../model/cost.js';
import { metersOf } from '../../model/spending.js';
import { count } from '../../model/words.js';
import { Condition } from '../../ui/condition.js';
import { Icon } from '../../ui/icon.js';
import { Meters } from '../../ui/meters.js';
import { Lasted } from '../../ui/moment.js';
import { StatusMark } from '../../ui/status.js';
import { LongText, Text } from '../../ui/text.js';
import { OutputPreviews } from '../result/output-previews.js';

/** One subgoal: what it asks for, who does it, and how it went. */
export function NodeDetail({
  model,
  node,
  onClose,
}: {
  readonly model: RunModel;
  readonly node: PlanNode;
  readonly onClose: () => void;
}) {
  const work = workOf(model, node.id);
  const standing = standingOf(model, node.id);
  return (
    <aside className="node-detail" aria-label={`Subgoal ${node.id}`}>
      <header>
        <span className="chip num">{node.id}</span>
        <h3>
          <Text value={subgoalLine(node, wantedWords(wantedOf(model)))} />
        </h3>
        <StatusMark status={standing} />
        <button type="button" className="button-icon" onClick={onClose} aria-label="Close the subgoal">
          <Icon name="close" />
        </button>
      </header>
      {work.reason !== '' && work.status !== 'done' && (
        <p className="small">
          <LongText value={work.reason} />
        </p>
      )}
      <dl className="facts">
        <dt>Brings about</dt>
        <dd>
          <Condition value={node.post} />
        </dd>
        {node.pre.length > 0 && (
          <>
            <dt>Relies on</dt>
            <dd>
              <Condition value={node.pre.join(' ')} />
            </dd>
          </>
        )}
        <Who model={model} node={node} />
        <dt>Suggested</dt>
        <dd>
          <Text className="mono" value={node.steps.map((s) => actionWords(s.skill, s.args)).join(' → ')} />
        </dd>
        <Progress model={model} node={node.id} />
        <OutputPreviews run={model.id} outputs={work.outputs} />
      </dl>
    </aside>
  );
}

/** Who does it, in which lane, and on which executor each attempt ran. */
function Who({ model, node }: { readonly model: RunModel; readonly node: PlanNode }) {
  const attempts = Object.values(model.attempts).filter((a) => a.node === node.id);
  return (
    <>
      <dt>Who</dt>
      <dd>
        {node.owner !== null && <Text value={node.owner} />} <span className="quiet">lane</span>{' '}
        <Text value={node.lane} />
        {attempts.map((a) => (
          <span key={a.id} className="quiet">
            , {attempts.length > 1 && `attempt ${a.number} `}on <Text value={a.by} />
            {a.plans > 1 && ` (${count(a.plans - 1, 'local replan')})`}
          </span>
        ))}
      </dd>
    </>
  );
}

/** What was done for it over all attempts, and what the latest has spent: of its allowance while it is under way. */
function Progress({ model, node }: { readonly model: RunModel; readonly node: string }) {
  const { attempt, status, allowance, steps, failed, startedAt, endedAt } = workOf(model, node);
  if (startedAt === null) return null;
  const spent = model.attempts[`${model.id}.${node}.${attempt}`]?.spent ?? NO_COST;
  const meters = status === 'dispatched' ? metersOf(allowance, spent) : [];
  return (
    <>
      <dt>Done</dt>
      <dd>
        {count(steps, 'step')}
        {failed > 0 && `, ${failed} failed`} <span className="quiet">in</span>{' '}
        <Lasted from={startedAt} to={endedAt ?? model.endedAt} />
      </dd>
      <dt>Spent</dt>
      <dd>{meters.length > 0 ? <Meters meters={meters} /> : costText(spent)}</dd>
    </>
  );
}
