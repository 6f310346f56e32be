import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, type ChatRequest, type Engine } from '@praxis/core';
import { NodeClient, type AskOptions } from './node-client.js';
import { openNodeNetwork } from './node-network.js';
import { DEFAULT_PATIENCE, endpointOf, type NodeEndpoint, type NodePatience } from './node-endpoint.js';

interface Seen {
  readonly path: string;
  readonly key: string | undefined;
  readonly body: Record<string, unknown>;
}
type Act = (response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

/** A node that does as it is told, one act per request and the last one for ever. */
class ScriptedNode {
  readonly seen: Seen[] = [];
  acts: Act[] = [];
  /** Connections that clients closed before they had a whole answer. */
  dropped = 0;
  connections = 0;
  readonly #server: Server = createServer((request, response) => void this.#take(request, response));

  async open(): Promise<this> {
    this.#server.on('connection', () => (this.connections += 1));
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => (this.dropped += response.writableFinished ? 0 : 1));
    let body = '';
    for await (const chunk of request) body += String(chunk);
    this.seen.push({
      path: request.url!,
      key: request.headers.authorization,
      body: JSON.parse(body) as Record<string, unknown>,
    });
    await (this.acts.length > 1 ? this.acts.shift()! : this.acts[0]!)(response, request);
  }
}

const event = (data: unknown): string => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const text = (content: string, finish: string | null = null): object => ({
  choices: [{ index: 0, delta: { content }, finish_reason: finish }],
});
const say =
  (status: number, body: unknown, headers: Record<string, string> = {}): Act =>
  (response) =>
    void response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
const stream =
  (...events: readonly unknown[]): Act =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(events.map(event).join(''));
const begin =
  (...events: readonly unknown[]): Act =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(events.map(event).join(''));
const hello = stream(
  text('hello'),
  text('', 'stop'),
  { choices: [], usage: { prompt_tokens: 7, completion_tokens: 1 } },
  '[DONE]',
);
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
};

const KEY = 'sk-4711-secret';
const request: ChatRequest = { messages: [{ role: 'user', content: 'say hello, please' }], stable: 0, maxTokens: 50 };
let server: ScriptedNode;
const node = (engine: Engine = 'unknown', url = server.url): NodeEndpoint =>
  endpointOf(
    { name: 'gpu1', url, engine, serves: [], slots: null, labels: {}, keyVariable: 'NODE_KEY', tools: 'unknown' },
    () => KEY,
  );
/** As the services ask. */
const network = openNodeNetwork({ trusted: new Set(), loopback: true });
const client = (patience: Partial<NodePatience> = {}): NodeClient =>
  new NodeClient({ ...DEFAULT_PATIENCE, ...patience }, systemClock, network.ask);
const chat = (
  more: Partial<AskOptions> = {},
  patience: Partial<NodePatience> = {},
  asked = request,
): ReturnType<NodeClient['chat']> =>
  client(patience).chat(node(), 'm', asked, { signal: new AbortController().signal, ...more });

beforeAll(async () => (server = await new ScriptedNode().open()));
afterAll(() => server.close());
beforeEach(() => {
  server.seen.length = 0;
  server.dropped = 0;
});

