import { nodeSpecSchema, PraxisError, type NodeSpec } from '@praxis/core';
import * as fc from 'fast-check';
import type { Closable } from '../client/caller.js';
import { checkHealth } from '../client/check-health.js';
import { connectNodes } from '../client/connect-nodes.js';
import { Caller } from '../client/caller.js';
import { fromNodeSpec, toNodeSpec } from '../convert/node.js';
import { NodeEngine, NodeServiceService, NodeSpec as Message } from '../gen/praxis/v1/node.js';
import type { ListedNode, NodesApi } from '../nodes-api.js';
import { startServer, type RunningServer } from './start-server.js';

const open: (RunningServer | Closable)[] = [];
async function serve(parts: Partial<NodesApi>): Promise<string> {
  const server = await startServer({ address: '127.0.0.1:0', services: { nodes: parts as NodesApi }, graceMs: 0 });
  open.push(server);
  return server.address;
}
async function pair(parts: Partial<NodesApi>): Promise<NodesApi> {
  const client = connectNodes(await serve(parts));
  open.unshift(client);
  return client;
}
afterEach(async () => {
  for (const thing of open.splice(0)) await ('stop' in thing ? thing.stop() : thing.close());
});

const whole: NodeSpec = nodeSpecSchema.parse({
  name: 'gpu1',
  url: 'http://gpu1:8000/v1',
  engine: 'vllm',
  slots: 8,
  labels: { zone: 'a' },
  keyVariable: 'NODE_KEY_GPU1',
  tools: 'native',
  serves: [
    { name: 'qwen3', tools: 'none', contextTokens: 32_768, price: { input: 0.1, output: 0.4 } },
    { name: 'bge', kind: 'embedding' },
  ],
});
const bare = nodeSpecSchema.parse({ name: 'laptop', url: 'http://127.0.0.1:11434/v1' });

describe('a description of a node', () => {
  it('comes over the wire as it was, whatever it says', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/);
    const serves = fc.record({
      name: fc.string({ minLength: 1 }),
      kind: fc.constantFrom('chat', 'embedding', 'skill', 'policy'),
      tools: fc.constantFrom('native', 'none', 'unknown'),
      contextTokens: fc.option(fc.integer({ min: 1 })),
      price: fc.option(
        fc.record({
          input: fc.double({ min: 0, max: 1e6, noNaN: true }),
          output: fc.double({ min: 0, max: 1e6, noNaN: true }),
        }),
      ),
    });
    const engine = fc.constantFrom('vllm', 'sglang', 'llamacpp', 'tgi', 'ollama', 'simulator', 'embedded', 'unknown');
    const labels = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string());
    const specs = fc.record({
      name,
      url: fc.constant('http://x/v1'),
      engine,
      serves: fc.array(serves, { maxLength: 3 }),
      slots: fc.option(fc.integer({ min: 1 })),
      labels,
      keyVariable: fc.option(fc.constant('NODE_KEY_X')),
      tools: fc.constantFrom('native', 'none', 'unknown'),
    });
    fc.assert(
      fc.property(specs, (input) => {
        const spec = nodeSpecSchema.parse(input);
        expect(fromNodeSpec(Message.decode(Message.encode(toNodeSpec(spec)).finish()))).toEqual(spec);
      }),
    );
  });

  it.each<[string, Partial<Message>, RegExp]>([
    ['a name of strange letters', { name: 'gpu 1' }, /spec\.name is wrong: must be letters/],
    ['no URL', { url: '' }, /spec\.url is wrong: must be a URL such as/],
    ['a URL of something else', { url: 'file:///etc/passwd' }, /spec\.url is wrong/],
    ['no slot at all', { slots: 0 }, /spec\.slots is wrong/],
    ['a key where its variable should be named', { keyVariable: 'sk-1234567890' }, /spec\.keyVariable is wrong/],
    [
      'a model without a name',
      { serves: [{ name: '', kind: 'MODEL_KIND_CHAT' as never, tools: 'TOOL_USE_NONE' as never, price: undefined }] },
      /spec\.serves\.0\.name is wrong/,
    ],
  ])('with %s is refused, and the field is named', (_what, over, message) => {
    const found = (): NodeSpec => fromNodeSpec({ ...toNodeSpec(bare), ...over });
    expect(found).toThrow(message);
    expect(found).not.toThrow(/sk-1234567890/);
  });

  it('of an engine that this release does not know yet is refused', () => {
    expect(() => fromNodeSpec({ ...toNodeSpec(bare), engine: 'UNRECOGNIZED' as NodeEngine })).toThrow(
      /spec\.engine must be one of vllm/,
    );
  });
});

