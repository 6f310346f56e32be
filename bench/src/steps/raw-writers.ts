import { setImmediate as nextTurn } from 'node:timers/promises';
import { Pool } from 'pg';
import type { RunOne } from './load.js';

/**
 * The yardsticks: Postgres alone, with as little around it as there can be.
 * `row`: a row and a commit for each step. `shared`: the same statements, and one commit for all that wait.
 * `grouped`: all that wait in one statement and commit. `journal`: grouped too, but with what a journal needs: two
 * events for each step, and a look at where each stream ends, so that a stale writer fails alone.
 */
export interface RawWriters {
  readonly row: RunOne;
  readonly shared: RunOne;
  readonly grouped: RunOne;
  readonly journal: RunOne;
  close(): Promise<void>;
}

const TABLES = `
create table raw_steps (run text, step int4, data json, primary key (run, step));
create table raw_events (stream text, position int4, type text, at int8, data json, primary key (stream, position))`;

const DECIDED = JSON.stringify({ id: 's0', step: 0, action: { skill: 'nothing', args: {} }, why: '', origin: 'plan' });
const OBSERVED = JSON.stringify({ id: 's0', step: 0, result: { ok: true, message: '' } });

interface Step {
  readonly run: string;
  readonly step: number;
}

const GROUPED = 'insert into raw_steps select * from unnest($1::text[], $2::int4[], $3::json[])';

const JOURNAL = `
with wanted as materialized (
  select * from unnest($1::text[], $2::int4[]) as w(stream, expected)
), fresh as materialized (
  select stream from wanted w
   where (expected = 0 or exists (select from raw_events e where e.stream = w.stream and e.position = w.expected - 1))
     and not exists (select from raw_events e where e.stream = w.stream and e.position = w.expected)
), written as (
  insert into raw_events select i.* from unnest($3::text[], $4::int4[], $5::text[], $6::int8[], $7::json[]) as i(stream, position, type, at, data) join fresh using (stream)
)
select stream from fresh`;

/** Opens the yardsticks on a database of their own tables. */
export async function openRawWriters(url: string, connections: number): Promise<RawWriters> {
  const pool = new Pool({ connectionString: url, max: connections });
  pool.on('error', () => {});
  await pool.query(TABLES);
  const insert = (step: Step) => ({
    name: 'raw-row',
    text: 'insert into raw_steps values ($1, $2, $3)',
    values: [step.run, step.step, OBSERVED],
  });
  const row = (step: Step): Promise<unknown> => pool.query(insert(step));
  const shared = inGroups(async (steps) => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      for (const step of steps) await client.query(insert(step));
      await client.query('commit');
    } finally {
      client.release();
    }
  });
  const grouped = inGroups(async (steps) => {
    await pool.query({
      name: 'raw-grouped',
      text: GROUPED,
      values: [steps.map((s) => s.run), steps.map((s) => s.step), steps.map(() => OBSERVED)],
    });
  });
  const journal = inGroups(async (steps) => {
    const now = Date.now();
    const events = steps.flatMap((s) => [
      { ...s, type: 'decided', data: DECIDED, position: 2 * s.step },
      { ...s, type: 'observed', data: OBSERVED, position: 2 * s.step + 1 },
    ]);
    const columns = [
      events.map((e) => e.run),
      events.map((e) => e.position),
      events.map((e) => e.type),
      events.map(() => now),
      events.map((e) => e.data),
    ];
    const { rows } = await pool.query({
      name: 'raw-journal',
      text: JOURNAL,
      values: [steps.map((s) => s.run), steps.map((s) => 2 * s.step), ...columns],
    });
    if (rows.length !== steps.length) throw new Error('A yardstick found its own stream taken.');
  });
  return {
    row: eachStep(row),
    shared: eachStep(shared),
    grouped: eachStep(grouped),
    journal: eachStep(journal),
    close: () => pool.end(),
  };
}

const eachStep =
  (write: (step: Step) => Promise<unknown>): RunOne =>
  async (run, length, onStep) => {
    for (let step = 0; step < length; step++) {
      onStep();
      await write({ run, step });
    }
  };

/** Collects what is asked for while a write is under way. */
function inGroups(write: (steps: readonly Step[]) => Promise<void>): (step: Step) => Promise<void> {
  let waiting: { readonly step: Step; readonly done: () => void; readonly fail: (reason: unknown) => void }[] = [];
  let busy = false;
  const run = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      await nextTurn();
      const group = waiting;
      waiting = [];
      await write(group.map((w) => w.step)).then(
        () => group.forEach((w) => w.done()),
        (error: unknown) => group.forEach((w) => w.fail(error)),
      );
    }
    busy = false;
  };
  return (step) =>
    new Promise((done, fail) => {
      waiting.push({ step, done, fail });
      if (!busy) void run();
    });
}