describe('chat', () => {
  it('asks with its key, tells the text as it comes, and counts', async () => {
    server.acts = [hello];
    const told: string[] = [];
    let began = 0;
    const meter = { input: 0, output: 0 };
    expect(await chat({ meter, onText: (piece) => void told.push(piece), began: () => void (began += 1) })).toEqual({
      text: 'hello',
      reasoning: '',
      calls: [],
      finish: 'stop',
      usage: { input: 7, cached: 0, output: 1, reasoning: 0 },
      saysCached: false,
    });
    expect([told, began, meter]).toEqual([['hello'], 1, { input: 7, output: 1 }]);
    expect(server.seen[0]).toMatchObject({
      path: '/v1/chat/completions',
      key: `Bearer ${KEY}`,
      body: { model: 'm', stream: true, stream_options: { include_usage: true } },
    });
  });

  it('uses a connection again', async () => {
    server.acts = [hello];
    await chat();
    const before = server.connections;
    for (let i = 0; i < 5; i += 1) await chat();
    expect(server.connections).toBe(before);
  });

  it('takes the answer of a server that does not stream, and one that stays open after its end', async () => {
    server.acts = [
      say(
        200,
        { choices: [{ message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }] },
        { 'content-type': 'application/json' },
      ),
    ];
    expect(await chat()).toMatchObject({ text: 'hello', usage: { input: 9, output: 2 } });
    server.acts = [begin(text('hello', 'stop'), '[DONE]')];
    expect((await chat()).text).toBe('hello');
    await until(() => server.dropped === 1);
  });

  it.each([
    [401, 'denied'],
    [404, 'no-model'],
    [429, 'busy'],
    [400, 'refused'],
    [413, 'too-long'],
    [500, 'broken'],
    [503, 'busy'],
    [302, 'broken'],
  ] as const)('turns %i into %s, without the key', async (status, kind) => {
    server.acts = [
      say(
        status,
        { error: { message: `you said ${KEY}, ${'x'.repeat(100_000)}` } },
        { 'retry-after': '2', location: 'http://127.0.0.1:1/' },
      ),
    ];
    const meter = { input: 0, output: 0 };
    const trouble = await chat({ meter }).catch((thrown: unknown) => thrown as Error);
    expect(trouble).toMatchObject({ name: 'NodeTrouble', kind, more: { retryAfterMs: 2000 } });
    expect((trouble as Error).message.length).toBeLessThan(400);
    expect(JSON.stringify(trouble) + String((trouble as Error).stack)).not.toContain(KEY);
    expect(meter).toEqual({ input: 0, output: 0 });
  });

  it('shows no key of an endpoint that is printed, nor one that no header can carry (node-client.2)', () => {
    expect(JSON.stringify(node())).not.toContain(KEY);
    const spec = {
      name: 'gpu1',
      url: server.url,
      engine: 'unknown' as const,
      serves: [],
      slots: null,
      labels: {},
      keyVariable: 'NODE_KEY',
      tools: 'unknown' as const,
    };
    expect(endpointOf(spec, () => ` ${KEY}\n`).key).toBe(KEY);
    expect(endpointOf(spec, () => '').key).toBeNull();
    expect(() => endpointOf(spec, () => `${KEY}\n${KEY}`)).toThrow(
      /^The key of node gpu1 in NODE_KEY holds characters that no key has; set the variable again\.$/,
    );
  });

  it('says that nobody is there, and that nothing was worked on (node-client.2)', async () => {
    const gone = await new ScriptedNode().open();
    const { url } = gone;
    await gone.close();
    const meter = { input: 0, output: 0 };
    await expect(
      client().chat(node('unknown', url), 'm', request, { signal: new AbortController().signal, meter }),
    ).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('ECONNREFUSED') });
    expect(meter).toEqual({ input: 0, output: 0 });
  });

  it('counts what was worked on before the connection broke', async () => {
    server.acts = [
      (response, asked) => {
        begin(text('hello, hello'))(response, asked);
        setTimeout(() => asked.socket.destroy(), 20);
      },
    ];
    await expect(chat()).rejects.toMatchObject({ kind: 'unreachable', more: { usage: { input: 9, output: 3 } } });
  });

  it('keeps an answer that was over when the connection broke, or when nothing more came', async () => {
    server.acts = [
      (response, asked) => {
        begin(text('hello', 'stop'))(response, asked);
        setTimeout(() => asked.socket.destroy(), 20);
      },
    ];
    expect(await chat()).toMatchObject({ text: 'hello', finish: 'stop' });
    server.acts = [begin(text('hello', 'stop'))];
    expect(await chat({}, { pauseMs: 30 })).toMatchObject({ text: 'hello', finish: 'stop' });
  });

  it('gives up a node that does not begin, one that stops, and one that never ends; each is closed', async () => {
    server.acts = [() => undefined];
    await expect(chat({}, { beginMs: 30 })).rejects.toMatchObject({
      kind: 'timeout',
      message: 'Node gpu1 did not begin to answer within 30 ms',
      more: { usage: { input: 9, output: 0 } },
    });
    server.acts = [begin(text('hel'))];
    await expect(chat({}, { pauseMs: 30 })).rejects.toMatchObject({
      kind: 'timeout',
      message: 'Node gpu1 stopped in the middle of its answer within 30 ms',
    });
    server.acts = [
      (response, asked) => {
        begin(text('a'))(response, asked);
        const timer = setInterval(() => response.write(event(text('a'))), 5);
        response.on('close', () => clearInterval(timer));
      },
    ];
    await expect(chat({}, { wholeMs: 100, pauseMs: 5000 })).rejects.toMatchObject({
      kind: 'timeout',
      message: 'Node gpu1 did not end its answer within 100 ms',
    });
    await until(() => server.dropped === 3);
  });

  it('lets a call wait its turn at a node that says that it is at work, though not for ever', async () => {
    let isAtWork = true;
    server.acts = [(response, asked) => void setTimeout(() => void begin(text('hello', 'stop'))(response, asked), 150)];
    expect(await chat({ isAtWork: () => isAtWork }, { beginMs: 20, pauseMs: 100 })).toMatchObject({ text: 'hello' });
    server.acts = [() => undefined];
    await expect(chat({ isAtWork: () => isAtWork }, { beginMs: 20, queueMs: 60 })).rejects.toMatchObject({
      kind: 'timeout',
      message: 'Node gpu1 was at work, and did not begin to answer within 60 ms',
    });
    const idle = chat({ isAtWork: () => isAtWork }, { beginMs: 20 });
    isAtWork = false;
    await expect(idle).rejects.toMatchObject({
      kind: 'timeout',
      message: 'Node gpu1 did not begin to answer within 20 ms',
    });
  });

  it('does not take signs of life for an answer', async () => {
    server.acts = [
      (response, asked) => {
        begin()(response, asked);
        const timer = setInterval(() => response.write(': still here\n\n'), 5);
        response.on('close', () => clearInterval(timer));
      },
    ];
    await expect(chat({}, { beginMs: 60 })).rejects.toMatchObject({ kind: 'timeout' });
  });

  // node-client.3, models.2
  it('closes the connection when the caller gives up, before the answer and in its middle', async () => {
    for (const act of [(() => undefined) as Act, begin(text('hel'))]) {
      server.dropped = 0;
      server.seen.length = 0;
      server.acts = [act];
      const controller = new AbortController();
      const call = chat({ signal: controller.signal }).catch((thrown: unknown) => thrown);
      await until(() => server.seen.length === 1);
      controller.abort();
      expect(await call).toMatchObject({ name: 'PraxisError', code: 'cancelled' });
      await until(() => server.dropped === 1);
    }
    server.seen.length = 0;
    await expect(chat({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.seen).toEqual([]);
  });

  it('cuts off an answer without end, and closes it (node-client.4)', async () => {
    server.acts = [
      (response, asked) => {
        begin(text('x'))(response, asked);
        const flood = (): void => {
          while (!response.destroyed && response.write(event(text('x'.repeat(10_000)))));
        };
        response.on('drain', flood);
        flood();
      },
    ];
    await expect(chat()).rejects.toMatchObject({ kind: 'broken', message: expect.stringContaining('does not end') });
    await until(() => server.dropped === 1);
  });

  it('asks once more without a field that the server refuses, and not with it again (node-client.1)', async () => {
    const picky: Act = (response, asked) => {
      const { body } = server.seen.at(-1)!;
      if ('stream_options' in body)
        return say(422, { detail: [{ loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }] })(
          response,
          asked,
        );
      if ('max_tokens' in body)
        return say(400, {
          error: {
            message:
              "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
          },
        })(response, asked);
      return hello(response, asked);
    };
    server.acts = [picky];
    const one = client();
    for (let i = 0; i < 2; i += 1)
      expect((await one.chat(node(), 'm', request, { signal: new AbortController().signal })).text).toBe('hello');
    expect(server.seen).toHaveLength(4);
    expect(server.seen.at(-1)!.body).toMatchObject({ max_completion_tokens: 50 });
    server.acts = [say(400, 'unsupported seed')];
    await expect(one.chat(node(), 'm', request, { signal: new AbortController().signal })).rejects.toMatchObject({
      kind: 'refused',
    });
    expect(server.seen).toHaveLength(5);
  });
});

