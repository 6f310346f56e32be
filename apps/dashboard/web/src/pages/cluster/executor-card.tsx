import type { ExecutorState } from '../../../../src/api.js';
import { presenceOf, type Presence } from '../../model/cluster-figures.js';
import { runOfSubgoal } from '../../model/tool-words.js';
import { ago, count, duration, moment } from '../../model/words.js';
import { Link } from '../../route/link.js';
import { Icon, type IconName } from '../../ui/icon.js';
import { Text } from '../../ui/text.js';

const LOOKS: Readonly<Record<Presence, { readonly icon: IconName; readonly tone: string }>> = {
  busy: { icon: 'running', tone: 'busy' },
  ready: { icon: 'done', tone: 'good' },
  draining: { icon: 'cancelled', tone: 'warn' },
  gone: { icon: 'failed', tone: 'bad' },
};

/** One executor: whether it is there, what it serves and what it works on. */
export function ExecutorCard({ executor, now }: { readonly executor: ExecutorState; readonly now: number }) {
  const presence = presenceOf(executor, now);
  const { icon, tone } = LOOKS[presence];
  const slots = executor.lanes.length * executor.concurrency;
  return (
    <li className={`card executor executor-${presence}`}>
      <header>
        <h3>
          <Text value={executor.name} />
        </h3>
        <span className={`status tone-${tone}`}>
          <Icon name={icon} />
          {presence}
        </span>
      </header>
      <p className="small quiet">
        <Text value={executor.address} className="mono" />
        <br />
        up {duration(now - executor.startedAt)} ·{' '}
        <span title={moment(executor.seenAt)}>seen {ago(executor.seenAt, now)}</span>
      </p>
      <p className="lanes">
        {executor.lanes.map((lane) => (
          <span key={lane} className="tag">
            <Text value={lane} />
          </span>
        ))}
        <span className="small quiet">
          {executor.busy.length} of {count(slots, 'place')} taken
        </span>
      </p>
      {executor.busy.length > 0 && (
        <ul className="busy">
          {executor.busy.map((subgoal) => {
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
      )}
    </li>
  );
}
