import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nodeSpecSchema, systemClock, type ModelCall, type Models } from '@praxis/core';
import { NodeClient } from '../client/node-client.js';
import { DEFAULT_PATIENCE } from '../client/node-endpoint.js';
import { createNodePool } from '../pool/create-node-pool.js';
import type { NodePool } from '../pool/node-pool.js';
import { openModels } from './open-models.js';

type Act = (response: ServerResponse, request: IncomingMessage) => void;
const chunk = (content: string, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
const answers =
  (text: string): Act =>
  (response) =>
    void response.writeHead(200).end(`${chunk(text)}${chunk('', 'stop')}data: [DONE]\n\n`);
const dies: Act = (response, request) => {
  response.writeHead(200).write(chunk('{"action":'));
  setTimeout(() => request.socket.destroy(), 10);
};

const open: Server[] = [];
const pools: NodePool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  }
});

async function serve(act: Act): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => act(response, request));
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function modelsOn(
  nodes: Readonly<Record<string, { readonly act: Act; readonly model: string }>>,
  fallback: readonly string[],
): Promise<Models> {
  const pool = createNodePool({ patienceMs: 50 });
  pools.push(pool);
  const specs = await Promise.all(
    Object.entries(nodes).map(async ([name, { act, model }]) =>
      nodeSpecSchema.parse({ name, url: await serve(act), serves: [{ name: model, price: { input: 1, output: 1 } }] }),
    ),
  );
  pool.setNodes(specs.map((spec) => ({ spec, origin: 'settings' })));
  return openModels({
    pool,
    client: new NodeClient(DEFAULT_PATIENCE, systemClock),
    chains: { byRole: {}, fallback },
    embedding: null,
    keyOf: () => undefined,
  });
}

const schema = {
  type: 'object',
  properties: { action: { type: 'string' } },
  required: ['action'],
  additionalProperties: false,
};
const call: ModelCall = {
  role: 'actor',
  place: { run: 'r-1', stream: 'subgoal/r-1.1.1.1', urgency: 1, deadline: null },
  signal: new AbortController().signal,
  request: {
    messages: [{ role: 'user', content: 'what now?' }],
    stable: 1,
    maxTokens: 20,
    answer: { name: 'next_action', schema },
  },
};

describe('models on a pool of real nodes', () => {
  it('give an answer though nodes die in the middle of theirs, and count what those had done (models.3)', async () => {
    const models = await modelsOn(
      {
        a: { act: dies, model: 'big' },
        b: { act: dies, model: 'big' },
        c: { act: answers('{"action":"go"}'), model: 'big' },
      },
      ['big'],
    );
    for (let i = 0; i < 4; i += 1) {
      const { answer, node, cost, choices } = await models.call(call);
      expect(answer?.value).toEqual({ action: 'go' });
      expect([node, choices.at(-1)]).toMatchObject(['c', { outcome: 'ok', picked: 'c' }]);
      expect(cost.calls).toBe(choices.length);
    }
  });

  it('go on with the next model when all nodes of the one before are lost (models.4)', async () => {
    const models = await modelsOn(
      { a: { act: dies, model: 'big' }, b: { act: answers('{"action":"go"}'), model: 'small' } },
      ['big', 'small'],
    );
    expect(await models.call(call)).toMatchObject({ answer: { value: { action: 'go' } }, model: 'small', node: 'b' });
    const lost = await modelsOn({ a: { act: dies, model: 'big' } }, ['big']);
    await expect(lost.call(call)).rejects.toMatchObject({
      code: 'unavailable',
      details: { tokens: expect.any(Number) },
    });
  });

  it('take nothing invalid from a node, and ask again', async () => {
    const models = await modelsOn({ a: { act: answers('{"action":7}'), model: 'big' } }, ['big']);
    expect(await models.call(call)).toMatchObject({
      answer: null,
      problem: 'big gave twice what cannot be used: `action` must be string',
      cost: { calls: 2 },
    });
  });

  it('stop at the node when the caller gives up (models.2)', async () => {
    let isGone: () => void;
    const gone = new Promise<void>((resolve) => (isGone = resolve));
    const controller = new AbortController();
    const act: Act = (response) => {
      response.on('close', () => isGone());
      response.writeHead(200).write(chunk('{'));
      controller.abort();
    };
    const models = await modelsOn({ a: { act, model: 'big' } }, ['big']);
    await expect(models.call({ ...call, signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
    await gone;
  });
});
