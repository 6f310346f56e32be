import type { NewEvent } from '@praxis/core';
import type { Projection } from '../projections/projection.js';
import { RUN_COLUMNS } from '../projections/run-columns.js';
import type { RunRow } from '../projections/run-row.js';
import type { SubgoalChange } from '../projections/subgoal-change.js';
import { readable, type EventText } from './event-text.js';

/** One call of `append`, ready to be written. */
export interface Append {
  readonly stream: string;
  readonly run: string;
  readonly expected: number;
  readonly events: readonly NewEvent[];
  readonly texts: readonly EventText[];
}

const runNames = RUN_COLUMNS.map((c) => c.column).join(', ');
const runTypes = RUN_COLUMNS.map((c) => `"${c.key}" ${c.type}`).join(', ');
const runValues = RUN_COLUMNS.map((c) => `r."${c.key}"`).join(', ');
const runUpdates = RUN_COLUMNS.filter((c) => c.key !== 'id').map((c) => `${c.column} = excluded.${c.column}`).join(', ');

/**
 * Writes a batch in one round trip and one transaction; gives the streams whose fence held.
 *
 * `fresh` is the fence: a stream passes where its last position is `expected - 1`. Between this look and the insert
 * somebody may still write; then the unique key stops the whole statement, and the batch is tried again (J2).
 * `written`, `run_rows` and `subgoal_rows` wait for each other and sort, so that rows are locked in one order by all.
 * The two looks are scalar subqueries, since these always use the key: a join is planned as a scan of the whole table
 * while that is still small, and the prepared plan would stay so.
 * An event is never older than the one before it, even where clocks differ, so that time orders every stream.
 */
export const APPEND_SQL = `
with wanted as materialized (
  select * from unnest($1::text[], $2::int4[]) as w(stream, expected)
), fresh as materialized (
  select stream, coalesce(last_at, 0) as floor
    from (
      select w.*, (select e.at from events e where e.stream = w.stream and e.position = w.expected - 1) as last_at,
             (select e.at from events e where e.stream = w.stream and e.position = w.expected) as next_at
        from wanted w
    ) looked
   where next_at is null and (expected = 0 or last_at is not null)
), input as materialized (
  select i.*, f.floor
    from unnest($3::text[], $4::int4[], $5::text[], $6::text[], $7::int4[], $8::text[], $9::text[])
         as i(stream, position, run, type, version, body, blob)
    join fresh f using (stream)
), kept as (
  insert into blobs (sha256, body)
  select distinct on (blob) blob, body from input where blob is not null order by blob
  on conflict do nothing
), written as (
  insert into events (stream, position, run, type, version, at, data, blob)
  select stream, position, run, type, version, greatest($10::int8, floor), case when blob is null then body::json end, blob
    from input order by stream, position
  returning 1
), run_rows as (
  insert into runs (${runNames})
  select ${runValues}
    from json_to_recordset($11::json) as r(${runTypes}) join fresh f on f.stream = 'run/' || r.id
   where (select count(*) from written) > 0
   order by r.id
  on conflict (id) do update set ${runUpdates}
  returning 1
), changes as (
  select id, min(run) as run, min(node) as node, min(attempt) as attempt, max(lane) as lane, max(domain) as domain,
         max(space) as space, bool_and(learn) as learn, max(stage) as stage,
         (array_agg(status order by stage desc))[1] as status, (array_agg(reason order by stage desc))[1] as reason,
         sum(steps) as steps, sum("failedSteps") as failed_steps, max(greatest("updatedAt", floor)) as updated_at,
         max(greatest("endedAt", case when "endedAt" is null then null else floor end)) as ended_at
    from json_to_recordset($12::json) as c(
           stream text, id text, run text, node text, attempt int4, lane text, domain text, space text, learn bool, stage int2,
           status text, reason text, steps int4, "failedSteps" int4, "updatedAt" int8, "endedAt" int8)
    join fresh using (stream)
   where (select count(*) from run_rows) >= 0
   group by id
), subgoal_rows as (
  insert into subgoals as s (id, run, node, attempt, lane, domain, space, learn, stage, status, reason, steps, failed_steps, updated_at, ended_at)
  select id, run, node, attempt, coalesce(lane, ''), coalesce(domain, ''), coalesce(space, ''), coalesce(learn, true), stage, status,
         reason, steps, failed_steps, updated_at, ended_at
    from changes order by id
  on conflict (id) do update set
    lane = coalesce(nullif(excluded.lane, ''), s.lane),
    domain = coalesce(nullif(excluded.domain, ''), s.domain),
    space = coalesce(nullif(excluded.space, ''), s.space),
    learn = excluded.learn and s.learn,
    stage = greatest(excluded.stage, s.stage),
    status = case when excluded.stage >= s.stage then excluded.status else s.status end,
    reason = case when excluded.stage >= s.stage then excluded.reason else s.reason end,
    steps = s.steps + excluded.steps,
    failed_steps = s.failed_steps + excluded.failed_steps,
    updated_at = greatest(excluded.updated_at, s.updated_at),
    ended_at = coalesce(excluded.ended_at, s.ended_at)
)
select stream from fresh`;

/** The statement's parameters for a batch with at most one append per stream. */
export function appendParameters(batch: readonly Append[], projections: readonly Projection[], now: number): readonly unknown[] {
  const rows = batch.flatMap((a) => a.events.map((event, i) => ({ a, event, position: a.expected + i, text: a.texts[i]! })));
  return [
    batch.map((a) => a.stream),
    batch.map((a) => a.expected),
    rows.map((r) => r.a.stream),
    rows.map((r) => r.position),
    rows.map((r) => r.a.run),
    rows.map((r) => r.event.type),
    rows.map((r) => r.event.version),
    rows.map((r) => r.text.body),
    rows.map((r) => r.text.blob),
    now,
    JSON.stringify(projections.flatMap((p) => (p.run ? [readableRun(p.run)] : []))),
    JSON.stringify(projections.flatMap((p, i) => p.subgoals.map((c) => ({ stream: batch[i]!.stream, ...readableChange(c) })))),
  ];
}

function readableRun(row: RunRow): RunRow {
  const { title, world, space, reason, toolsUsed } = row;
  return { ...row, title: readable(title), world: readable(world), space: readable(space), reason: readable(reason), toolsUsed: toolsUsed.map(readable) };
}

function readableChange(change: SubgoalChange): SubgoalChange {
  const { lane, domain, space, reason } = change;
  const clean = (text: string | null): string | null => (text === null ? null : readable(text));
  return { ...change, lane: clean(lane), domain: clean(domain), space: clean(space), reason: readable(reason) };
}
