import { STAGE, type SubgoalChange } from '../projections/subgoal-change.js';
import { numberArray } from './columns.js';
import { readable } from './event-text.js';
import type { Append, Section, Writing } from './section.js';

interface Change {
  readonly append: Append;
  readonly change: SubgoalChange;
  /** Number of the append in the batch, from 1. */
  readonly nth: number;
}

/**
 * Subgoals that only made steps, one each: their rows are there, and no index holds what changes, which makes it the
 * cheapest write there is.
 */
export const SUBGOAL_MOVES: Section = {
  letter: 'm',
  rows: null,
  text: (p, after) => `moved as (
  update subgoals s set
    status = case when s.stage > 1 then s.status else 'running' end,
    reason = case when s.stage > 1 then s.reason else '' end,
    stage = greatest(s.stage, 1),
    steps = s.steps + m.steps,
    failed_steps = s.failed_steps + m.failed_steps,
    updated_at = greatest(m.at, m.floor, s.updated_at)
    from (
      select substr(stream, length('subgoal/') + 1) as id, steps, failed_steps, at, floor
        from unnest(${p(0)}::int4[], ${p(1)}::int4[], ${p(2)}::int4[], ${p(3)}::int8[]) as i(nth, steps, failed_steps, at) join fresh using (nth)
       where (select count(*) from ${after}) >= 0
    ) m
   where s.id = m.id
)`,
  values(batch) {
    const moves = changesOf(batch).filter(isMove);
    if (moves.length === 0) return null;
    return [numberArray(moves.map((m) => m.nth)), numberArray(moves.map((m) => m.change.steps)), numberArray(moves.map((m) => m.change.failedSteps)), numberArray(moves.map((m) => m.change.updatedAt))];
  },
};

/** Everything else that is said of subgoals, by their own streams and by their runs'. */
export const SUBGOAL_ROWS: Section = {
  letter: 's',
  rows: 'subgoal_rows',
  text: (p, after) => `changes as (
  select id, min(run) as run, min(node) as node, min(attempt) as attempt, max(lane) as lane, max(domain) as domain,
         max(space) as space, bool_and(learn) as learn, max(stage) as stage,
         (array_agg(status order by stage desc))[1] as status, (array_agg(reason order by stage desc))[1] as reason,
         sum(steps) as steps, sum("failedSteps") as failed_steps, sum(answers) as answers, bool_or(settled) as settled, max(greatest("updatedAt", floor)) as updated_at,
         max(greatest("endedAt", case when "endedAt" is null then null else floor end)) as ended_at
    from json_to_recordset(${p(0)}::json) as c(
           stream text, id text, run text, node text, attempt int4, lane text, domain text, space text, learn bool, stage int2,
           status text, reason text, steps int4, "failedSteps" int4, answers int4, settled bool, "updatedAt" int8, "endedAt" int8)
    join fresh using (stream)
   where (select count(*) from ${after}) >= 0
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
)`,
  values(batch) {
    const others = changesOf(batch).filter((c) => !isMove(c));
    return others.length === 0 ? null : [JSON.stringify(others.map(({ append, change }) => ({ stream: append.stream, ...readableChange(change) })))];
  },
};

const changesOf = (batch: readonly Writing[]): readonly Change[] => batch.flatMap(({ append, projection }, i) => projection.subgoals.map((change) => ({ change, append, nth: i + 1 })));

/** Whether a change says only that the append's own subgoal went on: most do, and its row was there since it was opened. */
function isMove({ append: { stream, expected }, change }: Change): boolean {
  const { id, stage, status, domain, endedAt, answers } = change;
  return expected > 0 && stage === STAGE.running && status === 'running' && domain === null && endedAt === null && answers === 0 && stream === `subgoal/${id}`;
}

function readableChange(change: SubgoalChange): SubgoalChange {
  const { lane, domain, space, reason } = change;
  const clean = (text: string | null): string | null => (text === null ? null : readable(text));
  return { ...change, lane: clean(lane), domain: clean(domain), space: clean(space), reason: readable(reason) };
}