describe('embed', () => {
  const embed = (texts: readonly string[]): ReturnType<NodeClient['embed']> =>
    client().embed(node(), 'e', texts, { signal: new AbortController().signal });

  it('gives a vector for each text, in the order of the texts', async () => {
    server.acts = [
      say(200, {
        data: [
          { index: 1, embedding: [0, 1] },
          { index: 0, embedding: [1, 0] },
        ],
        usage: { prompt_tokens: 4 },
      }),
    ];
    expect(await embed(['a', 'b'])).toEqual({
      vectors: [
        [1, 0],
        [0, 1],
      ],
      tokens: 4,
    });
    expect(server.seen[0]).toMatchObject({ path: '/v1/embeddings', body: { model: 'e', input: ['a', 'b'] } });
  });

  it('gives none that are too few, double, empty, of unequal length, or no numbers', async () => {
    const bad = [
      {},
      { data: [] },
      { data: [{ index: 0, embedding: [1] }] },
      {
        data: [
          { index: 1, embedding: [1] },
          { index: 1, embedding: [1] },
        ],
      },
      { data: [{ embedding: [1] }, { embedding: [1, 2] }] },
      { data: [{ embedding: [] }, { embedding: [] }] },
      { data: [{ embedding: ['1'] }, { embedding: [1] }] },
      {
        data: [
          { index: 4e9, embedding: [1] },
          { index: 0.5, embedding: [1] },
        ],
      },
      'no',
    ];
    for (const body of bad) {
      server.acts = [say(200, body)];
      await expect(embed(['a', 'b'])).rejects.toMatchObject({ kind: 'broken' });
    }
  });
});
