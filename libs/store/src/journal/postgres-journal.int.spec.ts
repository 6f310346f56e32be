import {
  PraxisError,
  runStream,
  subgoalStream,
  systemClock,
  type Json,
  type Logger,
  type NewEvent,
} from '@praxis/core';
import { journalContract, stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import type { Pool } from 'pg';
import { openPool } from '../database.js';
import { migrate } from '../migrate.js';
import { PostgresJournal } from './postgres-journal.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };
const note = (data: Json): NewEvent => ({ type: 'noted', version: 1, data });
const codeOf = (thrown: unknown): string => (thrown instanceof PraxisError ? thrown.code : String(thrown));

let database: TestDatabase;
let pool: Pool;
let statements = 0;

const open = (): PostgresJournal =>
  new PostgresJournal({
    database: { query: ((...args: Parameters<Pool['query']>) => (statements++, pool.query(...args))) as Pool['query'] },
    clock: systemClock,
    onWritten: () => {},
  });

const count = async (sql: string, ...values: unknown[]): Promise<number> =>
  Number((await pool.query(sql, values)).rows[0].count);

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  pool = openPool(database.url, 10, silent);
});

afterAll(async () => {
  await pool?.end();
  await database?.drop();
  await stopTestPostgres();
});

// The contract shows postgres-journal.1 by its positions, and postgres-journal.4 by races of forks and appends.
journalContract('PostgresJournal', async () => open());

