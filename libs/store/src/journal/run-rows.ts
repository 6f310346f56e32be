import { RUN_COLUMNS } from '../projections/run-columns.js';
import type { RunRow } from '../projections/run-row.js';
import { readable } from './event-text.js';
import type { Section } from './section.js';

const names = RUN_COLUMNS.map((c) => c.column).join(', ');
const types = RUN_COLUMNS.map((c) => `"${c.key}" ${c.type}`).join(', ');
const values = RUN_COLUMNS.map((c) => `r."${c.key}"`).join(', ');
const updates = RUN_COLUMNS.filter((c) => c.key !== 'id')
  .map((c) => `${c.column} = excluded.${c.column}`)
  .join(', ');

/** The rows of runs whose own streams are written to: as a whole, since the run's stream has one writer. */
export const RUN_ROWS: Section = {
  letter: 'r',
  rows: 'run_rows',
  text: (p, after) => `run_rows as (
  insert into runs (${names})
  select ${values}
    from json_to_recordset(${p(0)}::json) as r(${types}) join fresh f on f.stream = 'run/' || r.id
   where (select count(*) from ${after}) >= 0
   order by r.id
  on conflict (id) do update set ${updates}
  returning 1
)`,
  values(batch) {
    const rows = batch.flatMap(({ projection: { run } }) => (run ? [readableRun(run)] : []));
    return rows.length === 0 ? null : [JSON.stringify(rows)];
  },
};

function readableRun(row: RunRow): RunRow {
  const { title, world, space, reason, toolsUsed } = row;
  return {
    ...row,
    title: readable(title),
    world: readable(world),
    space: readable(space),
    reason: readable(reason),
    toolsUsed: toolsUsed.map(readable),
  };
}
