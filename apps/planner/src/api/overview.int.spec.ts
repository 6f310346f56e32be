import { goalSchema, runEvents, runStream, systemClock, UNBOUNDED, type Logger, type RunEvent } from '@praxis/core';
import { openQueues, type Queues } from '@praxis/platform';
import { migrate, openStore, type Store } from '@praxis/store';
import { stopTestPostgres, testDatabase, testRedis, type TestDatabase } from '@praxis/testing';
import { ClusterOverview } from './overview.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };

let database: TestDatabase;
let store: Store;
let queues: Queues;
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log, clock: systemClock, poolSize: 4 });
  queues = await openQueues({ databaseUrl: database.url, redisUrl: null, lockMs: 10_000, log });
});
afterAll(async () => {
  await queues?.close();
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

const node = {
  id: '1.1',
  title: 'only',
  pre: [],
  post: '(p)',
  after: [],
  owner: null,
  lane: 'planned',
  steps: [],
  cost: 1,
};
const events: readonly RunEvent[] = [
  { type: 'accepted', goal: goalSchema.parse({ title: 't', world: 'pddl' }) },
  {
    type: 'planned',
    plan: { version: 1, nodes: [node] },
    diff: { kept: [], added: ['1.1'], dropped: [] },
    reason: 'first',
    evaluated: 1,
  },
  { type: 'dispatched', node: '1.1', attempt: 1, allowance: UNBOUNDED },
];
const write = (run: string, ...of: readonly RunEvent[]): Promise<number> =>
  store.journal.append(
    runStream(run),
    0,
    of.map((e) => runEvents.encode(e)),
  );

describe('ClusterOverview', () => {
  it('tells runs, tools, executors and the queues of every lane that somebody names', async () => {
    await write('r-1', ...events);
    await write('r-2', events[0]!);
    await write('r-3', events[0]!, { type: 'ended', outcome: 'failed', reason: '' });
    const state = {
      name: 'e-1',
      address: '127.0.0.1:1',
      lanes: ['offered'],
      concurrency: 2,
      busy: [],
      draining: false,
      startedAt: 5,
    };
    await store.executors.announce(state);
    await store.archive.save({
      id: 'a',
      space: 'lab',
      domain: 'd',
      title: 'x',
      body: { kind: 'hint', action: 'a', text: '' },
      trust: 'active',
      createdAt: 1,
      evidence: { subgoals: [], successes: 0, failures: 0, pairs: 7, wins: 0, losses: 0, eValue: 1 },
    });
    await queues.add('execute', { subgoal: 'r-1.1.1.1' }, { lane: 'planned' });
    const overview = await new ClusterOverview({ store, queues, clock: systemClock, log }).get();
    expect(overview).toMatchObject({
      backend: 'postgres',
      runs: { waiting: 1, running: 1, done: 0, failed: 1, cancelled: 0 },
      tools: { candidate: 0, active: 1, rejected: 0, retired: 0 },
      executors: [state],
    });
    expect(overview.queues!.map(({ queue, lane, waiting }) => [queue, lane, waiting])).toEqual([
      ['advance', null, 0],
      ['execute', 'offered', 0],
      ['execute', 'planned', 1],
      ['reflect', null, 0],
    ]);
  });

  it('looks once for many who ask, and again when the answer is old', async () => {
    let now = 1_000;
    const overview = new ClusterOverview({ store, queues, clock: { now: () => now }, log });
    const [first, second] = [overview.get(), overview.get()];
    expect(second).toBe(first);
    await first;
    now += 999;
    expect(overview.get()).toBe(first);
    now += 1;
    expect(overview.get()).not.toBe(first);
  });

  it('answers without the queues while Redis is away', async () => {
    const redis = await testRedis();
    if (redis === null) return;
    const away = await openQueues({ databaseUrl: database.url, redisUrl: redis.url, lockMs: 10_000, log });
    let now = 1_000;
    const overview = new ClusterOverview({ store, queues: away, clock: { now: () => (now += 5_000) }, log });
    expect((await overview.get()).queues).not.toBeNull();
    await redis.kill9();
    expect(await overview.get()).toMatchObject({ backend: 'redis', queues: null, runs: { waiting: 1 } });
    await away.close();
    await redis.stop();
  });

  it('asks again after it failed', async () => {
    const own = await testDatabase();
    await migrate(own.url);
    const gone = await openStore({ url: own.url, log, clock: systemClock });
    await own.drop();
    const overview = new ClusterOverview({ store: gone, queues, clock: systemClock, log });
    const first = overview.get();
    await expect(first).rejects.toMatchObject({ name: 'PraxisError' });
    const second = overview.get();
    expect(second).not.toBe(first);
    await expect(second).rejects.toMatchObject({ name: 'PraxisError' });
    await gone.close();
  });
});
