import type { Section, Writing } from './section.js';

const CLOSINGS = (parameter: string): string => `closings as materialized (
  select run, subgoal, greatest(at, floor) as at
    from json_to_recordset(${parameter}::json) as x(stream text, run text, subgoal text, at int8) join fresh using (stream)
)`;

/**
 * What is said of questions. One that is spoken of in the same statement in which whoever asked it ends is closed by
 * its own row, the others by `closed`.
 */
export const QUESTION_ROWS: Section = {
  letter: 'q',
  rows: 'question_rows',
  text: (p, after) => `${CLOSINGS(p(1))}, question_changes as materialized (
  select id, run, max(subgoal) as subgoal, max(kind) as kind, max(body) as body, max(greatest("askedAt", case when "askedAt" is null then null else floor end)) as asked_at,
         max("expiresAt") as expires_at, sum(reminders) as reminders, max(greatest("toldAt", floor)) as told_at,
         min(greatest("closedAt", case when "closedAt" is null then null else floor end)) as closed_at, max(verdict) as verdict
    from json_to_recordset(${p(0)}::json) as c(
           stream text, id text, run text, subgoal text, kind text, body text, "askedAt" int8, "expiresAt" int8, reminders int4,
           "toldAt" int8, "closedAt" int8, verdict text)
    join fresh using (stream)
   group by id, run
), question_rows as (
  insert into questions as q (id, run, subgoal, kind, body, asked_at, expires_at, reminders, told_at, closed_at, verdict)
  select c.id, c.run, c.subgoal, coalesce(c.kind, ''), c.body::json, c.asked_at, c.expires_at, c.reminders, c.told_at,
         least(c.closed_at, (select min(x.at) from closings x where x.run = c.run and (x.subgoal is null or x.subgoal = c.subgoal))), c.verdict
    from question_changes c
   where (select count(*) from ${after}) >= 0
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
), closed as (${closing('question_rows')}
     and not exists (select from question_changes c where c.id = q.id and c.run = q.run)
)`,
  values(batch) {
    const changes = batch.flatMap(({ append: { stream }, projection }) =>
      projection.questions.map(({ question, ...change }) => ({
        stream,
        ...change,
        kind: question?.kind ?? null,
        // A text within the text: what JSON can say and Postgres's texts cannot survives only so.
        body: question && JSON.stringify(question),
        expiresAt: question && question.expiresAt,
      })),
    );
    return changes.length === 0 ? null : [JSON.stringify(changes), closingsOf(batch)];
  },
};

/** What ends closes the questions it had; used where nothing else is said of questions, as most often. */
export const QUESTION_ENDS: Section = {
  letter: 'c',
  rows: null,
  text: (p, after) => `${CLOSINGS(p(0))}, closed as (${closing(after)}
)`,
  values: (batch) =>
    batch.every((w) => w.projection.closings.length === 0) || batch.some((w) => w.projection.questions.length > 0)
      ? null
      : [closingsOf(batch)],
};

function closing(after: string): string {
  return `
  update questions q set closed_at = x.at
    from closings x
   where q.run = x.run and (x.subgoal is null or x.subgoal = q.subgoal) and q.closed_at is null
     and (select count(*) from ${after}) >= 0`;
}

const closingsOf = (batch: readonly Writing[]): string =>
  JSON.stringify(
    batch.flatMap(({ append: { stream }, projection }) => projection.closings.map((c) => ({ stream, ...c }))),
  );
