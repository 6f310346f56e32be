import type { SubgoalChange } from '../projections/subgoal-change.js';
import { readable } from './event-text.js';
import type { Section } from './section.js';

/** Of how many events of the stream `stream`, its own and those it shares with its bases, something is true. */
const TALLY = (stream: string): string => {
  const failed =
    "coalesce(e.data, (select b.body::json from blobs b where b.sha256 = e.blob)) -> 'result' ->> 'ok' = 'false'";
  const counts = `array[count(*), count(*) filter (where ${failed})]`;
  return `(select ${counts} from events e where e.stream = ${stream} and e.position >= 0 and e.type = 'observed'),
         (select ${counts} from stream_bases s join events e on e.stream = s.base and e.position >= s.start and e.position < s.until where s.stream = ${stream} and e.type = 'observed')`;
};

/**
 * What is said of subgoals, by their own streams and by their runs'. A step alone says nothing here: the steps are
 * counted when the subgoal ends, those of earlier appends from the events themselves.
 */
export const SUBGOAL_ROWS: Section = {
  letter: 's',
  rows: 'subgoal_rows',
  text: (p, after) => `said as materialized (
  select c.*, floor, case when "endedAt" is not null and stream = 'subgoal/' || id then array_cat(${TALLY('c.stream')}) end as earlier
    from json_to_recordset(${p(0)}::json) as c(
           stream text, id text, run text, node text, attempt int4, lane text, domain text, space text, learn bool, stage int2,
           status text, reason text, steps int4, "failedSteps" int4, answers int4, settled bool, "wakeAt" int8, "updatedAt" int8, "endedAt" int8)
    join fresh using (stream)
   where (select count(*) from ${after}) >= 0
), changes as (
  select id, min(run) as run, min(node) as node, min(attempt) as attempt, max(lane) as lane, max(domain) as domain,
         max(space) as space, bool_and(learn) as learn, max(stage) as stage,
         (array_agg(status order by stage desc))[1] as status, (array_agg(reason order by stage desc))[1] as reason,
         sum(steps + coalesce(earlier[1] + earlier[3], 0)) as steps, sum("failedSteps" + coalesce(earlier[2] + earlier[4], 0)) as failed_steps, sum(answers) as answers, bool_or(settled) as settled, max("wakeAt") as wake_at, max(greatest("updatedAt", floor)) as updated_at,
         max(greatest("endedAt", case when "endedAt" is null then null else floor end)) as ended_at
    from said group by id
), subgoal_rows as (
  insert into subgoals as s (id, run, node, attempt, lane, domain, space, learn, stage, status, reason, steps, failed_steps, answers, settled,
    wake_at, updated_at, ended_at)
  select id, run, node, attempt, coalesce(lane, ''), coalesce(domain, ''), coalesce(space, ''), coalesce(learn, true), stage, status,
         reason, steps, failed_steps, answers, settled, wake_at, updated_at, ended_at
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
    wake_at = coalesce(excluded.wake_at, s.wake_at),
    updated_at = greatest(excluded.updated_at, s.updated_at),
    ended_at = coalesce(excluded.ended_at, s.ended_at)
  returning 1
)`,
  values(batch) {
    const changes = batch.flatMap(({ append, projection }) =>
      projection.subgoals.map((change) => ({ stream: append.stream, ...readableChange(change) })),
    );
    return changes.length === 0 ? null : [JSON.stringify(changes)];
  },
};

function readableChange(change: SubgoalChange): SubgoalChange {
  const { lane, domain, space, reason } = change;
  const clean = (text: string | null): string | null => (text === null ? null : readable(text));
  return { ...change, lane: clean(lane), domain: clean(domain), space: clean(space), reason: readable(reason) };
}
