import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PraxisError, type ChatRequest, type Logger } from '@praxis/core';
import type { NodeEndpoint } from '../client/node-endpoint.js';
import { SchemaCheck } from '../client/schema-check.js';
import { settleAnswer } from '../client/settle-answer.js';
import { answerFormat } from '../prompts/answers.js';
import { EmbeddedClient } from './embedded-client.js';
import { tinyGguf } from './fixtures/tiny-gguf.js';

const dir = mkdtempSync(join(tmpdir(), 'praxis-gguf-'));
const file = join(dir, 'tiny.gguf');
writeFileSync(file, tinyGguf(2048));
const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const node: NodeEndpoint = { name: 'embedded', url: 'http://embedded.invalid', engine: 'embedded', key: null };
const never = new AbortController().signal;
const asks = (more: Partial<ChatRequest>): ChatRequest => ({
  messages: [
    { role: 'system', content: 'rules' },
    { role: 'user', content: 'go' },
  ],
  stable: 1,
  maxTokens: 20,
  temperature: 0.8,
  seed: 7,
  ...more,
});

/** Where the package is: LLAMA_HOME names the folder in which it was installed, if it is not installed here. */
const home = process.env['LLAMA_HOME'] ?? process.cwd();
const opened = await EmbeddedClient.open({
  node: 'embedded',
  file,
  slots: 2,
  contextTokens: 4096,
  cwd: home,
  log,
}).catch((thrown: unknown) => PraxisError.from(thrown));
const isThere = opened instanceof EmbeddedClient;
if (!isThere) process.stderr.write(`Left out, a real llama.cpp in this process: ${opened.message}\n`);

(isThere ? describe : describe.skip)('a real llama.cpp inside the process, with a model of dice', () => {
  const client = opened as EmbeddedClient;
  const say = (request: ChatRequest, signal = never) => client.chat(node, 'tiny', request, { signal });
  afterAll(() => client.close());

  it('answers, the same for the same seed, and says what its cache had', async () => {
    const first = await say(asks({}));
    expect(first).toMatchObject({ finish: 'length', usage: { cached: 0 } });
    const again = await say(asks({}));
    expect(again.text).toBe(first.text);
    expect(again.usage.cached).toBe(first.usage.input);
    expect((await say(asks({ seed: 8 }))).text).not.toBe(first.text);
  });

  it.each(['next_action', 'critique', 'meta_plan', 'formal_goal'] as const)(
    'is held to the form of %s by its grammar, whatever the dice say',
    async (kind) => {
      const request = asks({ answer: answerFormat(kind, { actions: ['(move "a" b)', '(é)'] }), maxTokens: 1500 });
      const answer = await say(request);
      expect(answer.text).toMatch(/^\s*\{/);
      // Dice may go on with a text for ever, and what grammars take for a whole number may have any exponent.
      const { faults = [] } = answer.finish === 'stop' ? settleAnswer(answer, request, new SchemaCheck()) : {};
      expect(faults.filter((fault) => !fault.endsWith('must be integer'))).toEqual([]);
    },
  );

  it('embedded-client.2: answers more calls than it has slots', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, (_, seed) => say(asks({ seed }))));
    expect(answers.map(({ usage }) => usage.output > 0)).toEqual(Array(5).fill(true));
  });

  it('embedded-client.3, embedded-client.4: stops when it is told to, and refuses what is too long', async () => {
    const stop = new AbortController();
    const long = client.chat(node, 'tiny', asks({ maxTokens: 1900, temperature: 0 }), {
      signal: stop.signal,
      began: () => stop.abort(),
    });
    await expect(long).rejects.toMatchObject({ code: 'cancelled' });
    await expect(say(asks({ messages: [{ role: 'user', content: 'x'.repeat(4000) }] }))).rejects.toMatchObject({
      kind: 'too-long',
    });
    expect((await say(asks({}))).usage.output).toBeGreaterThan(0);
  });
});

it('always tells whether it could be tried', () => {
  expect(isThere || opened.code === 'invalid').toBe(true);
  rmSync(dir, { recursive: true, force: true });
});
