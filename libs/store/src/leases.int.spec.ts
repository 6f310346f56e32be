import type { Logger } from '@praxis/core';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { migrate } from './migrate.js';
import { openStore, type Store } from './open-store.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log, clock: { now: () => Date.now() } });
});
afterAll(async () => {
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

const work = (holder: string, position = 1, key = 'r-1') => ({ key, run: 'r-1', holder, position });
const isOver = async (key: string): Promise<void> => {
  while (await store.leases.isHeld(key)) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('leases', () => {
  it('are given to one of those who want them at the same time, until it gives them back (leases.1)', async () => {
    const taken = await Promise.all(['a', 'b', 'c', 'd'].map((holder) => store.leases.take(work(holder), 60_000)));
    expect(taken.filter((lost) => lost !== null)).toEqual([0]);
    const winner = 'abcd'[taken.indexOf(0)]!;
    for (const holder of 'abcd') if (holder !== winner) await store.leases.end(work(holder));
    expect(await store.leases.renew(work(winner), 60_000)).toBe(true);
    expect(await store.leases.take(work('late'), 60_000)).toBeNull();
    await store.leases.end(work(winner));
    expect(await store.leases.renew(work(winner), 60_000)).toBe(false);
    expect(await store.leases.take(work('late'), 60_000)).toBe(0);
    await store.leases.end(work('late'));
  });

  // leases.1–2
  it('are over when their holder no longer says that it is there, and tell how often that came to nothing', async () => {
    for (const times of [0, 1, 2]) {
      expect(await store.leases.take(work(`dies ${times}`), 1)).toBe(times);
      await isOver('r-1');
      expect(await store.leases.lapsed(60_000)).toEqual(['r-1']);
    }
    // Something was written meanwhile: whoever died had come further.
    expect(await store.leases.take(work('goes on', 2), 1)).toBe(0);
    await isOver('r-1');
    expect(await store.leases.take(work('ends', 2), 60_000)).toBe(1);
    await store.leases.end(work('ends'));
    expect(await store.leases.take(work('again', 2), 60_000)).toBe(0);
    await store.leases.end(work('again'));
  });

  // leases.2
  it('count what a queue gives to one worker at a time without keeping anybody away, by subgoal and by run', async () => {
    for (const times of [0, 1, 2]) expect(await store.leases.begin(work(`dies ${times}`, 5, 'r-1.1.1.1'))).toBe(times);
    expect(await store.leases.begin(work('other', 5, 'r-1.1.2.1'))).toBe(0);
    expect(await store.leases.lostBy('r-1')).toBe(2);
    await store.leases.end(work('dies 2', 5, 'r-1.1.1.1'));
    expect([
      await store.leases.lostBy('r-1'),
      await store.leases.lostBy('r-2'),
      await store.leases.lapsed(60_000),
    ]).toEqual([0, 0, []]);
  });
});
