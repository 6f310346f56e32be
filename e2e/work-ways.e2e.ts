import type { FaultPointName, GoalInput } from '@praxis/core';
import { bindInputs, readPlaybook } from '@praxis/playbooks';
import { stopTestPostgres, testDatabase, testRedis, type TestDatabase, type TestRedis } from '@praxis/testing';
import { praxis, sandbox, start, type Running } from './praxis.js';
import { WorkCluster, type Victim } from './work/cluster.js';
import { REMIND } from './work/remind.js';
import { Shop } from './work/shop.js';

/** Machines are slow at times; nothing here is about how fast it is. */
const PATIENCE = 180_000;
const CUSTOMERS = 8;

const remind = readPlaybook(REMIND, 'remind.yaml');
const WAYS: Readonly<Record<string, GoalInput>> = {
  'a playbook, without a model': { title: 'by a playbook', playbook: remind, inputs: bindInputs(remind, {}) },
  'a search over what skills declare': { title: 'by search', world: 'workspace', condition: '(reminded debtors)' },
  'a model that writes the plan': {
    title: 'by a draft',
    world: 'workspace',
    strategy: 'draft',
    request: 'Remind all debtors: every customer with an overdue invoice.',
  },
  'a model that calls skills': {
    title: 'by a model',
    world: 'workspace',
    strategy: 'react',
    request: 'Remind every customer with an overdue invoice.',
  },
};
const KILLS: readonly (readonly [Victim, FaultPointName, number])[] = [
  ['executor', 'interpreter.after-decided', 3],
  ['executor', 'interpreter.after-effect', 4],
  ['executor', 'journal.after-commit', 5],
  ['executor', 'executor.after-ended', 1],
  ['planner', 'planner.before-planned', 1],
];
const CASES = Object.keys(WAYS).flatMap((way) => [[way, null] as const, ...KILLS.map((kill) => [way, kill] as const)]);

describe('every customer with an overdue invoice is reminded once', () => {
  const box = sandbox();
  let redis: TestRedis | null;
  let database: TestDatabase;
  let shop: Shop;
  let node: Running;
  let cluster: WorkCluster;

  beforeAll(async () => {
    node = start(['simulate-node', '--speed', '300', '--json'], box.env);
    [redis, database, shop] = await Promise.all([testRedis(), testDatabase(), Shop.open(CUSTOMERS)]);
    await node.until(/\n/);
    const { url } = JSON.parse(node.stdout.split('\n')[0]!) as { readonly url: string };
    const settings = {
      PRAXIS_DATABASE_URL: database.url,
      PRAXIS_MODEL_URL: url,
      ...(redis && { PRAXIS_REDIS_URL: redis.url }),
    };
    cluster = await WorkCluster.open(settings, box.dir, shop.skills);
  });
  beforeEach(() => shop.reset());
  afterAll(async () => {
    await cluster?.stop();
    await node?.kill('SIGKILL');
    await shop?.close();
    await redis?.stop();
    await stopTestPostgres();
    box.remove();
  });

  it.each(CASES)(
    'by %s, also when a process dies: %j',
    async (way, kill) => {
      const strike = kill && (await cluster.arm({ victim: kill[0], point: kill[1], nth: kill[2] }));
      const run = await cluster.submitGoal(WAYS[way]!, `${way} ${String(kill)}`);
      const end = await cluster.end(run);
      // Else this run shows nothing.
      if (strike) expect(await strike()).toBe(true);
      expect(end.summary).toMatchObject({ status: 'done' });
      expect([...shop.sent].sort()).toEqual([...shop.customers].sort());
      // Asked again, it is asked under the same key.
      expect(new Set(shop.requests.map(({ customer, key }) => `${customer} ${key}`)).size).toBe(CUSTOMERS);
      const replayed = await praxis(['replay', run], { ...box.env, ...cluster.env });
      expect(replayed).toMatchObject({ code: 0, stderr: '' });
    },
    PATIENCE,
  );
});
