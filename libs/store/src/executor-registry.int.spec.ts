import type { Logger } from '@praxis/core';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { openPool } from './database.js';
import { ExecutorRegistry, type ExecutorState } from './executor-registry.js';
import { migrate } from './migrate.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };
const state: Omit<ExecutorState, 'seenAt'> = {
  name: 'executor-1',
  address: '10.0.0.7:50052',
  lanes: ['default', 'gpu'],
  concurrency: 2,
  busy: ['r-1.1.1.1'],
  draining: false,
  startedAt: 1_700_000_000_000,
};

let database: TestDatabase;
let pool: ReturnType<typeof openPool>;
let registry: ExecutorRegistry;
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  pool = openPool(database.url, 2, silent);
  // A reader whose clock is decades behind that of the database.
  registry = new ExecutorRegistry(pool, { now: () => 1_000_000 });
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
  await stopTestPostgres();
});

/** Makes an executor look as if it had been silent for so long. */
const silence = (name: string, milliseconds: number): Promise<unknown> =>
  pool.query('update executors set seen_at = seen_at - $2::int8 where name = $1', [name, milliseconds]);

describe('ExecutorRegistry', () => {
  it('knows an executor as it last announced itself', async () => {
    await registry.announce(state);
    await registry.announce({ ...state, busy: [], draining: true });
    expect(await registry.list()).toEqual([{ ...state, busy: [], draining: true, seenAt: expect.any(Number) }]);
  });

  it("tells when one was seen by the reader's clock, whatever the clocks of the others say", async () => {
    await silence('executor-1', 30_000);
    const [seen] = await registry.list();
    expect(seen!.seenAt).toBeLessThanOrEqual(970_000);
    expect(seen!.seenAt).toBeGreaterThan(0);
  });

  it('forgets who left and who was silent for too long, and nobody else', async () => {
    for (const name of ['a', 'b', 'c']) await registry.announce({ ...state, name });
    await silence('b', 3_600_000);
    await registry.forget(3_600_000);
    await registry.leave('c');
    await registry.leave('nobody');
    expect((await registry.list()).map((e) => e.name)).toEqual(['a', 'executor-1']);
  });

  it('says in our words that the database is away', async () => {
    const closed = openPool('postgres://praxis@127.0.0.1:1/x', 1, silent);
    await expect(new ExecutorRegistry(closed, { now: () => 0 }).announce(state)).rejects.toMatchObject({
      code: 'unavailable',
    });
    await closed.end();
  });
});
