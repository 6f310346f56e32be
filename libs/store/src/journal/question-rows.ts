import type { Projection } from '../projections/projection.js';

/**
 * The part of an append that keeps the read model of questions. A question that is spoken of in the same statement in
 * which whoever asked it ends is closed by its own row; the others are closed by `closed`.
 */
export const QUESTION_ROWS = `, closings as materialized (
  select run, subgoal, greatest(at, floor) as at
    from json_to_recordset($19::json) as x(stream text, run text, subgoal text, at int8) join fresh using (stream)
), question_changes as materialized (
  select id, run, max(subgoal) as subgoal, max(kind) as kind, max(body) as body, max(greatest("askedAt", case when "askedAt" is null then null else floor end)) as asked_at,
         max("expiresAt") as expires_at, sum(reminders) as reminders, max(greatest("toldAt", floor)) as told_at,
         min(greatest("closedAt", case when "closedAt" is null then null else floor end)) as closed_at, max(verdict) as verdict
    from json_to_recordset($18::json) as c(
           stream text, id text, run text, subgoal text, kind text, body text, "askedAt" int8, "expiresAt" int8, reminders int4,
           "toldAt" int8, "closedAt" int8, verdict text)
    join fresh using (stream)
   group by id, run
), question_rows as (
  insert into questions as q (id, run, subgoal, kind, body, asked_at, expires_at, reminders, told_at, closed_at, verdict)
  select c.id, c.run, c.subgoal, coalesce(c.kind, ''), c.body::json, c.asked_at, c.expires_at, c.reminders, c.told_at,
         least(c.closed_at, (select min(x.at) from closings x where x.run = c.run and (x.subgoal is null or x.subgoal = c.subgoal))), c.verdict
    from question_changes c
   where (select count(*) from subgoal_rows) >= 0
   order by c.id, c.run
  on conflict (id, run) do update set
    subgoal = coalesce(excluded.subgoal, q.subgoal),
    kind = coalesce(nullif(excluded.kind, ''), q.kind),
    body = coalesce(excluded.body, q.body),
    asked_at = coalesce(excluded.asked_at, q.asked_at),
    expires_at = coalesce(excluded.expires_at, q.expires_at),
    reminders = q.reminders + excluded.reminders,
    told_at = greatest(excluded.told_at, q.told_at),
    closed_at = least(excluded.closed_at, q.closed_at),
    verdict = coalesce(excluded.verdict, q.verdict)
  returning 1
), closed as (
  update questions q set closed_at = x.at
    from closings x
   where q.run = x.run and (x.subgoal is null or x.subgoal = q.subgoal) and q.closed_at is null
     and not exists (select from question_changes c where c.id = q.id and c.run = q.run)
     and (select count(*) from question_rows) >= 0
)`;

/** The two parameters of that part, for the projections of a batch's streams; null where there is nothing to say. */
export function questionParameters(streams: readonly string[], projections: readonly Projection[]): readonly [string, string] | null {
  if (projections.every((p) => p.questions.length === 0 && p.closings.length === 0)) return null;
  const changes = projections.flatMap((p, i) =>
    p.questions.map(({ question, ...change }) => ({
      stream: streams[i]!,
      ...change,
      kind: question?.kind ?? null,
      // A text within the text: what JSON can say and Postgres's texts cannot survives only so.
      body: question && JSON.stringify(question),
      expiresAt: question && question.expiresAt,
    })),
  );
  const closings = projections.flatMap((p, i) => p.closings.map((closing) => ({ stream: streams[i]!, ...closing })));
  return [JSON.stringify(changes), JSON.stringify(closings)];
}

