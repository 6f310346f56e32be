import type { Logger } from '@praxis/core';
import { Redis } from 'ioredis';
import { stopTestPostgres, testDatabase, testRedis, type TestDatabase, type TestRedis } from '@praxis/testing';
import type { Timing } from './queue-ticks.js';
import type { WorkerHandle } from './queue-worker.js';
import { openQueues, type Queues } from './queues.js';

const warnings: unknown[] = [];
const log: Logger = {
  error: (...told) => void warnings.push(told),
  warn: (...told) => void warnings.push(told),
  info() {},
  debug() {},
  child: () => log,
};

let database: TestDatabase;
let redis: TestRedis | null = null;
beforeAll(async () => {
  database = await testDatabase();
  redis = await testRedis();
});
afterAll(async () => {
  await redis?.stop();
  await database?.drop();
  await stopTestPostgres();
});

/** Waits until something is so; the test's own time limit is the only clock. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}

const everySecond = (): Timing => ({ kind: 'every', everyMs: 1_000, from: Date.now() });
const inAnHour = (): Timing => ({ kind: 'at', at: Date.now() + 3_600_000 });
let ids = 0;
const newId = (): string => `schedule-${++ids}`;

describe.each(['postgres', 'redis'] as const)('ticks on %s', (backend) => {
  let queues: Queues;
  const isHere = (): boolean => backend === 'postgres' || redis !== null;
  const open = (): Promise<Queues> =>
    openQueues({ databaseUrl: database.url, redisUrl: backend === 'redis' ? redis!.url : null, lockMs: 10_000, log });
  const law = (name: string, run: () => Promise<void>): void =>
    it(name, async () => (isHere() ? run() : console.warn(`skipped, for there is no Redis: ${name}`)));
  const delayed = async (): Promise<number> => (await queues.counts()).find((q) => q.queue === 'schedule')!.delayed;
  const listen = async (): Promise<{ readonly seen: string[]; readonly worker: WorkerHandle }> => {
    const seen: string[] = [];
    return {
      seen,
      worker: await queues.work('schedule', async ({ schedule }) => void seen.push(schedule), { concurrency: 1 }),
    };
  };

  beforeEach(async () => {
    warnings.length = 0;
    if (isHere()) queues = await open();
  });
  afterEach(() => queues?.close());

  law('come again and again, with nothing but the id, until they are dropped', async () => {
    const id = newId();
    const { seen, worker } = await listen();
    expect(await queues.ticks.keep(id, everySecond())).toBe(true);
    await until(() => seen.length >= 2);
    expect(new Set(seen)).toEqual(new Set([id]));
    expect(await queues.ticks.drop(id)).toBe(true);
    expect(await delayed()).toBe(0);
    await worker.close();
    expect(warnings).toEqual([]);
  });

  law('come once where a moment is named', async () => {
    const [once, other] = [newId(), newId()];
    const { seen, worker } = await listen();
    await queues.ticks.keep(once, { kind: 'at', at: Date.now() + 200 });
    await queues.ticks.keep(other, everySecond());
    await until(() => seen.filter((id) => id === other).length >= 2);
    expect(seen.filter((id) => id === once)).toEqual([once]);
    expect(await delayed()).toBe(1);
    await queues.ticks.drop(other);
    await worker.close();
  });

  law('are kept as they were where the same is said again, also when one is due and waits', async () => {
    const id = newId();
    const timing: Timing = { kind: 'at', at: Date.now() + 100 };
    await queues.ticks.keep(id, timing);
    await until(() => Date.now() > timing.at);
    await queues.ticks.keep(id, timing);
    const { seen, worker } = await listen();
    await until(() => seen.length > 0);
    expect(seen).toEqual([id]);
    await queues.ticks.drop(id);
    await worker.close();
  });

  law('come as was said last', async () => {
    const id = newId();
    await queues.ticks.keep(id, inAnHour());
    await queues.ticks.keep(id, inAnHour());
    expect(await delayed()).toBe(1);
    const { seen, worker } = await listen();
    await queues.ticks.keep(id, everySecond());
    await until(() => seen.length > 0);
    await queues.ticks.drop(id);
    await worker.close();
  });

  law('are still there after the process has gone', async () => {
    const id = newId();
    await queues.ticks.keep(id, everySecond());
    await queues.close();
    queues = await open();
    const { seen, worker } = await listen();
    await until(() => seen.length > 0);
    await queues.ticks.drop(id);
    await worker.close();
  });

  law('are dropped without a word where they are not known', async () => {
    expect(await queues.ticks.drop(newId())).toBe(true);
    expect(warnings).toEqual([]);
  });
});

describe('ticks', () => {
  it('are made anew where Redis has lost them', async () => {
    if (redis === null) return console.warn('skipped, for there is no Redis');
    const queues = await openQueues({ databaseUrl: database.url, redisUrl: redis.url, lockMs: 10_000, log });
    const [id, timing] = [newId(), everySecond()];
    await queues.ticks.keep(id, timing);
    const direct = new Redis(redis.url);
    await direct.flushall();
    direct.disconnect();
    expect(await queues.ticks.keep(id, timing)).toBe(true);
    const seen: string[] = [];
    const worker = await queues.work('schedule', async ({ schedule }) => void seen.push(schedule), { concurrency: 1 });
    await until(() => seen.length > 0);
    await queues.ticks.drop(id);
    await worker.close();
    await queues.close();
  });

  it('say so, rather than wait or throw, where the store is away', async () => {
    const own = await testDatabase();
    const queues = await openQueues({ databaseUrl: own.url, redisUrl: null, lockMs: 10_000, log });
    await own.drop();
    expect(await queues.ticks.keep(newId(), everySecond())).toBe(false);
    expect(await queues.ticks.drop(newId())).toBe(false);
    await queues.close();
  });
});
