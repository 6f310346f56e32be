import { setImmediate as turn } from 'node:timers/promises';
import type { ChatRequest, Logger } from '@praxis/core';
import type { NodeEndpoint } from '../client/node-endpoint.js';
import { EmbeddedClient } from './embedded-client.js';
import { fakeLlama } from './fixtures/fake-llama.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const node: NodeEndpoint = { name: 'embedded', url: 'http://embedded.invalid', engine: 'embedded', key: null };
const asks = (text: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [
    { role: 'system', content: 'rules' },
    { role: 'user', content: text },
  ],
  stable: 1,
  maxTokens: 20,
  ...more,
});
const never = new AbortController().signal;

function open(slots = 2) {
  const fake = fakeLlama();
  const client = new EmbeddedClient(fake.library, {
    node: 'embedded',
    file: 'm.gguf',
    slots,
    contextTokens: 1000,
    cwd: '/',
    log,
  });
  return { fake, client, chat: (request: ChatRequest, signal = never) => client.chat(node, 'm', request, { signal }) };
}

describe('a model inside the process', () => {
  it('embedded-client.1: is loaded once, at its first call, and again after that failed', async () => {
    const { fake, chat, client } = open();
    expect(fake.counts.loads).toBe(0);
    fake.failLoad = new Error('no memory');
    await expect(chat(asks('a'))).rejects.toMatchObject({
      name: 'NodeTrouble',
      kind: 'broken',
      message: expect.stringContaining('no memory'),
    });
    fake.failLoad = null;
    await Promise.all([chat(asks('a')), chat(asks('b'))]);
    expect(fake.counts).toMatchObject({ loads: 2, disposed: 1 });
    await client.close();
    expect(fake.counts.disposed).toBe(2);
  });

  it('gives text, reasoning and what was used, and tells each piece as it comes', async () => {
    const { client } = open(1);
    const [pieces, meter] = [[] as string[], { input: 0, output: 0 }];
    let began = 0;
    const ask = () =>
      client.chat(node, 'm', asks('~hm go on'), {
        signal: never,
        meter,
        onText: (piece) => pieces.push(piece),
        began: () => (began += 1),
      });
    const input = 'rules|~hm go on|'.length;
    expect(await ask()).toMatchObject({
      text: 'go on',
      reasoning: 'hm',
      finish: 'stop',
      saysCached: true,
      usage: { input, cached: 0, output: 3 },
    });
    expect([pieces, began, meter]).toEqual([['go', 'on'], 1, { input, output: 3 }]);
    meter.output = 0;
    expect((await ask()).usage.cached).toBe(input - 1);
  });

  it('hands on how to sample, and punishes no repetition', async () => {
    const { fake, chat } = open();
    await chat(asks('a', { temperature: 0, seed: 7, stop: ['x'], maxTokens: 5 }));
    await chat(asks('a'));
    expect(fake.asked[0]).toMatchObject({
      temperature: 0,
      seed: 7,
      customStopTriggers: ['x'],
      maxTokens: 5,
      repeatPenalty: false,
    });
    expect(fake.asked[1]).not.toHaveProperty('temperature');
    expect(await chat(asks('a b c', { maxTokens: 2 }))).toMatchObject({ text: 'a b', finish: 'length' });
  });

  it('holds structured answers to a grammar, made once for equal schemas, where there can be one', async () => {
    const { fake, chat } = open();
    const answer = { name: 'a', schema: { type: 'object', properties: { yes: { type: 'boolean' } } } };
    await chat(asks('a', { answer }));
    await chat(asks('b', { answer: { ...answer, schema: { ...answer.schema } } }));
    expect(fake.grammars).toEqual([answer.schema]);
    expect(fake.asked[0]!.grammar).toBe(fake.asked[1]!.grammar);
    await chat(asks('c', { answer: { name: 'a', schema: { type: 'object' } } }));
    expect(fake.asked[2]).not.toHaveProperty('grammar');
  });

  it('embedded-client.2: works on no more calls than it has slots', async () => {
    const { fake, chat } = open(2);
    fake.answer = () => turn();
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((text) => chat(asks(text))));
    expect(fake.counts).toMatchObject({ mostBusy: 2, busy: 0 });
    expect(fake.asked).toHaveLength(5);
  });

  it('embedded-client.3: fails as cancelled where a call is aborted, and its place is free', async () => {
    const { fake, chat } = open(1);
    const stop = new AbortController();
    fake.answer = async () => stop.abort(new Error('enough'));
    await expect(chat(asks('a'), stop.signal)).rejects.toMatchObject({ name: 'PraxisError', code: 'cancelled' });
    fake.answer = null;
    expect((await chat(asks('b'))).text).toBe('b');
  });

  it('embedded-client.4: refuses what does not fit, and what it cannot do, instead of asking otherwise', async () => {
    const { fake, chat, client } = open();
    await expect(chat(asks('x'.repeat(60)))).rejects.toMatchObject({ kind: 'too-long' });
    await expect(chat(asks('a', { tools: [{ name: 't', summary: '', parameters: {} }] }))).rejects.toMatchObject({
      kind: 'refused',
    });
    await expect(client.embed(node)).rejects.toMatchObject({ kind: 'no-model' });
    expect(fake.asked).toEqual([]);
    await chat(asks('x'.repeat(50)));
    expect(fake.asked[0]!.maxTokens).toBe(64 - 'rules|'.length - 50 - 1);
  });
});
