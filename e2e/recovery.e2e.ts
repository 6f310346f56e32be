import { setTimeout as sleep } from 'node:timers/promises';
import { goalSchema, parseApprovalRule, runEvents, runStream, systemClock, type RunEvent } from '@praxis/core';
import { createLogger } from '@praxis/platform';
import { openStore } from '@praxis/store';
import {
  interruptTestPostgres,
  stopTestPostgres,
  testDatabase,
  testRedis,
  workshopGoal,
  type TestDatabase,
  type TestRedis,
} from '@praxis/testing';
import { Outside } from './control/workshop.js';
import { praxis, sandbox } from './praxis.js';
import { Cluster, repeated, type Story } from './recovery/cluster.js';
import { statementsWhile } from './recovery/statements.js';

/** Machines are slow at times; nothing here is about how fast it is. */
const PATIENCE = 180_000;

/** Two agents, who do three things each. */
const BOTH = '(and (sent cup) (sent jug))';
const BOTH_DID = [
  '(make ann cup)',
  '(make bob jug)',
  '(pack ann cup)',
  '(pack bob jug)',
  '(send ann cup)',
  '(send bob jug)',
];

describe('what is killed, emptied, cut off or restarted comes back', () => {
  const box = sandbox();
  let redis: TestRedis | null;
  let database: TestDatabase;
  let outside: Outside;
  let cluster: Cluster;
  /** What had arrived at the outside before the test. */
  let arrived = 0;

  beforeAll(async () => {
    [redis, database, outside] = await Promise.all([testRedis(), testDatabase(), Outside.open()]);
    cluster = await Cluster.open(
      { ...box.env, PRAXIS_DATABASE_URL: database.url, ...(redis && { PRAXIS_REDIS_URL: redis.url }) },
      box.dir,
      outside.url,
    );
  });
  beforeEach(() => void (arrived = outside.arrivals.length));
  afterEach(() => outside.letGo());
  afterAll(async () => {
    await cluster?.stop();
    await outside?.close();
    await redis?.stop();
    await stopTestPostgres();
    box.remove();
  });

  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await isSo())) await sleep(50);
  };
  const tracerOf = (runs: readonly string[]): Promise<readonly Story[]> =>
    Promise.all(runs.map((run) => cluster.story(run)));
  const submitMany = (count: number): Promise<readonly string[]> =>
    Promise.all(Array.from({ length: count }, () => cluster.submit(BOTH)));
  const waiting = async (): Promise<number> =>
    (await cluster.planner.overview()).queues?.find((q) => q.queue === 'execute')?.waiting ?? 0;
  const asked = (): readonly string[] => outside.arrivals.slice(arrived).map(({ path, key }) => `${path} ${key}`);
  /** All ended well, each thing was done once in each run, and the outside was asked for it as one thing. */
  const expectDone = async (runs: readonly string[]): Promise<void> => {
    for (const story of await tracerOf(runs)) {
      expect(story).toMatchObject({ outcome: 'done', twice: [] });
      expect(story.did.toSorted()).toEqual(BOTH_DID);
    }
    expect(new Set(asked()).size).toBe(BOTH_DID.length * runs.length);
    expect(cluster.ended).toEqual([]);
  };

  it(
    'does not ask the database more often for what has ended or waits for people',
    async () => {
      const idle = (): Promise<readonly string[]> => statementsWhile(database, () => sleep(6_000));
      const before = await idle();
      await makeEnded(300);
      const ask = { approvals: [parseApprovalRule('ask skill=make')] };
      await Promise.all(Array.from({ length: 20 }, () => cluster.submit('(made cup)', ask)));
      await until(async () => (await cluster.planner.overview()).questions === 20);
      await until(async () => (await cluster.planner.overview()).executors.every((e) => e.busy.length === 0));
      const after = await idle();
      expect(before.length).toBeGreaterThan(20);
      expect(after.length).toBeLessThan(1.5 * before.length + 30);
    },
    PATIENCE,
  );

  it(
    'ends every run with each step done once, although the planner is killed in the middle, and again while it takes up its work',
    async () => {
      outside.hang = '/pack/cup';
      const first = await cluster.submit(BOTH);
      await until(() => asked().some((what) => what.startsWith('/pack/cup ')));
      const runs = [first, ...(await submitMany(2))];
      await cluster.kill9('planner');
      outside.letGo();
      await cluster.serve('planner');
      await cluster.kill9('planner');
      await cluster.serve('planner');
      await expectDone(runs);
      // The executor lived on: it had no reason to ask anything of the outside again.
      expect(repeated(asked())).toEqual([]);
    },
    PATIENCE,
  );

  // S2
  it(
    'loses no run when Redis is emptied under them',
    async () => {
      if (!redis) return;
      outside.hang = '/make';
      const runs = await submitMany(5);
      await until(() => asked().length > 1);
      // All the executor's hands are full: what else there is to do is known to Redis alone.
      await until(async () => (await waiting()) > 0);
      await redis.empty();
      outside.letGo();
      await expectDone(runs);
    },
    PATIENCE,
  );

  it(
    'takes goals while Redis is gone, and reaches them when it is back',
    async () => {
      if (!redis) return;
      await redis.kill9();
      const back = sleep(8_000);
      const told = await praxis(['submit', '--world', 'household', '--goal', 'breakfast-a', '--json'], cluster.env);
      const runs = await submitMany(4);
      await back;
      await redis.restart();
      expect(told).toMatchObject({ code: 0, stderr: '' });
      await expectDone(runs);
      expect(await cluster.story((JSON.parse(told.stdout) as { run: string }).run)).toMatchObject({
        outcome: 'done',
        twice: [],
      });
    },
    PATIENCE,
  );

  it(
    'survives a Postgres that is stopped and started again, says so meanwhile, and goes on where it was',
    async () => {
      outside.hang = '/pack/cup';
      const runs = await submitMany(2);
      await until(() => asked().some((what) => what.startsWith('/pack/cup ')));
      const resume = await interruptTestPostgres();
      outside.letGo();
      const refused = await praxis(['submit', '--world', 'household', '--goal', 'breakfast-a', '--json'], cluster.env);
      await sleep(3_000);
      expect(cluster.ended).toEqual([]);
      await resume();
      expect(refused).toMatchObject({ code: 7, stdout: '', stderr: expect.stringContaining('database') as string });
      await expectDone([...runs, ...(await submitMany(1))]);
    },
    PATIENCE,
  );

  /** Runs that were over long ago. */
  async function makeEnded(count: number): Promise<void> {
    const store = await openStore({
      url: database.url,
      log: createLogger({ level: 'error', name: 'test' }),
      clock: systemClock,
      poolSize: 2,
    });
    const events: readonly RunEvent[] = [
      { type: 'accepted', goal: goalSchema.parse({ ...workshopGoal(BOTH), archive: {} }) },
      {
        type: 'planned',
        plan: { version: 1, nodes: [] },
        diff: { kept: [], added: [], dropped: [] },
        reason: 'first',
        evaluated: 1,
      },
      { type: 'ended', outcome: 'done', reason: '' },
    ];
    const encoded = events.map((event) => runEvents.encode(event));
    await Promise.all(
      Array.from({ length: count }, (_, n) => store.journal.append(runStream(`r-ended${n}`), 0, encoded)),
    );
    await store.close();
  }
});
