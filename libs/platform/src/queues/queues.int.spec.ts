import type { Logger } from '@praxis/core';
import { stopTestPostgres, testDatabase, testRedis, type TestDatabase, type TestRedis } from '@praxis/testing';
import { openQueues, type Queues, type QueueState } from './queues.js';

const warnings: string[] = [];
const log: Logger = {
  error: (message) => void warnings.push(message),
  warn: (message) => void warnings.push(message),
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

/** Something that a test waits for. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open: () => open() };
}

/** Waits until something is so; the test's own time limit is the only clock. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}

let subgoals = 0;
const newSubgoal = (): string => `r-queue${process.pid}.1.${++subgoals}.1`;
let lanes = 0;
const newLane = (): string => `lane-${++lanes}`;

describe.each(['postgres', 'redis'] as const)('queues on %s', (backend) => {
  let queues: Queues;
  const isHere = (): boolean => backend === 'postgres' || redis !== null;
  const law = (name: string, run: () => Promise<void>): void => it(name, async () => (isHere() ? run() : undefined));
  const count = async (lane: string): Promise<QueueState> =>
    (await queues.counts([lane])).find((q) => q.lane === lane)!;

  beforeAll(async () => {
    if (isHere())
      queues = await openQueues({
        databaseUrl: database.url,
        redisUrl: backend === 'redis' ? redis!.url : null,
        lockMs: 10_000,
        log,
      });
  });
  afterAll(() => queues?.close());

  law(
    // queues.6
    'take more at once as soon as they may, though all that they took is under way, and fewer when they may not',
    async () => {
      const lane = newLane();
      const gates = [gate(), gate(), gate()];
      const begun: number[] = [];
      const worker = await queues.work(
        'execute',
        async () => {
          const nth = begun.push(begun.length) - 1;
          await gates[nth]!.passed;
        },
        { lane, concurrency: 1 },
      );
      for (let i = 0; i < 3; i++) await queues.add('execute', { subgoal: newSubgoal() }, { lane });
      await until(() => begun.length === 1);
      worker.widen(2);
      await until(() => begun.length === 2);
      worker.widen(1);
      gates[0]!.open();
      // One ended, one is under way: there is no room for the third.
      await until(async () => (await count(lane)).active === 1);
      expect(await count(lane)).toMatchObject({ active: 1, waiting: 1 });
      for (const { open } of gates) open();
      await until(() => begun.length === 3);
      await worker.close();
    },
  );

  law('carry ids to whoever works on the lane, and to nobody else (queues.1, S2)', async () => {
    const [mine, other] = [newLane(), newLane()];
    const seen: string[] = [];
    const worker = await queues.work('execute', async ({ subgoal }) => void seen.push(subgoal), {
      lane: mine,
      concurrency: 1,
    });
    const [a, b] = [newSubgoal(), newSubgoal()];
    expect(await queues.add('execute', { subgoal: b }, { lane: other })).toBe(true);
    expect(await queues.add('execute', { subgoal: a }, { lane: mine })).toBe(true);
    await until(() => seen.length > 0);
    expect(seen).toEqual([a]);
    expect(await count(other)).toMatchObject({ waiting: 1, active: 0, delayed: 0 });
    await worker.close();
    expect(queues.backend).toBe(backend);
  });

  law('add a subgoal that waits or runs only once, and again once it is through (queues.3)', async () => {
    const lane = newLane();
    const subgoal = newSubgoal();
    let runs = 0;
    const [entered, go] = [gate(), gate()];
    await queues.add('execute', { subgoal }, { lane });
    await queues.add('execute', { subgoal }, { lane });
    expect(await count(lane)).toMatchObject({ waiting: 1 });
    const worker = await queues.work(
      'execute',
      async () => {
        runs++;
        entered.open();
        await go.passed;
      },
      { lane, concurrency: 2 },
    );
    await entered.passed;
    await queues.add('execute', { subgoal }, { lane });
    expect(await count(lane)).toMatchObject({ waiting: 0, active: 1, delayed: 0 });
    go.open();
    await until(async () => (await count(lane)).active === 0);
    expect(runs).toBe(1);
    await queues.add('execute', { subgoal }, { lane });
    await until(() => runs === 2);
    await worker.close();
  });

  law('lead to another pass where a cause arrives while a pass runs (queues.4)', async () => {
    const run = `r-advance${process.pid}${backend}`;
    let passes = 0;
    const [entered, go] = [gate(), gate()];
    const worker = await queues.work(
      'advance',
      async (payload) => {
        if (payload.run !== run) return;
        passes++;
        entered.open();
        await go.passed;
      },
      { concurrency: 1 },
    );
    await queues.add('advance', { run });
    await entered.passed;
    await queues.add('advance', { run });
    go.open();
    await until(() => passes === 2);
    await worker.close();
  });

  law('try a job once: what failed is not tried again by the queue, and says so (queues.5)', async () => {
    const lane = newLane();
    const [bad, good] = [newSubgoal(), newSubgoal()];
    const seen: string[] = [];
    warnings.length = 0;
    const worker = await queues.work(
      'execute',
      async ({ subgoal }) => {
        seen.push(subgoal);
        if (subgoal === bad) throw new Error('no');
      },
      { lane, concurrency: 1 },
    );
    await queues.add('execute', { subgoal: bad }, { lane });
    await until(() => seen.length === 1);
    await queues.add('execute', { subgoal: good }, { lane });
    await until(() => seen.length === 2);
    expect(seen).toEqual([bad, good]);
    expect(warnings).toContain('work failed');
    await queues.add('execute', { subgoal: bad }, { lane });
    await until(() => seen.length === 3);
    await worker.close();
  });

  law('tell the handler to stop when the worker is closed, and wait for it', async () => {
    const lane = newLane();
    const entered = gate();
    let left = false;
    const worker = await queues.work(
      'execute',
      async (_payload, { signal }) => {
        entered.open();
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        expect(signal.reason).toMatchObject({ code: 'unavailable' });
        left = true;
      },
      { lane, concurrency: 1 },
    );
    await queues.add('execute', { subgoal: newSubgoal() }, { lane });
    await entered.passed;
    await worker.close();
    expect(left).toBe(true);
  });

  law('hold a job back for as long as they are told to', async () => {
    const lane = newLane();
    await queues.add('execute', { subgoal: newSubgoal() }, { lane, delayMs: 3_600_000 });
    expect(await count(lane)).toMatchObject({ waiting: 0, active: 0, delayed: 1, oldestAt: null });
  });

  law('tell of every queue once, with the age of the job that waits longest', async () => {
    const [busy, idle] = [newLane(), newLane()];
    const before = Date.now();
    for (let i = 0; i < 3; i++) {
      await queues.add('execute', { subgoal: newSubgoal() }, { lane: busy });
      // The next one is younger by its stamp, too.
      for (const now = Date.now(); Date.now() === now;) await new Promise((resolve) => setImmediate(resolve));
    }
    const after = Date.now();
    const states = await queues.counts([busy, idle]);
    expect(states.map(({ queue, lane }) => [queue, lane])).toEqual([
      ['advance', null],
      ['execute', busy],
      ['execute', idle],
      ['reflect', null],
      ['schedule', null],
    ]);
    const [, first, second] = states;
    expect(first).toMatchObject({ waiting: 3 });
    expect(second).toMatchObject({ waiting: 0, oldestAt: null });
    expect(first!.oldestAt).toBeGreaterThanOrEqual(before);
    const taken = gate();
    const go = gate();
    const worker = await queues.work(
      'execute',
      async () => {
        taken.open();
        await go.passed;
      },
      { lane: busy, concurrency: 1 },
    );
    await taken.passed;
    // The oldest was taken, so that what waits longest now came later.
    const { oldestAt } = await count(busy);
    expect(oldestAt).toBeGreaterThan(first!.oldestAt!);
    expect(oldestAt).toBeLessThan(after);
    go.open();
    await worker.close();
  });

  law('work on as many jobs at a time as allowed, and no more', async () => {
    const lane = newLane();
    let [now, most] = [0, 0];
    let done = 0;
    const worker = await queues.work(
      'execute',
      async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 20));
        now--;
        done++;
      },
      { lane, concurrency: 3 },
    );
    for (let i = 0; i < 9; i++) await queues.add('execute', { subgoal: newSubgoal() }, { lane });
    await until(() => done === 9);
    expect(most).toBeLessThanOrEqual(3);
    await worker.close();
  });
});

describe('openQueues', () => {
  it('says what to do where the store is not there', async () => {
    await expect(
      openQueues({ databaseUrl: 'postgres://praxis@127.0.0.1:1/x', redisUrl: null, lockMs: 10_000, log }),
    ).rejects.toMatchObject({ code: 'unavailable' });
    await expect(
      openQueues({ databaseUrl: database.url, redisUrl: 'redis://127.0.0.1:1', lockMs: 10_000, log }),
    ).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('PRAXIS_REDIS_URL') });
  });

  it('drops a wake-up, without a throw, while Redis is away, and goes on when it is back (queues.2)', async () => {
    if (redis === null) return;
    const queues = await openQueues({ databaseUrl: database.url, redisUrl: redis.url, lockMs: 10_000, log });
    const lane = newLane();
    const seen: string[] = [];
    const worker = await queues.work('execute', async ({ subgoal }) => void seen.push(subgoal), {
      lane,
      concurrency: 1,
    });
    await queues.add('execute', { subgoal: newSubgoal() }, { lane });
    await until(() => seen.length === 1);
    await redis.kill9();
    expect(await queues.add('execute', { subgoal: newSubgoal() }, { lane })).toBe(false);
    expect(await queues.add('execute', { subgoal: newSubgoal() }, { lane: newLane() })).toBe(false);
    await expect(queues.counts([lane, newLane()])).rejects.toMatchObject({ code: 'unavailable' });
    await redis.restart();
    const after = newSubgoal();
    await until(() => queues.add('execute', { subgoal: after }, { lane }));
    await until(() => seen.includes(after));
    await worker.close();
    await queues.close();
  });

  it('says that the store is away, rather than wait for a Redis that hangs', async () => {
    const own = await testRedis();
    if (own === null) return;
    const queues = await openQueues({ databaseUrl: database.url, redisUrl: own.url, lockMs: 10_000, log });
    await queues.counts();
    own.freeze();
    await expect(queues.counts([newLane()])).rejects.toMatchObject({ code: 'unavailable' });
    own.thaw();
    await until(() =>
      queues.counts().then(
        () => true,
        () => false,
      ),
    );
    await queues.close();
    await own.stop();
  });

  it('drops a wake-up, without a throw, while Postgres is away (queues.2)', async () => {
    const own = await testDatabase();
    const queues = await openQueues({ databaseUrl: own.url, redisUrl: null, lockMs: 10_000, log });
    await queues.add('advance', { run: 'r-1' });
    await own.drop();
    expect(await queues.add('advance', { run: 'r-1' })).toBe(false);
    expect(await queues.add('execute', { subgoal: newSubgoal() }, { lane: newLane() })).toBe(false);
    await expect(queues.counts()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(queues.ping()).rejects.toThrow();
    await queues.close();
  });
});
