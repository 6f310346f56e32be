import { setTimeout as wait } from 'node:timers/promises';
import { PlainMaker } from '../answers/plain-maker.js';
import { parseScript, ScriptedMaker } from '../answers/scripted-maker.js';
import { startSimulatedNode, type SimulatorOptions, type StartedNode } from './start-simulated-node.js';

const running: StartedNode[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((n) => n.stop()));
});

async function start(options: Partial<SimulatorOptions> = {}): Promise<StartedNode> {
  const node = await startSimulatedNode({
    answers: new PlainMaker({ text: 'echo', seed: '1' }),
    model: 'm',
    speed: 200,
    ...options,
  });
  running.push(node);
  return node;
}

const origin = (node: StartedNode): string => node.url.replace(/\/v1$/, '');
const post = (
  node: StartedNode,
  body: object,
  path = '/v1/chat/completions',
  signal?: AbortSignal,
): Promise<Response> =>
  fetch(`${origin(node)}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
const chat = (content: string, more: object = {}): object => ({
  model: 'm',
  messages: [{ role: 'user', content }],
  ...more,
});

interface Chunk {
  readonly choices: readonly {
    readonly delta: Record<string, unknown>;
    readonly finish_reason: string | null;
    readonly logprobs?: unknown;
  }[];
  readonly usage?: Record<string, unknown> | null;
  readonly system_fingerprint: string;
}

/** The events of a stream, in order. */
async function events(response: Response): Promise<{ readonly chunks: readonly Chunk[]; readonly last: string }> {
  const lines = (await response.text()).split('\n\n').filter((l) => l !== '');
  return { chunks: lines.slice(0, -1).map((l) => JSON.parse(l.replace(/^data: /, '')) as Chunk), last: lines.at(-1)! };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(2);
}

describe('a chat completion', () => {
  it('streams the role, the pieces in order, the end, the usage where wanted, and then DONE', async () => {
    const node = await start();
    const response = await post(
      node,
      chat('one two three', {
        stream: true,
        stream_options: { include_usage: true },
        logprobs: true,
        return_token_ids: true,
      }),
    );
    expect(response.headers.get('server')).toBe('praxis-simulator');
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const { chunks, last } = await events(response);
    expect(last).toBe('data: [DONE]');
    expect(chunks[0]!.choices[0]!.delta).toEqual({ role: 'assistant', content: '' });
    expect(chunks.slice(1, -2).map((c) => c.choices[0]!.delta['content'])).toEqual(['one', ' two', ' three']);
    expect(chunks[1]!.choices[0]).toMatchObject({
      logprobs: { content: [{ token: 'one', logprob: expect.any(Number) }] },
      token_ids: [expect.any(Number)],
    });
    expect(chunks.at(-2)!.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { completion_tokens: 3, prompt_tokens_details: { cached_tokens: 0 } },
    });
    expect(chunks.every((c) => c.system_fingerprint === 'praxis-simulator')).toBe(true);
  });

  it('says the same as a whole', async () => {
    const node = await start();
    const body = (await (await post(node, chat('one two three', { max_tokens: 2 }))).json()) as object;
    expect(body).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: 'one two' }, finish_reason: 'length' }],
      usage: { completion_tokens: 2 },
    });
  });

  it('calls tools, streamed by name and pieces of arguments', async () => {
    const answers = new ScriptedMaker(
      parseScript('[{"tool": {"name": "move", "args": {"from": "a", "to": "b"}}}]', 's'),
    );
    const node = await start({ answers });
    const tools = [{ type: 'function', function: { name: 'move', parameters: { type: 'object' } } }];
    const { chunks } = await events(await post(node, chat('go', { stream: true, tools })));
    const calls = chunks.flatMap((c) =>
      c.choices.flatMap(
        (x) =>
          (x.delta['tool_calls'] ?? []) as {
            readonly id?: string;
            readonly function: { readonly name?: string; readonly arguments: string };
          }[],
      ),
    );
    expect(calls[0]).toMatchObject({
      index: 0,
      id: expect.any(String),
      type: 'function',
      function: { name: 'move', arguments: '' },
    });
    expect(JSON.parse(calls.map((c) => c.function.arguments).join(''))).toEqual({ from: 'a', to: 'b' });
    expect(chunks.at(-1)!.choices[0]!.finish_reason).toBe('tool_calls');
    const whole = (await (await post(node, chat('go', { tools }))).json()) as {
      choices: { message: { tool_calls: object[] } }[];
    };
    expect(whole.choices[0]!.message.tool_calls).toMatchObject([
      { function: { name: 'move', arguments: '{"from":"a","to":"b"}' } },
    ]);
  });

  it('finds what it has read before: a second turn is cached up to where it differs', async () => {
    const node = await start();
    const long = Array.from({ length: 200 }, (_, i) => `rule${i % 10}`).join(' ');
    const ask = async (question: string): Promise<{ prompt_tokens: number; cached: number }> => {
      const { usage } = (await (
        await post(node, {
          model: 'm',
          messages: [
            { role: 'system', content: long },
            { role: 'user', content: question },
          ],
          max_tokens: 2,
        })
      ).json()) as { usage: { prompt_tokens: number; prompt_tokens_details: { cached_tokens: number } } };
      return { prompt_tokens: usage.prompt_tokens, cached: usage.prompt_tokens_details.cached_tokens };
    };
    const first = await ask('what now?');
    const second = await ask('and then?');
    expect(first.cached).toBe(0);
    expect(second.cached).toBe(Math.floor((second.prompt_tokens - 10) / 16) * 16);
    expect(node.node.load()).toMatchObject({
      hits: second.cached,
      queries: first.prompt_tokens + second.prompt_tokens,
    });
  });

  it('gives the slot back at once when the client goes', async () => {
    const node = await start({
      speed: 1,
      size: { slots: 1, decodeRate: 5 },
      answers: new PlainMaker({ text: { words: 500 }, seed: '1' }),
    });
    const gone = new AbortController();
    const first = await post(node, chat('long', { stream: true }), undefined, gone.signal);
    const second = post(node, chat('short', { max_tokens: 1, stream: true }));
    await until(() => node.node.load().waiting === 1);
    gone.abort();
    await expect(first.text()).rejects.toThrow();
    expect((await events(await second)).last).toBe('data: [DONE]');
    await until(() => node.stats().aborted === 1);
    expect(node.stats()).toMatchObject({ requests: 2, answered: 1, running: 0, waiting: 0 });
  });
});

describe('what is refused', () => {
  it('is told in the words of the protocol', async () => {
    const node = await start({ contextTokens: 50, bodyBytes: 2_000 });
    const told = async (response: Promise<Response>): Promise<readonly unknown[]> => {
      const r = await response;
      return [r.status, ((await r.json()) as { error: { message: string } }).error.message];
    };
    expect(await told(post(node, { ...chat('x'), model: 'other' }))).toEqual([
      404,
      'The model `other` does not exist.',
    ]);
    expect(await told(post(node, chat('x', { n: 2 })))).toEqual([400, expect.stringContaining('n: must be 1')]);
    expect(await told(post(node, { model: 'm' }))).toEqual([400, expect.stringContaining('messages')]);
    expect(await told(post(node, chat('many words '.repeat(60))))).toEqual([
      400,
      expect.stringContaining('maximum context length is 50'),
    ]);
    expect(await told(post(node, chat('x'.repeat(3_000))))).toEqual([413, expect.stringContaining('2000 bytes')]);
    expect(await told(fetch(`${node.url}/chat/completions`, { method: 'POST', body: '{}' }))).toEqual([
      415,
      expect.stringContaining('application/json'),
    ]);
    expect(await told(fetch(`${node.url}/chat/completions`))).toEqual([405, expect.stringContaining('GET')]);
    expect(await told(fetch(`${node.url}/nothing`))).toEqual([404, expect.stringContaining('/v1/nothing')]);
    expect(await told(post(node, { kind: 'oops', next: 1 }, '/simulator/faults'))).toEqual([
      400,
      expect.stringContaining('kind'),
    ]);
    expect(await told(post(node, { kind: 'hang' }, '/simulator/faults'))).toEqual([
      400,
      expect.stringContaining('share, next'),
    ]);
  });
});

describe('a fault on demand', () => {
  const tools = [{ type: 'function', function: { name: 'move', parameters: { type: 'object' } } }];
  const order = (node: StartedNode, kind: string, more: object = {}): Promise<Response> =>
    post(node, { kind, next: 1, ...more }, '/simulator/faults');
  const contentOf = (chunks: readonly Chunk[]): string =>
    chunks.flatMap((c) => c.choices.map((x) => (x.delta['content'] as string | undefined) ?? '')).join('');

  it('429 and 500 are told with their status, and the next request goes well', async () => {
    const node = await start();
    await order(node, '429', { retryAfterS: 7 });
    await order(node, '500');
    const busy = await post(node, chat('x'));
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await post(node, chat('x'))).status).toBe(500);
    expect((await post(node, chat('x'))).status).toBe(200);
    expect(node.stats()).toMatchObject({ requests: 3, answered: 1, failed: 2, faults: { '429': 1, '500': 1 } });
  });

  it('hang answers nothing until the client goes', async () => {
    const node = await start();
    await order(node, 'hang');
    const gone = new AbortController();
    const asked = post(node, chat('x'), undefined, gone.signal);
    await until(() => node.stats().requests === 1);
    expect(await Promise.race([asked, wait(50).then(() => 'nothing')])).toBe('nothing');
    gone.abort();
    await expect(asked).rejects.toThrow();
    await until(() => node.stats().aborted === 1);
  });

  it('truncated ends inside the JSON and yet says stop', async () => {
    const node = await start({
      answers: new ScriptedMaker(parseScript('[{"json": {"action": "(move a b)", "thought": "because"}}]', 's')),
    });
    await order(node, 'truncated');
    const { chunks, last } = await events(await post(node, chat('x', { stream: true })));
    expect(() => JSON.parse(contentOf(chunks)) as unknown).toThrow();
    expect(contentOf(chunks)).toMatch(/^\{"action/);
    expect([chunks.at(-1)!.choices[0]!.finish_reason, last]).toEqual(['stop', 'data: [DONE]']);
  });

  it('wrong-tool calls what nobody offered, or with arguments of wrong types, or names an action that is none', async () => {
    const node = await start({
      answers: new ScriptedMaker(
        parseScript(
          '[{"when": "call", "tool": {"name": "move", "args": {"to": "b"}}}, {"when": "json", "json": {"action": "(move a b)"}}, {"text": "words"}]',
          's',
        ),
      ),
    });
    await order(node, 'wrong-tool', { next: 3 });
    const message = async (content: string, more: object): Promise<object> =>
      ((await (await post(node, chat(content, more))).json()) as { choices: { message: object }[] }).choices[0]!
        .message;
    expect(await message('words', { tools })).toMatchObject({ tool_calls: [{ function: { name: 'no_such_tool' } }] });
    expect(await message('call', { tools })).toMatchObject({
      tool_calls: [{ function: { name: 'move', arguments: '{"to":42}' } }],
    });
    expect(await message('json', {})).toMatchObject({ content: '{"action":"(no-such-action nobody nowhere)"}' });
  });

  it('refusal, empty and huge say what their names say', async () => {
    const node = await start();
    await order(node, 'refusal');
    await order(node, 'empty');
    await order(node, 'huge');
    const message = async (): Promise<{ content: string | null; refusal: string | null }> =>
      (
        (await (await post(node, chat('x'))).json()) as {
          choices: { message: { content: string | null; refusal: string | null } }[];
        }
      ).choices[0]!.message;
    expect(await message()).toMatchObject({ content: null, refusal: expect.stringContaining("can't") });
    expect(await message()).toMatchObject({ content: '', refusal: null });
    expect((await message()).content!.length).toBeGreaterThan(8_000_000);
  });

  it('dies breaks the connection in the middle, and leaves nothing running', async () => {
    const node = await start();
    await order(node, 'dies');
    const response = await post(node, chat('one two three four', { stream: true }));
    await expect(response.text()).rejects.toThrow();
    await until(() => node.stats().aborted === 1);
    expect(node.stats()).toMatchObject({ answered: 0, running: 0, waiting: 0 });
  });

  it('invalid-sse is no stream that can be read, and without a stream no JSON', async () => {
    const node = await start();
    await order(node, 'invalid-sse', { next: 2 });
    const streamed = await (await post(node, chat('one two three four', { stream: true }))).text();
    expect(streamed).toContain('"content":"one"');
    expect(streamed).toContain('<html>');
    expect(streamed).not.toContain('[DONE]');
    await expect((await post(node, chat('x'))).json()).rejects.toThrow();
  });

  it('slow holds a request up, or slows down the whole node until the faults are taken back', async () => {
    const node = await start();
    await order(node, 'slow', { delayMs: 4_000 });
    await order(node, 'slow', { next: undefined, factor: 50 });
    const started = node.node.load();
    expect(started.running).toBe(0);
    const clock = performance.now();
    await post(node, chat('x'));
    // At 200 times the speed 4,000 ms are 20: a lower bound, which no slow machine can break.
    expect(performance.now() - clock).toBeGreaterThan(19);
    expect(await (await fetch(`${origin(node)}/simulator/faults`, { method: 'DELETE' })).json()).toEqual({
      faults: [],
    });
  });
});

describe('what a router reads', () => {
  it('finds the metrics of vLLM, each with its type, and counts that agree with what was asked', async () => {
    const node = await start({ size: { cacheTokens: 1_600, blockTokens: 16 } });
    await post(node, chat('one two three'));
    await post(node, chat('one two three', { max_tokens: 1 }));
    const text = await (await fetch(`${origin(node)}/metrics`)).text();
    const samples = new Map(
      text
        .split('\n')
        .filter((l) => l !== '' && !l.startsWith('#'))
        .map((l) => [l.slice(0, l.lastIndexOf(' ')), Number(l.slice(l.lastIndexOf(' ') + 1))]),
    );
    const at = (name: string, more = ''): number | undefined =>
      samples.get(`vllm:${name}{model_name="m",engine="0"${more}}`);
    expect(at('num_requests_running')).toBe(0);
    expect(at('num_requests_waiting')).toBe(0);
    expect(at('kv_cache_usage_perc')).toBe(0);
    expect(at('generation_tokens_total')).toBe(4);
    expect(at('request_success_total', ',finished_reason="stop"')).toBe(1);
    expect(at('request_success_total', ',finished_reason="length"')).toBe(1);
    expect(at('time_to_first_token_seconds_count')).toBe(2);
    expect(at('time_to_first_token_seconds_bucket', ',le="+Inf"')).toBe(2);
    expect(at('cache_config_info', ',block_size="16",num_gpu_blocks="100"')).toBe(1);
    expect(at('prefix_cache_queries_total')).toBe(at('prompt_tokens_total'));
    expect([...samples.values()].every((v) => Number.isFinite(v))).toBe(true);
    for (const name of samples.keys())
      expect(text).toContain(`# TYPE ${name.split('{')[0]!.replace(/_(bucket|sum|count)$/, '')} `);
  });

  it('says what it is, what it serves and how it is', async () => {
    const node = await start();
    const get = async (path: string): Promise<unknown> => (await fetch(`${origin(node)}${path}`)).json();
    expect(await get('/v1/models')).toMatchObject({
      data: [{ id: 'm', owned_by: 'praxis-simulator', max_model_len: 32_768 }],
    });
    expect(await get('/version')).toEqual({ version: 'praxis-simulator' });
    expect(await get('/load')).toEqual({ server_load: 0 });
    expect((await fetch(`${origin(node)}/health`)).status).toBe(200);
    node.node.die();
    expect((await fetch(`${origin(node)}/health`)).status).toBe(503);
    expect((await post(node, chat('x'))).status).toBe(503);
  });

  it('gives vectors of length 1, as numbers or packed', async () => {
    const node = await start();
    const ask = async (more: object): Promise<readonly { embedding: unknown }[]> =>
      (
        (await (await post(node, { model: 'm', input: ['a b', 'c'], ...more }, '/v1/embeddings')).json()) as {
          data: { embedding: unknown }[];
        }
      ).data;
    const [first, second] = await ask({ dimensions: 64 });
    expect(first!.embedding).toHaveLength(64);
    expect(first).not.toEqual(second);
    const packed = Buffer.from(
      (await ask({ dimensions: 64, encoding_format: 'base64' }))[0]!.embedding as string,
      'base64',
    );
    expect([...new Float32Array(packed.buffer, packed.byteOffset, 64)].map((x) => Number(x.toFixed(5)))).toEqual(
      (first!.embedding as number[]).map((x) => Number(x.toFixed(5))),
    );
  });
});

describe('the start', () => {
  it('says so where the port is taken', async () => {
    const node = await start();
    await expect(start({ port: Number(new URL(node.url).port) })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('already'),
    });
  });
});
