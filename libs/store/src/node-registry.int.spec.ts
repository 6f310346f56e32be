import { NODE_SILENCE_MS, nodeSpecSchema, type Logger, type NodeSpecInput } from '@praxis/core';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { openPool } from './database.js';
import { migrate } from './migrate.js';
import { PostgresNodeRegistry } from './node-registry.js';

const warned: unknown[] = [];
const log: Logger = {
  error() {},
  warn: (_message, fields) => void warned.push(fields),
  info() {},
  debug() {},
  child: () => log,
};
const spec = (over: Partial<NodeSpecInput> = {}) =>
  nodeSpecSchema.parse({ name: 'gpu1', url: 'http://gpu1:8000/v1', engine: 'vllm', ...over });

let database: TestDatabase;
let pool: ReturnType<typeof openPool>;
let registry: PostgresNodeRegistry;
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  pool = openPool(database.url, 2, log);
  // A reader whose clock is decades behind that of the database.
  registry = new PostgresNodeRegistry(pool, { now: () => 1_000_000 }, log);
});
afterEach(() => pool.query('delete from inference_nodes'));
afterAll(async () => {
  await pool?.end();
  await database?.drop();
  await stopTestPostgres();
});

/** Makes a node look as if it had been silent for so long. */
const silence = (name: string, milliseconds: number): Promise<unknown> =>
  pool.query('update inference_nodes set seen_at = seen_at - $2::int8 where name = $1', [name, milliseconds]);
const names = async (): Promise<readonly string[]> => (await registry.list()).map((n) => n.spec.name);

describe('PostgresNodeRegistry', () => {
  it('knows a node as it last described itself, with all that it said', async () => {
    const whole = spec({
      serves: [{ name: 'qwen3', contextTokens: 32_768, price: { input: 0.1, output: 0.4 } }],
      slots: 8,
      labels: { zone: 'a' },
      keyVariable: 'NODE_KEY_GPU1',
    });
    await registry.register(spec());
    await registry.register(whole);
    expect(await registry.list()).toEqual([{ spec: whole, isDraining: false, seenAt: expect.any(Number) }]);
  });

  // node-registry.1
  it("tells when a node was seen by the reader's clock, and each sign of life makes it fresh", async () => {
    await registry.register(spec());
    await silence('gpu1', 30_000);
    const before = (await registry.list())[0]!.seenAt;
    expect(before).toBeLessThanOrEqual(970_000);
    expect(before).toBeGreaterThan(0);
    expect(await registry.beat('gpu1')).toBe(true);
    expect((await registry.list())[0]!.seenAt).toBeGreaterThan(970_000);
  });

  it('drains a node until it has left, whatever it says meanwhile (node-registry.2)', async () => {
    await registry.register(spec());
    expect(await registry.drain('gpu1')).toBe(true);
    await registry.beat('gpu1');
    await registry.register(spec({ slots: 4 }));
    expect(await registry.list()).toMatchObject([{ spec: { slots: 4 }, isDraining: true }]);
    expect(await registry.leave('gpu1')).toBe(true);
    await registry.register(spec());
    expect(await registry.list()).toMatchObject([{ isDraining: false }]);
  });

  it('says of names that it does not know that it does not, and keeps nothing of them', async () => {
    expect([await registry.beat('nobody'), await registry.drain('nobody'), await registry.leave('nobody')]).toEqual([
      false,
      false,
      false,
    ]);
    expect(await names()).toEqual([]);
  });

  // node-registry.3
  it('keeps who is silent for a while and forgets who is silent for long, which has to register again', async () => {
    for (const name of ['a', 'b', 'c']) await registry.register(spec({ name }));
    await registry.drain('c');
    await silence('a', NODE_SILENCE_MS + 1);
    await silence('b', 10 * NODE_SILENCE_MS + 1);
    await silence('c', 10 * NODE_SILENCE_MS + 1);
    expect([await registry.beat('a'), await registry.beat('b'), await registry.drain('b')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await names()).toEqual(['a']);
    expect((await pool.query('select name from inference_nodes')).rows).toEqual([{ name: 'a' }]);
  });

  it('takes a node that was forgotten for a new one, even if nobody has looked since (node-registry.3)', async () => {
    await registry.register(spec());
    await registry.drain('gpu1');
    await silence('gpu1', 10 * NODE_SILENCE_MS + 1);
    await registry.register(spec());
    expect(await registry.list()).toMatchObject([{ isDraining: false }]);
  });

  it('lists all others where one description cannot be read, and says so once (node-registry.4)', async () => {
    for (const name of ['good', 'newer']) await registry.register(spec({ name }));
    await pool.query(`update inference_nodes set spec = spec || '{"engine": "abacus"}' where name = 'newer'`);
    warned.length = 0;
    expect([await names(), await names()]).toEqual([['good'], ['good']]);
    expect(warned).toEqual([{ node: 'newer' }]);
  });

  it('says in our words that the database is away', async () => {
    const closed = openPool('postgres://praxis@127.0.0.1:1/x', 1, log);
    await expect(new PostgresNodeRegistry(closed, { now: () => 0 }, log).register(spec())).rejects.toMatchObject({
      code: 'unavailable',
    });
    await closed.end();
  });
});
