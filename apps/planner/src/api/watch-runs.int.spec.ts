import {
  goalSchema,
  runEvents,
  runStream,
  systemClock,
  type Logger,
  type RunEvent,
  type RunSummary,
} from '@praxis/core';
import { migrate, openStore, type Store } from '@praxis/store';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { watchRuns } from './watch-runs.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const accepted: RunEvent = { type: 'accepted', goal: goalSchema.parse({ title: 'be seen', world: 'pddl' }) };
const cancelling: RunEvent = { type: 'cancelling', reason: 'enough', outcome: 'cancelled' };
const ended: RunEvent = { type: 'ended', outcome: 'cancelled', reason: 'enough' };

let database: TestDatabase;
/** Two processes: one that is asked, one that writes. */
let here: Store;
let there: Store;
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  const open = (): Promise<Store> => openStore({ url: database.url, log, clock: systemClock, poolSize: 4 });
  [here, there] = await Promise.all([open(), open()]);
});
afterAll(async () => {
  await Promise.all([here?.close(), there?.close()]);
  await database?.drop();
  await stopTestPostgres();
});

const write = (run: string, from: number, events: readonly RunEvent[]): Promise<number> =>
  there.journal.append(
    runStream(run),
    from,
    events.map((e) => runEvents.encode(e)),
  );

describe('watchRuns', () => {
  it('tells a run as it stands whenever it changes, from its beginning to its end', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    await write('r-1', 0, [accepted]);
    for await (const run of watchRuns({ store: here, log }, stop.signal)) {
      seen.push(`${run.id} ${run.title} ${run.status}`);
      if (run.status === 'waiting') await write('r-1', 1, [cancelling, ended]);
      else stop.abort();
    }
    expect(seen).toEqual(['r-1 be seen waiting', 'r-1 be seen cancelled']);
  });

  it('gives a slow reader the latest only, however much happened meanwhile', async () => {
    const stop = new AbortController();
    const told: RunSummary[] = [];
    for (const n of [1, 2]) await write(`r-slow${n}`, 0, [accepted]);
    for await (const run of watchRuns({ store: here, log }, stop.signal)) {
      if (!run.id.startsWith('r-slow')) continue;
      told.push(run);
      // The first telling keeps the reader busy while the other run changes eighty times.
      if (told.length === 1) {
        const other = run.id === 'r-slow1' ? 'r-slow2' : 'r-slow1';
        for (let position = 1; position <= 80; position++) await write(other, position, [cancelling]);
        await write(other, 81, [ended]);
      }
      if (run.status === 'cancelled') stop.abort();
    }
    expect(told.at(-1)!.status).toBe('cancelled');
    expect(told.length).toBeLessThan(10);
  });

  it('ends on the signal, also while nothing happens', async () => {
    const stop = new AbortController();
    const watching = (async () => {
      for await (const run of watchRuns({ store: here, log }, stop.signal)) void run;
    })();
    setTimeout(() => stop.abort(), 50);
    await watching;
    for await (const run of watchRuns({ store: here, log }, AbortSignal.abort()))
      throw new Error(`there should be nothing, but there was ${run.id}`);
  });
});
