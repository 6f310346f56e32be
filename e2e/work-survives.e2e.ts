import { keyedRandom, type ArtifactRef, type FaultPointName } from '@praxis/core';
import { findPlaybook, readPlaybook } from '@praxis/playbooks';
import { stopTestPostgres, testDatabase, testRedis, type TestDatabase, type TestRedis } from '@praxis/testing';
import { praxis, sandbox } from './praxis.js';
import { WorkCluster, type Victim } from './work/cluster.js';
import { REMIND } from './work/remind.js';
import { Shop } from './work/shop.js';

/** Machines are slow at times; nothing here is about how fast it is. */
const PATIENCE = 180_000;
const CUSTOMERS = 40;

/** Where a process dies, and between which of its passages the one is drawn: of most points it is amid the `each`. */
const KILLS: readonly (readonly [Victim, FaultPointName, number, number])[] = [
  ['executor', 'interpreter.after-decided', 2, CUSTOMERS],
  ['executor', 'interpreter.before-effect', 2, CUSTOMERS],
  ['executor', 'interpreter.after-effect', 2, CUSTOMERS],
  ['executor', 'interpreter.after-observed', 2, CUSTOMERS],
  ['executor', 'journal.after-commit', 4, CUSTOMERS],
  ['executor', 'executor.after-ended', 1, 3],
  ['planner', 'planner.before-planned', 1, 1],
  ['planner', 'planner.after-settled', 1, 3],
];

describe('work whose processes are killed', () => {
  const box = sandbox();
  const remind = readPlaybook(REMIND, 'remind.yaml');
  let redis: TestRedis | null;
  let database: TestDatabase;
  let shop: Shop;
  let cluster: WorkCluster;

  beforeAll(async () => {
    [redis, database, shop] = await Promise.all([testRedis(), testDatabase(), Shop.open(CUSTOMERS)]);
    const stores = { PRAXIS_DATABASE_URL: database.url, ...(redis && { PRAXIS_REDIS_URL: redis.url }) };
    cluster = await WorkCluster.open(stores, box.dir, shop.skills);
  });
  beforeEach(() => shop.reset());
  afterAll(async () => {
    await cluster?.stop();
    await shop?.close();
    await redis?.stop();
    await stopTestPostgres();
    box.remove();
  });

  const replays = async (run: string): Promise<void> => {
    const replayed = await praxis(['replay', run], { ...box.env, ...cluster.env });
    expect(replayed).toMatchObject({ code: 0, stderr: '' });
  };
  const everybodyOnce = (): void => {
    expect([...shop.sent].sort()).toEqual([...shop.customers].sort());
    // Asked again, it is asked under the same key.
    expect(new Set(shop.requests.map(({ customer, key }) => `${customer} ${key}`)).size).toBe(CUSTOMERS);
  };

  it.each(KILLS)(
    'reminds every customer once when the %s dies at %s',
    async (victim, point, least, most) => {
      const nth = least + Math.floor(keyedRandom('work', victim, point) * (most - least + 1));
      const strike = await cluster.arm({ victim, point, nth });
      const run = await cluster.submit(remind, {}, `remind ${point}`);
      const end = await cluster.end(run);
      // Else this run shows nothing.
      expect(await strike()).toBe(true);
      expect(end).toMatchObject({ summary: { status: 'done' }, result: { value: { reminded: CUSTOMERS } } });
      everybodyOnce();
      await replays(run);
    },
    PATIENCE,
  );

  it(
    'reminds every customer once when planner and executor are killed anywhere, again and again',
    async () => {
      const run = await cluster.submit(remind, {}, 'remind anywhere');
      for (const [i, victim] of (['executor', 'planner', 'executor'] as const).entries()) {
        while (shop.sent.length < 5 + 10 * i) await new Promise((resolve) => setTimeout(resolve, 10));
        await cluster.kill9(victim);
      }
      const end = await cluster.end(run);
      expect(end).toMatchObject({ summary: { status: 'done' }, result: { value: { reminded: CUSTOMERS } } });
      everybodyOnce();
      await replays(run);
    },
    PATIENCE,
  );

  it.each([
    ['session.before-save', 100],
    ['session.after-save', 1_000],
  ] as const)(
    'moves each file once when the executor dies at %s amid %i of them',
    async (point, count) => {
      const { playbook } = findPlaybook('migrate-folder', [], box.dir);
      const files: ArtifactRef[] = [];
      for (let i = 0; i < count; i++) files.push(await cluster.put(`f${i}.txt`, 'text/plain', `file ${i}`));
      const rules = await cluster.put('rules.yaml', 'application/yaml', '- { match: "*.txt", to: "texts/{base}" }');
      const nth = Math.floor(count * (0.2 + 0.6 * keyedRandom('work', point)));
      const strike = await cluster.arm({ victim: 'executor', point, nth });
      const run = await cluster.submit(playbook, { files, rules, to: 'moved' }, `move ${count}`);
      await cluster.approve(run);
      const end = await cluster.end(run);
      expect(await strike()).toBe(true);
      expect(end.summary).toMatchObject({ status: 'done', failedSteps: 0 });
      expect(end.result?.value).toEqual({ moved: count, report: 'dry-run.md' });
      const { outputs } = await cluster.planner.get(run);
      expect(outputs['compare']?.value).toMatchObject({ missing: [], different: [] });
      const there = end.result!.artifacts.filter(({ name }) => name.startsWith('moved/'));
      const expected = files.map(({ name, $artifact }) => `moved/texts/${name} ${$artifact}`);
      expect(there.map(({ name, $artifact }) => `${name} ${$artifact}`).sort()).toEqual(expected.sort());
      await replays(run);
    },
    PATIENCE,
  );
});
