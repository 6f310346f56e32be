import type { Projection } from '../projections/projection.js';
import { RUN_COLUMNS } from '../projections/run-columns.js';
import { BODIES, appendParameters, type Append } from './append-parameters.js';
import { QUESTION_ROWS, questionParameters } from './question-rows.js';

const runNames = RUN_COLUMNS.map((c) => c.column).join(', ');
const runTypes = RUN_COLUMNS.map((c) => `"${c.key}" ${c.type}`).join(', ');
const runValues = RUN_COLUMNS.map((c) => `r."${c.key}"`).join(', ');
const runUpdates = RUN_COLUMNS.filter((c) => c.key !== 'id').map((c) => `${c.column} = excluded.${c.column}`).join(', ');

/**
 * Writes a batch in one round trip and one transaction; gives the streams whose fence held.
 *
 * `fresh` is the fence: a stream passes where its last position is `expected - 1`, or where it has no events of its own
 * and shares `expected` ones with its bases; the mark of such a stream, version 0, is no event. Between this look and the insert
 * somebody may still write; then the unique key stops the whole statement, and the batch is tried again (J2).
 * The streams of a batch are numbered in order. `written`, `run_rows`, `subgoal_rows` and the questions wait for each other
 * and sort, so that rows are locked in one order by all. `moved` is for subgoals that only made steps, one each: their rows
 * are there, and no index holds what changes, which makes it the cheapest write there is.
 * The looks are scalar subqueries, since these always use the key: a join is planned as a scan of the whole table
 * while that is still small, and the prepared plan would stay so.
 * An event is never older than the one before it, even where clocks differ, so that time orders every stream.
 */
const APPEND = `
with wanted as materialized (
  select * from unnest($1::text[], $2::text[], $3::int4[]) with ordinality as w(stream, of_run, expected, nth)
), fresh as materialized (
  select nth, stream, of_run, coalesce(last_at, 0) as floor
    from (
      select w.*, coalesce(
               (select e.at from events e where e.stream = w.stream and e.position = w.expected - 1 and e.version > 0),
               case when w.expected > 0 then (
                 select case when b.until = w.expected then b.last_at end from stream_bases b where b.stream = w.stream order by b.start desc limit 1
               ) end) as last_at,
             (select e.at from events e where e.stream = w.stream and e.position = w.expected) as next_at
        from wanted w offset 0
    ) looked
   where next_at is null and (expected = 0 or last_at is not null)
), input as materialized (
  select f.stream, f.of_run as run, i.*, f.floor
    from unnest($4::int4[], $5::int4[], $6::text[], $7::int4[], ${BODIES('$8')}, $9::text[], $10::int8[], $11::text[])
         as i(nth, position, type, version, body, blob, at, refs)
    join fresh f using (nth)
), kept as (
  insert into blobs (sha256, body)
  select distinct on (blob) blob, body from input where blob is not null order by blob
  on conflict do nothing
), written as (
  insert into events (stream, position, run, type, version, at, data, blob, refs)
  select stream, position, run, type, version, greatest(at, floor), case when blob is null then body::json end, blob, string_to_array(refs, ' ')
    from input order by nth, position
  returning 1
), run_rows as (
  insert into runs (${runNames})
  select ${runValues}
    from json_to_recordset($12::json) as r(${runTypes}) join fresh f on f.stream = 'run/' || r.id
   where (select count(*) from written) > 0
   order by r.id
  on conflict (id) do update set ${runUpdates}
  returning 1
), moved as (
  update subgoals s set
    status = case when s.stage > 1 then s.status else 'running' end,
    reason = case when s.stage > 1 then s.reason else '' end,
    stage = greatest(s.stage, 1),
    steps = s.steps + m.steps,
    failed_steps = s.failed_steps + m.failed_steps,
    updated_at = greatest(m.at, m.floor, s.updated_at)
    from (
      select substr(stream, length('subgoal/') + 1) as id, steps, failed_steps, at, floor
        from unnest($14::int4[], $15::int4[], $16::int4[], $17::int8[]) as i(nth, steps, failed_steps, at) join fresh using (nth)
       where (select count(*) from run_rows) >= 0
    ) m
   where s.id = m.id
), changes as (
  select id, min(run) as run, min(node) as node, min(attempt) as attempt, max(lane) as lane, max(domain) as domain,
         max(space) as space, bool_and(learn) as learn, max(stage) as stage,
         (array_agg(status order by stage desc))[1] as status, (array_agg(reason order by stage desc))[1] as reason,
         sum(steps) as steps, sum("failedSteps") as failed_steps, sum(answers) as answers, bool_or(settled) as settled, max(greatest("updatedAt", floor)) as updated_at,
         max(greatest("endedAt", case when "endedAt" is null then null else floor end)) as ended_at
    from json_to_recordset($13::json) as c(
           stream text, id text, run text, node text, attempt int4, lane text, domain text, space text, learn bool, stage int2,
           status text, reason text, steps int4, "failedSteps" int4, answers int4, settled bool, "updatedAt" int8, "endedAt" int8)
    join fresh using (stream)
   where (select count(*) from run_rows) >= 0
   group by id
), subgoal_rows as (
  insert into subgoals as s (id, run, node, attempt, lane, domain, space, learn, stage, status, reason, steps, failed_steps, answers, settled,
    updated_at, ended_at)
  select id, run, node, attempt, coalesce(lane, ''), coalesce(domain, ''), coalesce(space, ''), coalesce(learn, true), stage, status,
         reason, steps, failed_steps, answers, settled, updated_at, ended_at
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
    answers = s.answers + excluded.answers,
    settled = s.settled or excluded.settled,
    updated_at = greatest(excluded.updated_at, s.updated_at),
    ended_at = coalesce(excluded.ended_at, s.ended_at)
  returning 1
)`;

/** Gives the appends that came too late, which are few. */
const LATE = 'select nth::int4 from wanted where nth not in (select nth from fresh)';

const PLAIN = `${APPEND}
${LATE}`;

const WITH_QUESTIONS = `${APPEND}${QUESTION_ROWS}
${LATE}`;

/** The statement for a batch with at most one append per stream. Most batches say nothing of questions and do without. */
export function appendStatement(batch: readonly Append[], projections: readonly Projection[], now: number): { name: string; text: string; values: unknown[] } {
  const values = appendParameters(batch, projections, now);
  const questions = questionParameters(batch.map((a) => a.stream), projections);
  if (questions === null) return { name: 'praxis-append', text: PLAIN, values };
  return { name: 'praxis-append-questions', text: WITH_QUESTIONS, values: [...values, ...questions] };
}
