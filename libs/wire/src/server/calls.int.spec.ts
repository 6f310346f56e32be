import { AsyncLocalStorage } from 'node:async_hooks';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { context, ROOT_CONTEXT, trace, type Context, type ContextManager } from '@opentelemetry/api';
import { goalSchema, PraxisError, type ErrorCode } from '@praxis/core';
import { connectPlanner } from '../client/connect-planner.js';
import type { Closable } from '../client/caller.js';
import type { Overview, PlannerApi } from '../service-apis.js';
import { startServer, type RunningServer } from './start-server.js';

setLogVerbosity(logVerbosity.NONE);
const GOAL = goalSchema.parse({ title: 't', world: 'w' });

const open: (RunningServer | Closable)[] = [];
/** A planner of which a test says only what it needs, and its client. */
async function pair(parts: Partial<PlannerApi>, deadlineMs = 10_000): Promise<PlannerApi & Closable> {
  const server = await startServer({ address: '127.0.0.1:0', services: { planner: parts as PlannerApi }, graceMs: 0 });
  const client = connectPlanner(server.address, { deadlineMs });
  open.push(client, server);
  return client;
}
afterEach(async () => {
  for (const thing of open.splice(0)) await ('stop' in thing ? thing.stop() : thing.close());
});

const refusal = (call: Promise<unknown>): Promise<PraxisError> =>
  call.then(
    () => Promise.reject(new Error('the call went well')),
    (thrown: unknown) => thrown as PraxisError,
  );

