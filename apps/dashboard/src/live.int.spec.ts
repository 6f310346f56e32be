import { setMaxListeners } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Logger, RunSummary } from '@praxis/core';
import type { RunningService } from '@praxis/platform';
import { MemoryPlanner } from '@praxis/testing';
import {
  connectPlanner,
  startServer,
  type Closable,
  type Overview,
  type RunningServer,
  type WatchedEvent,
} from '@praxis/wire';
import type { NewsState } from './api.js';
import type { Pace } from './parts.js';
import { startDashboard } from './start-dashboard.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const HOSTILE = `\n\ndata: {}\nevent: end\r\n\r\n<script>alert(1)</script>\u2028\u202E`;

let planner: MemoryPlanner;
const open: (RunningService | RunningServer | Closable)[] = [];
beforeEach(() => {
  planner = new MemoryPlanner();
  planner.accept('r-1', HOSTILE);
});
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await ('stop' in thing ? thing.stop() : thing.close());
});

const serve = async (address: string): Promise<RunningServer> => {
  const server = await startServer({ address, services: { planner }, graceMs: 0 });
  open.push(server);
  return server;
};

async function start(
  pace: Partial<Pace> = {},
): Promise<{ readonly url: string; readonly service: RunningService; readonly server: RunningServer }> {
  const server = await serve('127.0.0.1:0');
  const client = connectPlanner(server.address);
  open.push(client);
  const nothing = (): never => {
    throw new Error('not part of this test');
  };
  const board = { router: nothing, show: nothing, close: nothing };
  const archive = { get: nothing, list: nothing };
  const artifacts = { get: nothing };
  const parts = {
    address: '127.0.0.1:0',
    log,
    planner: client,
    archive,
    artifacts,
    board,
    keyHashes: [],
    tls: null,
    metrics: null,
    version: '1',
    pageDir: '/nowhere',
  };
  const service = await startDashboard({ ...parts, pace: { batchMs: 5, overviewMs: 20, pauseMs: 20, ...pace } });
  open.push(service);
  return { url: `http://${service.address}`, service, server };
}

interface Told {
  readonly name: string;
  readonly data: unknown;
}

/** What a browser's EventSource would be told; `:` for a comment. */
async function* listen(url: string, signal?: AbortSignal): AsyncGenerator<Told> {
  const response = await fetch(url, signal ? { signal } : {});
  if (response.headers.get('content-type') !== 'text/event-stream; charset=utf-8')
    throw new Error(`${response.status} ${await response.text()}`);
  let rest = '';
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      rest += chunk;
      const blocks = rest.split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        const [, name, data] = /^event: (\w+)\ndata: ([^\n]*)$/.exec(block) ?? [];
        yield name === undefined ? { name: block, data: null } : { name, data: JSON.parse(data!) as unknown };
      }
    }
  } catch (thrown) {
    if (signal?.aborted !== true) throw thrown;
  }
}

async function first<T extends Told>(told: AsyncGenerator<Told>, fits: (one: Told) => boolean): Promise<T> {
  for (;;) {
    const next = await told.next();
    if (next.done === true) throw new Error('the stream ended');
    if (fits(next.value)) return next.value as T;
  }
}

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
};
const observe = (n: number, message: string): void =>
  planner.step('r-1', 'subgoal/r-1.1.1.1', {
    type: 'observed',
    id: `s-${n}`,
    step: n,
    result: { ok: true, message },
    change: { added: [], removed: [], numbers: {} },
  });