describe('PostgresJournal', () => {
  it('shares a transaction among 64 concurrent appends, round after round (postgres-journal.5)', async () => {
    const journal = open();
    statements = 0;
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 64 }, (_, i) => journal.append(`note/r-group${i}`, round, [note(round)])));
    }
    expect(statements).toBeLessThanOrEqual(6);
    expect(await count(`select count(*) from events where stream like 'note/r-group%'`)).toBe(192);
  });

  it('reads what others wrote, removed and wrote anew as a process that has just begun does (event-cache.1)', async () => {
    const stream = 'note/r-cached';
    const [a, b] = [open(), open()];
    const same = async (): Promise<void> => {
      for (const from of [0, 1, 3]) expect(await a.read(stream, from)).toEqual(await open().read(stream, from));
    };
    await b.append(stream, 0, [note('one'), note('x'.repeat(10_000))]);
    await same();
    await b.append(stream, 2, [note('three')]);
    await same();
    await b.fork('note/r-cached-fork', stream, 2);
    await b.append('note/r-cached-fork', 2, [note('another')]);
    expect(await a.read('note/r-cached-fork')).toEqual(await open().read('note/r-cached-fork'));
    await pool.query('delete from events where stream = $1', [stream]);
    await same();
    await b.append(stream, 0, [note('changed'), note('x'.repeat(10_000)), note('three')]);
    await same();
    expect((await a.read(stream))[0]!.data).toBe('changed');
  });

  it('reads an event once, however often its stream is read again (event-cache.3)', async () => {
    const journal = open();
    await journal.append('note/r-again', 0, [note({ long: 'x'.repeat(10_000) })]);
    const [first] = await journal.read('note/r-again');
    await journal.append('note/r-again', 1, [note('more')]);
    expect((await journal.read('note/r-again'))[0]).toBe(first);
  });

  it('lets one of two processes win each position while both write to many streams (postgres-journal.2)', async () => {
    const [a, b] = [open(), open()];
    const streams = Array.from({ length: 10 }, (_, i) => `note/r-race${i}`);
    for (let position = 0; position < 10; position++) {
      for (const stream of streams) {
        const both = [a, b].map((journal) =>
          journal.append(stream, position, [note(position)]).then(() => 'won', codeOf),
        );
        expect((await Promise.all(both)).sort()).toEqual(['conflict', 'won']);
      }
    }
    const all = await Promise.all(
      streams.flatMap((stream) =>
        [a, b].map((journal, i) => journal.append(stream, 10, [note(i), note(i)]).then(() => 'won', codeOf)),
      ),
    );
    expect(all.filter((r) => r === 'won')).toHaveLength(10);
    for (const stream of streams) {
      const tail = (await a.read(stream, 10)).map((e) => e.data);
      expect(tail[0]).toBe(tail[1]);
      expect(tail).toHaveLength(2);
    }
  });

  it('fails only the append that holds what no release could read back (postgres-journal.5)', async () => {
    const journal = open();
    const broken: NewEvent = { type: 'planned', version: 1, data: { plan: 'none' } };
    const results = await Promise.all([
      journal.append('note/r-good1', 0, [note(1)]).catch(codeOf),
      journal.append(runStream('r-bad1'), 0, [broken]).catch(codeOf),
      journal.append(subgoalStream('r-bad1.1.1.1'), 0, [{ ...broken, type: 'ended' }]).catch(codeOf),
      journal.append('note/r-good2', 0, [note(1)]).catch(codeOf),
    ]);
    expect(results).toEqual([1, 'invalid', 'invalid', 1]);
  });

  it('fails only the append that the database refuses (postgres-journal.5)', async () => {
    const journal = open();
    const results = await Promise.all([
      journal.append('note/r-ok1', 0, [note(1)]).catch(codeOf),
      journal.append('note/r-no1', 0, [{ ...note(1), type: 'a\0b' }]).catch(codeOf),
      journal.append('note/r-ok2', 0, [note(1)]).catch(codeOf),
    ]);
    expect(results).toEqual([1, 'invalid', 1]);
  });

  it.each([['no slash'], ['note/'], ['note/a b'], ['']])('refuses "%s" as a stream', async (stream) => {
    await expect(
      open()
        .append(stream, 0, [note(1)])
        .catch(codeOf),
    ).resolves.toBe('invalid');
  });

  it('stores large data once, whoever writes it', async () => {
    const large = { text: 'long '.repeat(2000) };
    await Promise.all(
      Array.from({ length: 5 }, (_, i) => open().append(`note/r-blob${i}`, 0, [note(large), note(large)])),
    );
    expect(
      await count(`select count(*) from events where stream like 'note/r-blob%' and blob is not null and data is null`),
    ).toBe(10);
    expect(
      await count(
        `select count(*) from blobs where sha256 in (select blob from events where stream like 'note/r-blob%')`,
      ),
    ).toBe(1);
    expect((await open().read('note/r-blob3')).map((e) => e.data)).toEqual([large, large]);
  });

  // postgres-journal.2–3
  it('says unavailable and leaves nothing half written when its connection is killed amid appends', async () => {
    const journal = open();
    const unknown: { stream: string; position: number; fate: string }[] = [];
    const write = async (stream: string): Promise<void> => {
      for (let position = 0; unknown.length === 0; position += 2) {
        const fate = await journal
          .append(stream, position, [note(position), note(position + 1)])
          .then(() => 'written', codeOf);
        if (fate !== 'written') unknown.push({ stream, position, fate });
      }
    };
    const writers = Array.from({ length: 20 }, (_, i) => write(`note/r-kill${i}`));
    const killer = openPool(database.url, 1, silent);
    while (unknown.length === 0) {
      await killer.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%unnest%' and pid <> pg_backend_pid()`,
      );
      await new Promise((resolve) => setImmediate(resolve));
    }
    await killer.end();
    await Promise.all(writers);
    for (const { stream, position, fate } of unknown) {
      expect(fate).toBe('unavailable');
      expect([position, position + 2]).toContain((await patient(() => journal.read(stream))).length);
    }
    expect(await patient(() => journal.append('note/r-after-kill', 0, [note('on we go')]))).toBe(1);
  });

  it('says unavailable when there is no database to be reached', async () => {
    const nowhere = openPool('postgresql://nobody@127.0.0.1:1/none', 1, silent);
    const journal = new PostgresJournal({ database: nowhere, clock: systemClock, onWritten: () => {} });
    await expect(journal.append('note/r-x', 0, [note(1)])).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('database URL'),
    });
    await expect(journal.read('note/r-x')).rejects.toMatchObject({ code: 'unavailable' });
    await nowhere.end();
  });

  it('keeps the time of a stream in order where two clocks differ', async () => {
    const at = (now: number): PostgresJournal =>
      new PostgresJournal({ database: pool, clock: { now: () => now }, onWritten: () => {} });
    await at(2000).append('note/r-clock', 0, [note(1)]);
    await at(1000).append('note/r-clock', 1, [note(2)]);
    expect((await open().read('note/r-clock')).map((e) => e.at)).toEqual([2000, 2000]);
  });
});

/** Asks again while the pool still hands out connections that the server has ended. */
async function patient<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const answer = await ask().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if ('value' in answer) return answer.value;
    if (attempt === 10 || PraxisError.from(answer.error).code !== 'unavailable') throw answer.error;
  }
}
