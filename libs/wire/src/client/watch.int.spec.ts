import { PraxisError, type Cursor, type RunSummary } from '@praxis/core';
import type { PlannerApi } from '../service-apis.js';
import { startServer, type RunningServer } from '../server/start-server.js';
import type { WatchedEvent } from '../watched-event.js';
import { connectPlanner } from './connect-planner.js';

type Watch = PlannerApi['watch'];
const refuse = (): never => {
  throw new PraxisError('bug', 'not part of this test');
};
const serveApi = (api: Partial<PlannerApi>, address = '127.0.0.1:0'): Promise<RunningServer> => {
  return startServer({ address, services: { planner: api as PlannerApi }, graceMs: 0 });
};
const serve = (watch: Watch, address?: string): Promise<RunningServer> => serveApi({ watch }, address);

const at = 1;
const checked = (position: number): WatchedEvent => ({
  stream: 'run/r-1',
  position,
  at,
  kind: 'run',
  event: { type: 'checked', holds: false },
});
const elapsed = (position: number, id = 'x'): WatchedEvent => ({
  stream: 'subgoal/r-1.1.1.1',
  position,
  at,
  kind: 'step',
  event: { type: 'elapsed', id },
});
const ended = (position: number): WatchedEvent => ({
  stream: 'run/r-1',
  position,
  at,
  kind: 'run',
  event: { type: 'ended', outcome: 'done', reason: '' },
});
const forever = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

const summary = (id: string): RunSummary => ({
  id,
  title: 't',
  world: 'w',
  space: 's',
  status: 'running',
  reason: '',
  planVersion: 1,
  subgoals: 2,
  subgoalsDone: 1,
  steps: 3,
  failedSteps: 0,
  replans: 0,
  toolsUsed: [],
  modelCalls: 0,
  questions: 0,
  acceptedAt: 5,
  endedAt: null,
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});
function client(address: string): PlannerApi {
  const made = connectPlanner(address);
  cleanups.unshift(() => made.close());
  return made;
}
async function collect(
  source: AsyncIterable<WatchedEvent>,
  each: (n: number) => unknown = () => undefined,
): Promise<readonly string[]> {
  const seen: string[] = [];
  for await (const { stream, position } of source) {
    seen.push(`${stream}#${position}`);
    await each(seen.length);
  }
  return seen;
}

