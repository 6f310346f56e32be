import {
  stopTestPostgres,
  testDatabase,
  testPooler,
  type PoolMode,
  type TestDatabase,
  type TestPooler,
} from '@praxis/testing';
import { checkDatabase } from './check-database.js';
import { openQueues } from '../queues/queues.js';

const log = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };

let database: TestDatabase;
const poolers: TestPooler[] = [];
beforeAll(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  for (const pooler of poolers.splice(0)) await pooler.stop();
});
afterAll(async () => {
  await database?.drop();
  await stopTestPostgres();
});

async function pooled(mode: PoolMode, size?: number): Promise<string | null> {
  const pooler = await testPooler(database.url, mode, size);
  if (pooler) poolers.push(pooler);
  return pooler?.url ?? null;
}

describe('a database behind a connection pooler', () => {
  it.each([
    ['transaction', undefined],
    ['transaction', 1],
    ['statement', undefined],
  ] as const)('is refused by name in %s mode (pool of %s)', async (mode, size) => {
    const url = await pooled(mode, size);
    if (url === null) return;
    await expect(checkDatabase(url)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(
        /connection pooler in transaction or statement mode.*direct address.*session mode/,
      ),
    });
    await expect(checkDatabase(url)).rejects.toMatchObject({
      message: expect.not.stringContaining(new URL(url).password),
    });
  });

  it('is refused in transaction mode also while others keep the pool busy (pooler.2)', async () => {
    const url = await pooled('transaction');
    if (url === null) return;
    const { Pool } = await import('pg');
    const busy = new Pool({ connectionString: url, max: 12 });
    const stop = new AbortController();
    const work = Promise.all(
      Array.from({ length: 12 }, async () => {
        while (!stop.signal.aborted) await busy.query('select pg_sleep(0.002)');
      }),
    );
    for (let n = 0; n < 5; n++) await expect(checkDatabase(url)).rejects.toMatchObject({ code: 'invalid' });
    stop.abort();
    await work;
    await busy.end();
  });

  it('is told to be too small where a session pool has one connection', async () => {
    const url = await pooled('session', 1);
    if (url !== null)
      await expect(checkDatabase(url)).rejects.toMatchObject({
        code: 'exhausted',
        message: expect.stringContaining('pool size'),
      });
  }, 20_000);

  it('works in session mode, queues and their settings included', async () => {
    const url = await pooled('session');
    if (url === null) return;
    expect((await checkDatabase(url)).version).toMatch(/^\d+/);
    const queues = await openQueues({ databaseUrl: url, redisUrl: null, lockMs: 10_000, log });
    const seen: string[] = [];
    let tell = (): void => undefined;
    const done = new Promise<void>((resolve) => (tell = resolve));
    const worker = await queues.work('execute', async ({ subgoal }) => void (seen.push(subgoal), tell()), {
      lane: 'pooled',
      concurrency: 1,
    });
    await queues.add('execute', { subgoal: 'r-pooled.1.1.1' }, { lane: 'pooled' });
    await done;
    expect(seen).toEqual(['r-pooled.1.1.1']);
    await worker.close();
    await queues.close();
  });
});
