import type { ChatRequest } from '@praxis/core';
import type { AskOptions, NodeClient } from '../client/node-client.js';
import type { NodeEndpoint } from '../client/node-endpoint.js';
import type { RawAnswer } from '../client/raw-answer.js';
import { ClientByEngine } from './client-by-engine.js';

const says = (text: string): Pick<NodeClient, 'chat' | 'embed'> => ({
  chat: async (): Promise<RawAnswer> => ({
    text,
    reasoning: '',
    calls: [],
    finish: 'stop',
    usage: { input: 1, cached: 0, output: 1, reasoning: 0 },
    saysCached: false,
  }),
  embed: async () => ({ vectors: [[text.length]], tokens: 1 }),
});
const node = (name: string, engine: NodeEndpoint['engine']): NodeEndpoint => ({
  name,
  url: 'http://embedded.invalid',
  engine,
  key: null,
});
const request: ChatRequest = { messages: [{ role: 'user', content: 'go' }], stable: 0, maxTokens: 1 };
const asked: AskOptions = { signal: new AbortController().signal };
const client = new ClientByEngine(says('by HTTP'), { node: 'embedded', client: says('inside') });
const told = async (by: ClientByEngine, of: NodeEndpoint) => (await by.chat(of, 'm', request, asked)).text;

describe('who is asked', () => {
  it('is the model inside this process for its own node, and HTTP for every other engine', async () => {
    expect(await told(client, node('embedded', 'embedded'))).toBe('inside');
    expect(await told(client, node('embedded', 'unknown'))).toBe('by HTTP');
    expect(await told(client, node('a', 'vllm'))).toBe('by HTTP');
    expect((await client.embed(node('embedded', 'embedded'), 'm', ['a'], asked)).vectors).toEqual([['inside'.length]]);
  });

  it('client-by-engine.1: is nobody for a node that calls itself embedded and is not our own', async () => {
    const trouble = { name: 'NodeTrouble', kind: 'no-model' };
    await expect(told(client, node('stranger', 'embedded'))).rejects.toMatchObject(trouble);
    await expect(client.embed(node('stranger', 'embedded'), 'm', ['a'], asked)).rejects.toMatchObject(trouble);
    await expect(told(new ClientByEngine(says('by HTTP'), null), node('embedded', 'embedded'))).rejects.toMatchObject(
      trouble,
    );
  });
});