describe('watch', () => {
  // watch.2
  it('gives the events of all streams and ends when the planner says so, also past the end of a run that was reopened', async () => {
    const server = await serve(async function* () {
      yield checked(0);
      yield elapsed(0);
      yield ended(1);
      yield checked(2);
      yield ended(3);
    });
    cleanups.push(server.stop);
    expect(await collect(client(server.address).watch('r-1', {}, new AbortController().signal))).toEqual([
      'run/r-1#0',
      'subgoal/r-1.1.1.1#0',
      'run/r-1#1',
      'run/r-1#2',
      'run/r-1#3',
    ]);
  });

  it('goes on from its cursor after the planner was restarted, without a gap or a repeat (watch.1)', async () => {
    const cursors: Cursor[] = [];
    const first = await serve(async function* (_run, after, signal) {
      cursors.push(after);
      yield checked(3);
      yield elapsed(0);
      yield elapsed(1);
      await forever(signal);
    });
    let second: RunningServer | undefined;
    const seen = await collect(
      client(first.address).watch('r-1', { 'run/r-1': 3 }, new AbortController().signal),
      async (n) => {
        if (n !== 3) return;
        await first.stop();
        second = await serve(async function* (_run, after) {
          cursors.push(after);
          yield elapsed(1, 'already seen');
          yield elapsed(2);
          yield ended(4);
        }, first.address);
        cleanups.push(second.stop);
      },
    );
    expect(seen).toEqual([
      'run/r-1#3',
      'subgoal/r-1.1.1.1#0',
      'subgoal/r-1.1.1.1#1',
      'subgoal/r-1.1.1.1#2',
      'run/r-1#4',
    ]);
    expect(cursors).toEqual([{ 'run/r-1': 3 }, { 'run/r-1': 4, 'subgoal/r-1.1.1.1': 2 }]);
  });

  it('stops at once where the planner refuses (watch.3)', async () => {
    let asked = 0;
    const server = await serve(async function* () {
      asked++;
      await Promise.reject(new PraxisError('missing', 'There is no run r-1.'));
      yield checked(0);
    });
    cleanups.push(server.stop);
    await expect(collect(client(server.address).watch('r-1', {}, new AbortController().signal))).rejects.toMatchObject({
      code: 'missing',
      message: 'There is no run r-1.',
    });
    expect(asked).toBe(1);
  });

  it('gives up on a planner that is not there, and says what to do (watch.3)', async () => {
    const server = await serve(refuse);
    await server.stop();
    await expect(collect(client(server.address).watch('r-1', {}, new AbortController().signal))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('praxis start'),
    });
  });

  // watch.2, pump.2
  it.each(['the signal', 'leaving the loop'])('ends quietly by %s, and the planner is told', async (by) => {
    const controller = new AbortController();
    let told: () => void = () => undefined;
    const isTold = new Promise<void>((resolve) => {
      told = resolve;
    });
    const server = await serve(async function* (_run, _after, signal) {
      signal.addEventListener('abort', () => told());
      yield checked(0);
      await forever(signal);
    });
    cleanups.push(server.stop);
    for await (const event of client(server.address).watch('r-1', {}, controller.signal)) {
      expect(event.position).toBe(0);
      if (by === 'leaving the loop') break;
      controller.abort();
    }
    await isTold;
  });

  it('holds the planner back while nobody reads (pump.1), and lets it go with the reader (pump.2)', async () => {
    let produced = 0;
    let close = (): void => undefined;
    const isClosed = new Promise<void>((resolve) => (close = resolve));
    const text = 'x'.repeat(10_000);
    const server = await serve(async function* () {
      try {
        for (; produced < 5000; produced++) yield elapsed(produced, text);
        yield ended(0);
      } finally {
        close();
      }
    });
    cleanups.push(server.stop);
    let read = 0;
    for await (const event of client(server.address).watch('r-1', {}, new AbortController().signal)) {
      void event;
      if (++read === 3) {
        await settled(() => produced);
        break;
      }
    }
    expect(produced).toBeLessThan(100);
    await isClosed;
  });
});

describe('watchRuns', () => {
  it('gives each run as it was told, until the reader leaves, and the planner is told', async () => {
    let told: () => void = () => undefined;
    const isTold = new Promise<void>((resolve) => (told = resolve));
    const server = await serveApi({
      watchRuns: async function* (signal) {
        signal.addEventListener('abort', () => told());
        yield summary('r-1');
        yield summary('r-2');
        await forever(signal);
      },
    });
    cleanups.push(server.stop);
    const seen: RunSummary[] = [];
    for await (const run of client(server.address).watchRuns(new AbortController().signal))
      if (seen.push(run) === 2) break;
    expect(seen).toEqual([summary('r-1'), summary('r-2')]);
    await isTold;
  });

  it('says that the connection broke, since only who lists again knows what changed meanwhile', async () => {
    const server = await serveApi({
      watchRuns: async function* (signal) {
        yield summary('r-1');
        await forever(signal);
      },
    });
    const watching = (async () => {
      for await (const run of client(server.address).watchRuns(new AbortController().signal)) {
        expect(run.id).toBe('r-1');
        await server.stop();
      }
    })();
    await expect(watching).rejects.toMatchObject({
      name: 'PraxisError',
      code: expect.stringMatching(/^(unavailable|cancelled)$/),
    });
  });
});

/** Waits until a number has stopped growing. */
async function settled(value: () => number): Promise<void> {
  for (let last = -1; last !== value();) {
    last = value();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

describe('waiting for the end of a run', () => {
  // watch.3
  it('outlasts a planner that is killed before it said anything of the run, where it had answered before', async () => {
    const end = { ended: true, summary: summary('r-1'), result: null };
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const first = await serveApi({
      schedules: async () => [],
      wait: async (_run, _waitMs, signal) => {
        asked();
        await forever(signal!);
        return refuse();
      },
    });
    const planner = client(first.address);
    await planner.schedules();
    const waiting = planner.wait('r-1', 20_000);
    await isAsked;
    await first.stop();
    // Longer than one waits for a planner that was never there.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const second = await serveApi({ wait: async () => end }, first.address);
    cleanups.push(second.stop);
    expect(await waiting).toEqual(end);
  });
});
