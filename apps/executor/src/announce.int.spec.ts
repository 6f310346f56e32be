import { systemClock, type Logger } from '@praxis/core';
import { migrate, openStore, type ExecutorState, type Store } from '@praxis/store';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { Heartbeat } from './announce.js';

const told: string[] = [];
const log: Logger = {
  error: (m) => void told.push(m),
  warn: (m) => void told.push(m),
  info() {},
  debug() {},
  child: () => log,
};

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log, clock: systemClock, poolSize: 2 });
});
afterAll(async () => {
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

/** Waits until something is so; the test's own time limit is the only clock. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}
const find = async (name: string): Promise<ExecutorState | undefined> =>
  (await store.executors.list()).find((e) => e.name === name);

describe('Announcer', () => {
  it('is seen at once, tells of changes without waiting for the next beat, and signs off', async () => {
    let busy: readonly string[] = [];
    let draining = false;
    const describe = () => ({
      name: 'here',
      address: '127.0.0.1:1',
      lanes: ['default'],
      concurrency: 2,
      busy,
      draining,
      startedAt: 5,
    });
    const announcer = new Heartbeat({ registry: store.executors, log, describe });
    announcer.start();
    await until(async () => (await find('here')) !== undefined);
    busy = ['r-1.1.1.1'];
    await until(async () => (await find('here'))?.busy[0] === 'r-1.1.1.1');
    draining = true;
    await until(async () => (await find('here'))?.draining === true);
    const { seenAt } = (await find('here'))!;
    // Nothing changes any more: what comes now is a beat.
    await until(async () => (await find('here'))!.seenAt > seenAt + 1_000);
    await announcer.stop();
    expect(await find('here')).toBeUndefined();
  });

  it('goes on beating after the database was away, and never complains', async () => {
    let isAway = true;
    let tries = 0;
    const registry = {
      announce: async (state: Parameters<typeof store.executors.announce>[0]) => {
        tries++;
        if (isAway) await store.executors.announce({ ...state, startedAt: Number.NaN });
        else await store.executors.announce(state);
      },
      leave: (name: string) => store.executors.leave(name),
    };
    const announcer = new Heartbeat({
      registry,
      log,
      describe: () => ({
        name: 'patient',
        address: '',
        lanes: [],
        concurrency: 1,
        busy: [],
        draining: false,
        startedAt: 5,
      }),
    });
    announcer.start();
    await until(async () => tries > 2);
    isAway = false;
    await until(async () => (await find('patient')) !== undefined);
    await announcer.stop();
    expect(told).toEqual([]);
  });

  it('does not hold up the stop of its process while the database is away', async () => {
    const never = (): Promise<void> => new Promise(() => undefined);
    const announcer = new Heartbeat({
      registry: { announce: never, leave: never },
      log,
      describe: () => ({
        name: 'stuck',
        address: '',
        lanes: [],
        concurrency: 1,
        busy: [],
        draining: false,
        startedAt: 5,
      }),
    });
    announcer.start();
    await announcer.stop();
    expect(told).toEqual([]);
  });
});
