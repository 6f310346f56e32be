import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { goalSchema, runEvents, runStream, systemClock, type Logger, type RunEvent } from '@praxis/core';
import { migrate, openStore, type Store } from '@praxis/store';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { waitForEnd } from './wait-for-end.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const accepted: RunEvent = { type: 'accepted', goal: goalSchema.parse({ title: 'report' }) };
const result = { value: { rows: 3 }, artifacts: [], taint: [] };
const ended: RunEvent = { type: 'ended', outcome: 'done', reason: 'all is done', result };
const failed: RunEvent = { type: 'ended', outcome: 'failed', reason: 'no way' };
const retried: RunEvent = { type: 'retried', by: 'ada', reopened: true };

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log, clock: systemClock, poolSize: 4 });
});
afterAll(async () => {
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

const write = (run: string, from: number, ...events: readonly RunEvent[]): Promise<number> =>
  store.journal.append(
    runStream(run),
    from,
    events.map((e) => runEvents.encode(e)),
  );
const never = new AbortController().signal;

describe('waitForEnd', () => {
  it('gives the result of a run that has ended already', async () => {
    await write('r-1', 0, accepted, ended);
    expect(await waitForEnd('r-1', { store, waitMs: 60_000 }, never)).toMatchObject({
      ended: true,
      summary: { status: 'done' },
      result,
    });
  });

  it('waits for a run that ends later', async () => {
    await write('r-2', 0, accepted);
    const waiting = waitForEnd('r-2', { store, waitMs: 60_000 }, never);
    await write('r-2', 1, ended);
    expect(await waiting).toMatchObject({ ended: true, result });
  });

  it('says that a run goes on where it is not waited for any longer', async () => {
    await write('r-3', 0, accepted);
    const end = await waitForEnd('r-3', { store, waitMs: 50 }, never);
    expect(end).toMatchObject({ ended: false, summary: { status: 'waiting' }, result: null });
  });

  it('is not waited for any longer than asked where memory is tidied up meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const tidyUp = runInNewContext('gc') as () => void;
    await write('r-5', 0, accepted);
    const waiting = waitForEnd('r-5', { store, waitMs: 200 }, never);
    const tidying = setInterval(tidyUp, 20);
    expect(await waiting).toMatchObject({ ended: false });
    clearInterval(tidying);
  });

  it('does not take the end of a run that was reopened for its end', async () => {
    await write('r-4', 0, accepted, failed, retried);
    const waiting = waitForEnd('r-4', { store, waitMs: 60_000 }, never);
    await write('r-4', 3, ended);
    expect(await waiting).toMatchObject({ ended: true, summary: { status: 'done' } });
  });

  it('refuses a run that is not there', async () => {
    await expect(waitForEnd('r-none', { store, waitMs: 60_000 }, never)).rejects.toMatchObject({ code: 'missing' });
  });
});
