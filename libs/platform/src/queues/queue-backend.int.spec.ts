import type { Logger } from '@praxis/core';
import { stopTestPostgres, testDatabase, testRedis, type TestDatabase } from '@praxis/testing';
import { openQueues } from './queues.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(async () => {
  await database.drop();
  await stopTestPostgres();
});

describe('the backend on Postgres', () => {
  it('has connections enough for many lanes in one process', async () => {
    const queues = await openQueues({ databaseUrl: database.url, redisUrl: null, lockMs: 10_000, log });
    const lanes = Array.from({ length: 40 }, (_, i) => `many-${i}`);
    let done = 0;
    let all: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (all = resolve));
    for (const lane of lanes)
      await queues.work('execute', async () => void (++done === lanes.length && all()), { lane, concurrency: 1 });
    for (const lane of lanes)
      expect(await queues.add('execute', { subgoal: `r-many.1.${lane}.1` }, { lane })).toBe(true);
    await finished;
    await queues.close();
  });
});

describe('the backend on Redis', () => {
  it('loses no job when the server is killed, and goes on working when it is back', async () => {
    const redis = await testRedis();
    if (!redis) return;
    const queues = await openQueues({ databaseUrl: database.url, redisUrl: redis.url, lockMs: 10_000, log });
    expect(await queues.add('reflect', { subgoal: 'r-1.1.1.1' })).toBe(true);
    // The append-only file is written out once a second; a kill loses none of it, only a power cut could.
    await redis.kill9();
    await redis.restart();
    const seen = new Promise<string>(
      (resolve) => void queues.work('reflect', async ({ subgoal }) => resolve(subgoal), { concurrency: 1 }),
    );
    expect(await seen).toBe('r-1.1.1.1');
    await queues.close();
    await redis.stop();
  });

  it('can be closed while the server is away', async () => {
    const redis = await testRedis();
    if (!redis) return;
    const queues = await openQueues({ databaseUrl: database.url, redisUrl: redis.url, lockMs: 10_000, log });
    const worked = new Promise<void>(
      (resolve) => void queues.work('advance', async () => resolve(), { concurrency: 1 }),
    );
    await queues.add('advance', { run: 'r-1' });
    await worked;
    await redis.kill9();
    await queues.close();
    await redis.stop();
  });
});