describe('the events of a run', () => {
  it('are told in order, each once, and `end` after the last', async () => {
    const { url } = await start();
    const told: Told[] = [];
    const reading = (async () => {
      for await (const one of listen(`${url}/api/runs/r-1/events`)) told.push(one);
    })();
    await until(() => told.length > 0);
    for (let n = 0; n < 1_500; n++) observe(n, HOSTILE);
    planner.happen('r-1', { type: 'ended', outcome: 'done', reason: HOSTILE });
    await reading;
    expect(told.at(-1)).toEqual({ name: 'end', data: {} });
    expect(new Set(told.slice(0, -1).map((one) => one.name))).toEqual(new Set(['events']));
    const events = told.slice(0, -1).flatMap((one) => one.data as WatchedEvent[]);
    expect(events.map((e) => e.event.type)).toEqual([
      'accepted',
      ...Array.from({ length: 1_500 }, () => 'observed'),
      'ended',
    ]);
    expect(events.flatMap((e) => (e.kind === 'step' ? [e.position] : []))).toEqual(
      Array.from({ length: 1_500 }, (_, n) => n),
    );
    expect(events.at(-1)).toMatchObject({ event: { reason: HOSTILE } });
  });

  it('are told again from the beginning to who comes back', async () => {
    const { url } = await start();
    for (let round = 0; round < 2; round++) {
      const leaving = new AbortController();
      const { data } = await first(
        listen(`${url}/api/runs/r-1/events`, leaving.signal),
        (one) => one.name === 'events',
      );
      expect((data as WatchedEvent[])[0]).toMatchObject({ position: 0, event: { type: 'accepted' } });
      leaving.abort();
    }
  });

  it('are followed only while somebody listens (event-stream.3)', async () => {
    const { url } = await start();
    const leaving = new AbortController();
    await first(listen(`${url}/api/runs/r-1/events`, leaving.signal), (one) => one.name === 'events');
    expect(planner.seen.watches).toBe(1);
    leaving.abort();
    await until(() => planner.seen.watches === 0);
  });

  it('fail in words where there is no such run', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/api/runs/r-9/events`);
    expect([response.status, await response.json()]).toEqual([
      404,
      { code: 'missing', message: expect.stringContaining('r-9') },
    ]);
  });

  it('go on over a planner that is started again', async () => {
    const { url, server } = await start();
    const told = listen(`${url}/api/runs/r-1/events`);
    await first(told, (one) => one.name === 'events');
    await server.stop();
    await serve(server.address);
    planner.happen('r-1', { type: 'ended', outcome: 'done', reason: '' });
    expect(
      (await first<{ name: string; data: WatchedEvent[] }>(told, (one) => one.name === 'events')).data.map(
        (e) => e.event.type,
      ),
    ).toEqual(['ended']);
    await first(told, (one) => one.name === 'end');
  });

  it('say that they are still there while nothing happens (event-stream.2)', async () => {
    const { url } = await start({ heartbeatMs: 30 });
    const leaving = new AbortController();
    const told = listen(`${url}/api/runs/r-1/events`, leaving.signal);
    await first(told, (one) => one.name === 'events');
    expect(await told.next()).toEqual({ value: { name: ':', data: null }, done: false });
    expect(await told.next()).toEqual({ value: { name: ':', data: null }, done: false });
    leaving.abort();
  });

  it('end when the dashboard stops', async () => {
    const { url, service } = await start();
    const told = listen(`${url}/api/runs/r-1/events`);
    await first(told, (one) => one.name === 'events');
    await service.stop();
    expect(await told.next().catch(() => ({ done: true }))).toMatchObject({ done: true });
    await until(() => planner.seen.watches === 0);
  });
});

describe('a browser that takes nothing', () => {
  /** Together more than any kernel keeps for a connection. */
  const EVENTS = 10_000;
  const EVENT_CHARS = 64_000;
  const takeNothing = async (url: string): Promise<Socket> => {
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.pause();
    socket.write(`GET /api/runs/r-1/events HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    return socket;
  };
  const fill = (): void => {
    const message = 'x'.repeat(EVENT_CHARS);
    for (let n = 0; n < EVENTS; n++) observe(n, message);
  };
  /** Waits until nothing more is read from the planner. */
  const settled = async (): Promise<number> => {
    for (let before = -1; before !== planner.seen.told || before === 0;) {
      before = planner.seen.told;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    return planner.seen.told;
  };

  it('makes nothing pile up: the planner is not asked for more (event-stream.1)', async () => {
    fill();
    const { url } = await start();
    const socket = await takeNothing(url);
    const told = await settled();
    expect(told).toBeLessThan(EVENTS);
    let taken = 0;
    socket.on('data', (chunk) => (taken += chunk.length)).resume();
    // What it takes now was not yet asked for when it took nothing.
    await until(() => taken > (told + 1) * EVENT_CHARS);
    socket.destroy();
  });

  it('is let go after a while (event-stream.3)', async () => {
    fill();
    const { url } = await start({ stallMs: 100, heartbeatMs: 10 });
    const socket = await takeNothing(url);
    await until(() => planner.seen.told > 1);
    await until(() => planner.seen.watches === 0);
    expect(planner.seen.told).toBeLessThan(EVENTS);
    socket.destroy();
  });
});

describe('the news', () => {
  const runs = (id: string) => (one: Told) =>
    one.name === 'runs' && (one.data as RunSummary[]).some((r) => r.id === id);

  it('tell which runs changed and how the cluster stands', async () => {
    const { url } = await start();
    const told = listen(`${url}/api/news`);
    expect(await first(told, () => true)).toEqual({ name: 'state', data: { planner: 'here' } });
    expect((await first<{ name: string; data: Overview }>(told, (one) => one.name === 'overview')).data).toMatchObject({
      backend: 'postgres',
    });
    await until(() => planner.seen.newsfeeds === 1);
    planner.accept('r-2', 'second');
    planner.change('r-2', { steps: 3 });
    const { data } = await first<{ name: string; data: RunSummary[] }>(told, runs('r-2'));
    expect(data.filter((r) => r.id === 'r-2')).toEqual([expect.objectContaining({ title: 'second', steps: 3 })]);
    await told.return(undefined);
  });

  it('are one feed for all browsers, and none where there is none (news.1)', async () => {
    const { url } = await start();
    const leaving = new AbortController();
    setMaxListeners(0, leaving.signal);
    const browsers = Array.from({ length: 20 }, () => listen(`${url}/api/news`, leaving.signal));
    await Promise.all(browsers.map((told) => first(told, (one) => one.name === 'overview')));
    await until(() => planner.seen.newsfeeds === 1);
    planner.accept('r-2', 'second');
    await Promise.all(browsers.map((told) => first(told, runs('r-2'))));
    expect(planner.seen.newsfeeds).toBe(1);
    leaving.abort();
    await until(() => planner.seen.newsfeeds === 0);
    const asked = planner.seen.overviews;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(planner.seen.overviews).toBe(asked);
    expect(await first(listen(`${url}/api/news`), () => true)).toMatchObject({ name: 'state' });
  });

  it('tell what changed before the stream of changes stood (news.4)', async () => {
    const { url } = await start();
    await first(listen(`${url}/api/news`), runs('r-1'));
  });

  it('say that the planner is away and that it is back, with what changed meanwhile (news.3)', async () => {
    const { url, server } = await start();
    const told = listen(`${url}/api/news`);
    const stands = (planner: NewsState['planner']) => (one: Told) =>
      one.name === 'state' && (one.data as NewsState).planner === planner;
    await first(told, stands('here'));
    await first(told, runs('r-1'));
    await server.stop();
    await first(told, stands('away'));
    planner.accept('r-2', 'meanwhile');
    await serve(server.address);
    await first(told, stands('here'));
    await first(told, runs('r-2'));
    planner.change('r-2', { steps: 7 });
    await first(told, (one) => one.name === 'runs' && (one.data as RunSummary[]).some((r) => r.steps === 7));
    await told.return(undefined);
  });
});
