import type { Tool } from '../../../../src/api.js';
import { runOfSubgoal } from '../../model/tool-words.js';
import { count } from '../../model/words.js';
import { Link } from '../../route/link.js';
import { Text } from '../../ui/text.js';

const MOST = 100;

/** The subgoals whose trajectories a tool was learned from, each a way to its run. */
export function LearnedFrom({ evidence }: { readonly evidence: Tool['evidence'] }) {
  const { subgoals, successes, failures } = evidence;
  return (
    <section className="card">
      <h2>Learned from</h2>
      <p>
        The action went well <strong className="won num">{count(successes, 'time')}</strong> and was refused{' '}
        <strong className="lost num">{count(failures, 'time')}</strong>, in {count(subgoals.length, 'subgoal')}:
      </p>
      <ul className="learned-from">
        {subgoals.slice(0, MOST).map((subgoal) => {
          const { run, node } = runOfSubgoal(subgoal);
          return (
            <li key={subgoal}>
              <Link href={`/runs/${encodeURIComponent(run)}${node === null ? '' : `?node=${node}`}`} data-row>
                <Text value={run} className="mono" /> {node !== null && <span className="chip num">{node}</span>}
              </Link>
            </li>
          );
        })}
      </ul>
      {subgoals.length > MOST && <p className="quiet">and {subgoals.length - MOST} more</p>}
    </section>
  );
}
