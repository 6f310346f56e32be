import { NODE_SILENCE_MS, nodeSpecSchema, type Logger, type NodeSpecInput, type NodeView } from '@praxis/core';
import { migrate, openStore, type Store } from '@praxis/store';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import {
  connectNodes,
  hashKey,
  registerNode,
  startServer,
  type ClientOptions,
  type NodesApi,
  type ServerSecurity,
} from '@praxis/wire';
import { Client } from 'pg';
import { NodeService } from './node-service.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const spec = (name: string, over: Partial<NodeSpecInput> = {}) =>
  nodeSpecSchema.parse({ name, url: `http://${name}:8000/v1`, engine: 'vllm', ...over });
const view = (over: Partial<NodeView> & Pick<NodeView, 'spec'>): NodeView => ({
  origin: 'registered',
  isDraining: false,
  load: null,
  inFlight: 0,
  queued: 0,
  broken: [],
  firstTokenMs: null,
  ...over,
});
const load = { at: 1, isUp: true, note: '', running: 3, waiting: 0, kvUse: 0.25, models: ['qwen3'] };

let database: TestDatabase;
let store: Store;
const clock = { now: () => Date.now() };
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log, clock });
});
afterAll(async () => {
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  for (const {
    spec: { name },
  } of await store.nodes.list())
    await store.nodes.leave(name);
});

interface Place {
  readonly views?: readonly NodeView[];
  readonly address?: string;
  readonly security?: ServerSecurity;
  readonly client?: ClientOptions;
}

/** A client of a planner that listens here and believes to listen at another address. */
async function connect({ views, address = '127.0.0.1:0', security, client = {} }: Place = {}): Promise<NodesApi> {
  const service = new NodeService({
    address,
    security,
    store,
    clock,
    log,
    nodes: views && { views: async () => views },
  });
  const server = await startServer({ address: '127.0.0.1:0', services: { nodes: service }, security, graceMs: 0 });
  const nodes = connectNodes(server.address, client);
  cleanups.push(
    () => nodes.close(),
    () => server.stop(),
  );
  return nodes;
}

describe('the nodes of a cluster', () => {
  it('come, beat, drain and go', async () => {
    const nodes = await connect();
    expect(await nodes.list()).toEqual([]);
    expect(await nodes.heartbeat('gpu1')).toBe(false);
    expect(3 * (await nodes.register(spec('gpu1', { slots: 4 }))).heartbeatMs).toBe(NODE_SILENCE_MS);
    expect(await nodes.heartbeat('gpu1')).toBe(true);
    expect(await nodes.list()).toEqual([
      { ...view({ spec: spec('gpu1', { slots: 4 }) }), standing: 'unknown', note: '', seenAt: expect.any(Number) },
    ]);
    await nodes.drain('gpu1');
    expect(await nodes.list()).toMatchObject([{ standing: 'draining', isDraining: true }]);
    await nodes.leave('gpu1');
    expect(await nodes.list()).toEqual([]);
  });

  it('are told as the pool sees them, with those of the settings, by name (node-service.6)', async () => {
    const views = [
      view({ spec: spec('zeta'), load, inFlight: 2, queued: 1, firstTokenMs: 80, broken: ['bge'] }),
      view({ spec: spec('mine'), origin: 'settings', load: { ...load, isUp: false, note: 'connection refused' } }),
      view({ spec: spec('left'), load }),
    ];
    const nodes = await connect({ views });
    for (const name of ['zeta', 'alpha']) await nodes.register(spec(name));
    expect(await nodes.list()).toMatchObject([
      { spec: { name: 'alpha' }, origin: 'registered', standing: 'unknown', load: null },
      { spec: { name: 'mine' }, origin: 'settings', standing: 'down', note: 'connection refused', seenAt: null },
      {
        spec: { name: 'zeta' },
        origin: 'registered',
        standing: 'busy',
        load,
        inFlight: 2,
        queued: 1,
        firstTokenMs: 80,
        broken: ['bge'],
        note: 'too many calls failed: bge',
      },
    ]);
  });

  it('are silent when they give no sign of life, and are there again when they do', async () => {
    const nodes = await connect({ views: [view({ spec: spec('gpu1'), load })] });
    await nodes.register(spec('gpu1'));
    await silence('gpu1', NODE_SILENCE_MS + 1_000);
    expect(await nodes.list()).toMatchObject([
      { standing: 'silent', note: expect.stringMatching(/^gave no sign of life for \d+ s$/) },
    ]);
    expect(await nodes.heartbeat('gpu1')).toBe(true);
    expect(await nodes.list()).toMatchObject([{ standing: 'up', note: '' }]);
    await silence('gpu1', 10 * NODE_SILENCE_MS + 1_000);
    expect(await nodes.list()).toEqual([]);
    expect(await nodes.heartbeat('gpu1')).toBe(false);
  });

  it('that nobody knows cannot be drained or taken out, and what to do instead is said', async () => {
    const nodes = await connect({ views: [view({ spec: spec('mine'), origin: 'settings' })] });
    await expect(nodes.drain('gpu9')).rejects.toMatchObject({
      code: 'missing',
      message: 'No node gpu9 is registered. See those there are with `praxis nodes`.',
    });
    await expect(nodes.leave('gpu9')).rejects.toMatchObject({ code: 'missing' });
    await expect(nodes.leave('mine')).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('It stands in the settings'),
    });
  });

  it('keep what they had where a description is refused (node-service.2, node-service.3)', async () => {
    const nodes = await connect({ views: [view({ spec: spec('mine'), origin: 'settings' })] });
    await nodes.register(spec('gpu1'));
    await expect(nodes.register(spec('gpu1', { keyVariable: 'PRAXIS_API_KEY' }))).rejects.toMatchObject({
      code: 'invalid',
    });
    await expect(nodes.register(spec('gpu1', { url: 'http://evil:8000/v1' }))).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(nodes.register(spec('mine'))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('of the settings'),
    });
    expect(await nodes.list()).toMatchObject([{ spec: spec('gpu1') }, { spec: spec('mine'), origin: 'settings' }]);
  });
});

