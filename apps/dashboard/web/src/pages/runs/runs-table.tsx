import type { RunSummary } from '../../../../src/api.js';
import { RunRow } from './run-row.js';

/** The runs of a page. */
export function RunsTable({
  rows,
  isStale,
  touch,
}: {
  readonly rows: readonly RunSummary[];
  readonly isStale: boolean;
  readonly touch: (isTouched: boolean) => void;
}) {
  return (
    <div
      className={`table-box ${isStale ? 'stale' : ''}`}
      onPointerEnter={() => touch(true)}
      onPointerLeave={() => touch(false)}
      onFocus={() => touch(true)}
      onBlur={() => touch(false)}
    >
      <table className="table runs-table">
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Goal</th>
            <th scope="col">World</th>
            <th scope="col">Subgoals</th>
            <th scope="col" className="right">
              Steps
            </th>
            <th scope="col" className="right">
              Replans
            </th>
            <th scope="col" className="right">
              Tools
            </th>
            <th scope="col" className="right">
              Started
            </th>
            <th scope="col" className="right">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((run) => (
            <RunRow key={run.id} run={run} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
