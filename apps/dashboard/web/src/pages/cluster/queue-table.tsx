import type { QueueState } from '../../../../src/api.js';
import { useNow } from '../../state/clock.js';
import { duration, number } from '../../model/words.js';
import { EmptyBox } from '../../ui/states.js';
import { Text } from '../../ui/text.js';

const WHAT: Readonly<Record<QueueState['queue'], string>> = {
  advance: 'runs to move on, for the planner',
  execute: 'subgoals, for executors of the lane',
  reflect: 'trajectories to learn from, for the reflector',
};

/** Every queue and what is in it. */
export function QueueTable({
  queues,
  backend,
}: {
  readonly queues: readonly QueueState[] | null;
  readonly backend: string;
}) {
  const now = useNow();
  return (
    <section aria-label="Queues">
      <h2 className="section-head">
        Queues <span className="quiet">on {backend === 'redis' ? 'Redis' : 'Postgres'}</span>
      </h2>
      {queues === null ? (
        <EmptyBox head="The queues do not answer">
          Nothing is lost: jobs are hints, and the sweep adds again what should move as soon as the store is back.
        </EmptyBox>
      ) : (
        <div className="table-box">
          <table className="table queues-table">
            <thead>
              <tr>
                <th scope="col">Queue</th>
                <th scope="col">Lane</th>
                {['Waiting', 'Active', 'Delayed', 'Oldest waits'].map((head) => (
                  <th key={head} scope="col" className="right">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {queues.map((q) => (
                <tr key={`${q.queue}.${q.lane ?? ''}`}>
                  <td className="cell-title">
                    <strong>{q.queue}</strong> <span className="quiet small">{WHAT[q.queue]}</span>
                  </td>
                  <td data-label="Lane">
                    {q.lane === null ? <span className="quiet">–</span> : <Text value={q.lane} />}
                  </td>
                  <Cell label="Waiting" value={q.waiting} />
                  <Cell label="Active" value={q.active} />
                  <Cell label="Delayed" value={q.delayed} />
                  <td className="right num" data-label="Oldest waits">
                    {q.oldestAt === null ? <span className="quiet">–</span> : duration(now - q.oldestAt)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Cell({ label, value }: { readonly label: string; readonly value: number }) {
  return (
    <td className={`right num ${value === 0 ? 'zero' : ''}`} data-label={label}>
      {number(value)}
    </td>
  );
}