describe('who may speak for a node (node-service.4)', () => {
  const denied = { code: 'conflict', message: expect.stringContaining('registered by somebody else') };

  it('is who registered it: nobody else beats, drains, removes or registers it while it is there', async () => {
    const [owner, other] = [await connect(), await connect()];
    const { token } = await owner.register(spec('gpu1'));
    await expect(other.heartbeat('gpu1')).rejects.toMatchObject(denied);
    await expect(other.drain('gpu1')).rejects.toMatchObject(denied);
    await expect(other.leave('gpu1', undefined, 'guess')).rejects.toMatchObject(denied);
    await expect(other.register(spec('gpu1'))).rejects.toMatchObject(denied);
    await expect(other.register(spec('gpu1', { url: 'http://elsewhere:8000/v1' }))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await other.list()).toMatchObject([{ spec: spec('gpu1'), isDraining: false }]);
    expect(JSON.stringify(await other.list())).not.toContain(token);
    expect(await other.heartbeat('gpu1', undefined, token)).toBe(true);
    expect((await owner.register(spec('gpu1', { slots: 4 }))).token).toBe(token);
    await owner.leave('gpu1');
  });

  it('is anybody for one that is silent, but none who would only say that it lives', async () => {
    const [owner, other] = [await connect(), await connect()];
    await owner.register(spec('gpu1'));
    await silence('gpu1', NODE_SILENCE_MS + 1_000);
    await expect(other.heartbeat('gpu1')).rejects.toMatchObject(denied);
    const { token } = await other.register(spec('gpu1', { url: 'http://elsewhere:8000/v1' }));
    await expect(owner.leave('gpu1')).rejects.toMatchObject(denied);
    await other.leave('gpu1', undefined, token);
  });

  it('is anybody for one that an older release registered', async () => {
    await store.nodes.register(spec('gpu1'));
    const nodes = await connect();
    expect(await nodes.heartbeat('gpu1')).toBe(true);
    await nodes.leave('gpu1');
  });
});

describe('who may register (node-service.1)', () => {
  const KEY = 'a-key-that-is-long-enough';
  const keyed = { tls: null, keyHashes: [hashKey(KEY)], requestBytes: 1_000_000 };

  it('is nobody where the network is asked for nothing; to look is open all the same', async () => {
    const nodes = await connect({ address: '0.0.0.0:50051' });
    await expect(nodes.register(spec('gpu1'))).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('PRAXIS_API_KEY_HASHES'),
    });
    expect(await nodes.list()).toEqual([]);
  });

  it('is who shows the key where one is asked for', async () => {
    const place = { address: '0.0.0.0:50051', security: keyed };
    await expect((await connect(place)).register(spec('gpu1'))).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('PRAXIS_API_KEY'),
    });
    await (await connect({ ...place, client: { security: { tls: null, key: KEY } } })).register(spec('gpu1'));
    expect(await store.nodes.list()).toHaveLength(1);
  });
});

describe('a node that is kept registered', () => {
  it('comes back when it was taken out, and is gone when it stops', async () => {
    const nodes = await connect();
    const stop = new AbortController();
    const known: boolean[] = [];
    const pause = async (): Promise<void> => {
      known.push((await store.nodes.list()).length === 1);
      if (known.length === 1) await nodes.leave('gpu1');
      if (known.length === 3) stop.abort();
    };
    await registerNode(nodes, spec('gpu1'), { signal: stop.signal, pause });
    expect(known).toEqual([true, true, true]);
    expect(await store.nodes.list()).toEqual([]);
  });
});

/** Makes a node look as if it had been silent for so long. */
async function silence(name: string, milliseconds: number): Promise<void> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query('update inference_nodes set seen_at = seen_at - $2::int8 where name = $1', [name, milliseconds]);
  await client.end();
}
