import { runStream, type RunId } from '@praxis/core';
import { removable, type Need } from './choose-runs.js';
import { inTransaction, type Connection } from './transaction.js';

/** Events per statement: a few milliseconds of work. */
const BATCH = 2000;

/** What shares the events of these runs; what is being cleared away itself needs nothing any more. */
const NEEDS = `select distinct b.base_run as used, b.run as user from stream_bases b
  where b.base_run = any($1::text[]) and b.run <> b.base_run and not exists (select from removals r where r.run = b.run)`;

/** The beginnings of streams, by which the others are found, go last. */
const EVENTS = ['e.position > 0', 'e.position = 0'].map(
  (part) => `delete from events where ctid = any(array(
    select e.ctid from events first join events e on e.stream = first.stream and ${part} where first.run = any($1::text[]) and first.position = 0 limit $2))`,
);

const ROWS = [
  'delete from runs where id = any($1::text[])',
  'delete from subgoals where run = any($1::text[])',
  'delete from questions where run = any($1::text[])',
];

/**
 * Takes some runs out of all lists, in one transaction, and notes that the rest is to follow; gives those that it took:
 * what is needed after all, or gone, is left. Their rows are locked first: a fork that is being made locks them too, so
 * one of the two sees the other.
 */
export function takeOut(
  connection: Connection,
  runs: readonly RunId[],
  sessionsOf: (run: RunId) => readonly string[],
  now: number,
): Promise<readonly RunId[]> {
  return inTransaction(connection, async () => {
    const there = await connection.query<{ id: RunId }>(
      'select id from runs where id = any($1::text[]) and ended_at is not null order by id for update',
      [runs],
    );
    const found = there.rows.map((row) => row.id);
    const needs = (await connection.query<Need>(NEEDS, [found])).rows;
    const going = [...removable(found, needs)];
    if (going.length === 0) return [];
    await connection.query('insert into removals (run, at) select unnest($1::text[]), $2 on conflict do nothing', [
      going,
      now,
    ]);
    for (const sql of ROWS) await connection.query(sql, [going]);
    await connection.query('delete from world_sessions where id = any($1::text[])', [going.flatMap(sessionsOf)]);
    await connection.query('delete from events where stream = any($1::text[])', [going.map(runStream)]);
    return going;
  });
}

/** Removes what is left of runs that were taken out, in small steps; it may be killed between any two of them. */
export async function finishRemoval(connection: Connection, runs: readonly RunId[]): Promise<void> {
  for (const sql of EVENTS)
    for (let gone: number | null = BATCH; gone === BATCH;) gone = (await connection.query(sql, [runs, BATCH])).rowCount;
  await connection.query('delete from stream_bases where run = any($1::text[])', [runs]);
  await connection.query('delete from removals where run = any($1::text[])', [runs]);
}