describe('the calls of nodes', () => {
  it('bring everything to whoever answers, and back', async () => {
    const seen: unknown[] = [];
    const nodes = await pair({
      register: async (spec) => (seen.push(spec), { heartbeatMs: 5_000, token: 'of-gpu1' }),
      heartbeat: async (name) => (seen.push(name), name === 'gpu1'),
      drain: async (name) => void seen.push(name),
      leave: async (name) => void seen.push(name),
    });
    expect(await nodes.register(whole)).toEqual({ heartbeatMs: 5_000, token: 'of-gpu1' });
    expect([await nodes.heartbeat('gpu1'), await nodes.heartbeat('gpu2')]).toEqual([true, false]);
    await nodes.drain('gpu3');
    await nodes.leave('gpu4');
    expect(seen).toEqual([whole, 'gpu1', 'gpu2', 'gpu3', 'gpu4']);
  });

  it('list what there is to tell of a node, and leave out what nobody knows', async () => {
    const load = { at: 7, isUp: false, note: 'it loads its model', running: 0, waiting: 3, kvUse: 0, models: [] };
    const told: readonly ListedNode[] = [
      {
        spec: whole,
        origin: 'registered',
        standing: 'down',
        note: 'it loads its model',
        isDraining: true,
        load,
        inFlight: 1,
        queued: 2,
        broken: ['qwen3'],
        firstTokenMs: 81.5,
        seenAt: 9,
      },
      {
        spec: bare,
        origin: 'settings',
        standing: 'up',
        note: '',
        isDraining: false,
        load: { ...load, isUp: true, note: '', running: null, waiting: null, kvUse: null, models: null },
        inFlight: 0,
        queued: 0,
        broken: [],
        firstTokenMs: null,
        seenAt: null,
      },
      {
        spec: bare,
        origin: 'settings',
        standing: 'unknown',
        note: '',
        isDraining: false,
        load: null,
        inFlight: 0,
        queued: 0,
        broken: [],
        firstTokenMs: null,
        seenAt: null,
      },
    ];
    expect(await (await pair({ list: async () => told })).list()).toEqual(told);
  });

  it('are refused in the words of whoever answers, and without a name', async () => {
    const nodes = await pair({ drain: () => Promise.reject(new PraxisError('missing', 'There is no node gpu9.')) });
    await expect(nodes.drain('gpu9')).rejects.toMatchObject({ code: 'missing', message: 'There is no node gpu9.' });
    await expect(nodes.drain('')).rejects.toMatchObject({ code: 'invalid', message: 'The field name is missing.' });
    await expect(nodes.leave('')).rejects.toMatchObject({ code: 'invalid' });
  });

  it('are refused without a description', async () => {
    const caller = new Caller({ noun: 'planner', address: await serve({}), hint: '' }, {});
    open.unshift(caller);
    await expect(
      caller.ask(NodeServiceService.register, { spec: undefined, token: '' }, { repeatable: false }),
    ).rejects.toMatchObject({ code: 'invalid', message: 'The field spec is missing.' });
  });

  it('have a health of their own', async () => {
    expect(await checkHealth(await serve({}), 'nodes')).toBe(true);
  });
});