describe('a call', () => {
  it('brings goal and request id to the planner and the run back', async () => {
    const seen: unknown[] = [];
    const client = await pair({ submit: async (goal, requestId) => (seen.push(goal, requestId), 'r-1') });
    expect(await client.submit(GOAL, 'once')).toBe('r-1');
    expect(await client.submit(GOAL, null)).toBe('r-1');
    expect(seen).toEqual([GOAL, 'once', GOAL, null]);
  });

  it('brings the words of a search, and how the cluster stands', async () => {
    const seen: unknown[] = [];
    const overview: Overview = {
      backend: 'redis',
      runs: { waiting: 1, running: 2, paused: 6, done: 3, failed: 4, cancelled: 5 },
      tools: { candidate: 1, active: 2, rejected: 3, retired: 4 },
      executors: [
        {
          name: 'e',
          address: 'h:1',
          lanes: ['default'],
          concurrency: 2,
          busy: ['r-1.1.1.1'],
          draining: false,
          startedAt: 5,
          seenAt: 6,
        },
      ],
      queues: null,
      questions: 7,
    };
    const client = await pair({
      overview: async () => overview,
      list: async (filter) => (seen.push(filter), { runs: [], next: null }),
    });
    const filter = { status: null, world: null, space: null, text: 'lay the table' };
    await client.list(filter, { size: 0, token: null });
    expect(seen).toEqual([filter]);
    expect(await client.overview()).toEqual(overview);
  });

  it('is ended on the server when its deadline passes, and the caller is told', async () => {
    const reasons: unknown[] = [];
    const client = await pair(
      {
        get: (_run, signal) =>
          new Promise((_resolve, reject) =>
            signal?.addEventListener('abort', () => (reasons.push(signal.reason), reject(signal.reason))),
          ),
      },
      80,
    );
    const error = await refusal(client.get('r-1'));
    expect(error).toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/the planner at 127\.0\.0\.1:\d+ did not answer Get in time/),
    });
    await until(() => reasons.length > 0);
    expect(reasons[0]).toMatchObject({ code: 'timeout' });
  });

  it('tells the handler when the caller gives up', async () => {
    const reasons: unknown[] = [];
    const controller = new AbortController();
    const client = await pair({
      get: (_run, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => (reasons.push(signal.reason), reject(signal.reason)));
          controller.abort();
        }),
    });
    expect(await refusal(client.get('r-1', controller.signal))).toMatchObject({ code: 'cancelled' });
    await until(() => reasons.length > 0);
    expect(reasons[0]).toMatchObject({ code: 'cancelled', message: 'The caller is gone.' });
  });

  it.each<ErrorCode>(['invalid', 'missing', 'denied', 'exhausted', 'conflict', 'timeout', 'cancelled', 'bug'])(
    'brings the error %s with its message and details',
    async (code) => {
      const client = await pair({
        get: () =>
          Promise.reject(
            new PraxisError(code, 'Nö: there is no run "r-9" (50 %)\n😀 \ud800', { details: { run: 'r-9', tries: 2 } }),
          ),
      });
      expect(await refusal(client.get('r-9'))).toMatchObject({
        name: 'PraxisError',
        code,
        message: 'Nö: there is no run "r-9" (50 %)\n😀 \ufffd',
        details: { run: 'r-9', tries: 2 },
      });
    },
  );

  it('names the field of a goal that the planner cannot accept', async () => {
    const client = await pair({ submit: async () => 'r-1' });
    expect(await refusal(client.submit({ ...GOAL, budget: { ...GOAL.budget, steps: -1 } }, null))).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('goal.budget.steps'),
      details: { field: 'goal.budget.steps' },
    });
  });

  it('is made again while the planner is unavailable, but only where that is harmless', async () => {
    let tries = 0;
    const unavailable = (): never => {
      tries++;
      throw new PraxisError('unavailable', 'The database is starting.');
    };
    const client = await pair({ submit: async () => (tries < 2 ? unavailable() : 'r-1') });
    expect(await client.submit(GOAL, 'once')).toBe('r-1');
    expect(tries).toBe(2);
    tries = 0;
    expect(await refusal(client.submit(GOAL, null))).toMatchObject({
      code: 'unavailable',
      message: 'The database is starting.',
    });
    expect(tries).toBe(1);
  });

  it('says what to do where nobody listens', async () => {
    const server = await startServer({ address: '127.0.0.1:0', services: {}, graceMs: 0 });
    await server.stop();
    const client = connectPlanner(server.address);
    open.push(client);
    expect(await refusal(client.submit(GOAL, null))).toMatchObject({
      code: 'unavailable',
      message: `cannot reach the planner at ${server.address}; is it running? start it with \`praxis start\``,
    });
  });

  it('says so where something else listens', async () => {
    const server = await startServer({ address: '127.0.0.1:0', services: {}, graceMs: 0 });
    const client = connectPlanner(server.address);
    open.push(client, server);
    expect(await refusal(client.get('r-1'))).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/does not know Get; it may be an older release/),
    });
  });

  it('is refused with a clear message where the request or the answer is too large', async () => {
    const huge = 'x'.repeat(17 * 1024 * 1024);
    const client = await pair({ submit: async () => 'r-1', list: async () => ({ runs: [], next: huge }) });
    const tooLarge = {
      code: 'exhausted',
      message: expect.stringMatching(/a message of (Submit|List) is too large .*send less at once/),
    };
    expect(await refusal(client.submit({ ...GOAL, condition: huge }, null))).toMatchObject(tooLarge);
    expect(
      await refusal(client.list({ status: null, world: null, space: null, text: null }, { size: 0, token: null })),
    ).toMatchObject(tooLarge);
  });

  it('refuses an address that is taken', async () => {
    const server = await startServer({ address: '127.0.0.1:0', services: {}, graceMs: 0 });
    open.push(server);
    expect(await refusal(startServer({ address: server.address, services: {} }))).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('cannot listen on'),
    });
  });

  it('carries the trace of its caller to the handler, in streams of both directions too', async () => {
    context.setGlobalContextManager(contextManager());
    const seen: unknown[] = [];
    const look = (): unknown => seen.push(trace.getSpanContext(context.active()));
    const client = await pair({
      submit: async () => (look(), 'r-1'),
      importRun: async (lines) => {
        for await (const line of lines) if (line === '2') look();
        return 'r-1';
      },
      async *watch() {
        await Promise.resolve();
        look();
        yield {
          stream: 'run/r-1',
          position: 0,
          at: 1,
          kind: 'run',
          event: { type: 'ended', outcome: 'done', reason: '' },
        };
      },
    });
    const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
    await context.with(trace.setSpanContext(ROOT_CONTEXT, span), async () => {
      await client.submit(GOAL, null);
      const lines = async function* (): AsyncGenerator<string> {
        yield* ['1', '2'];
      };
      await client.importRun(lines(), new AbortController().signal);
      for await (const event of client.watch('r-1', {}, new AbortController().signal)) void event;
    });
    context.disable();
    expect(seen).toEqual([1, 2, 3].map(() => ({ ...span, isRemote: true })));
  });
});

/** Waits for something that another task is about to do. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** What OpenTelemetry's SDK would install: the active context follows asynchronous work. */
function contextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (ctx, fn, self, ...args) => storage.run(ctx, () => fn.call(self as never, ...args)),
    bind: (_ctx, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}
