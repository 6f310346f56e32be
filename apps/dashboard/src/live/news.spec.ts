import { EventEmitter, on } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { duplexPair, type Duplex } from 'node:stream';
import type { Logger, RunSummary } from '@praxis/core';
import { MemoryPlanner } from '@praxis/testing';
import type { Response } from 'express';
import { PACE } from '../parts.js';
import { EventStream } from './event-stream.js';
import { News } from './news.js';
import { Overviews } from './overviews.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
/** More than a connection in memory takes for a browser that reads nothing. */
const LARGE = 'x'.repeat(1_000_000);

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

/**
 * News of what is told here, and one browser that takes nothing until it reads: a connection without a kernel's
 * buffers.
 */
async function behind(): Promise<{
  readonly change: (run: Partial<RunSummary>) => void;
  readonly heard: () => Promise<void>;
  readonly browser: Duplex;
}> {
  const memory = new MemoryPlanner();
  memory.accept('r-0', 't');
  const { summary } = await memory.get('r-0');
  const bell = new EventEmitter();
  let rung = 0;
  let heard = 0;
  const watchRuns = async function* (signal: AbortSignal): AsyncGenerator<RunSummary> {
    for await (const [run] of on(bell, 'changed', { signal })) {
      yield run as RunSummary;
      heard++;
    }
  };
  const list = async (): Promise<{ runs: readonly RunSummary[]; next: null }> => ({ runs: [], next: null });
  const news = new News({
    planner: { watchRuns, list },
    overviews: new Overviews(memory),
    pace: { batchMs: 0, overviewMs: 60_000, pauseMs: 60_000 },
    log,
  });
  let response: ServerResponse | null = null;
  const server = createServer((_request, answer) => {
    response = answer;
    void news.tell(new EventStream(answer as Response, PACE));
  });
  const [browser, socket] = duplexPair();
  connections.push(browser, socket);
  server.emit('connection', socket);
  browser.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  await until(() => bell.listenerCount('changed') === 1);
  const change = (run: Partial<RunSummary>): void => (rung++, void bell.emit('changed', { ...summary, ...run }));
  change({ id: 'r-large', reason: LARGE });
  await until(() => response!.writableNeedDrain);
  return { change, heard: () => until(() => heard === rung), browser };
}

const connections: Duplex[] = [];
afterEach(() => connections.splice(0).forEach((side) => side.destroy()));

/** The runs that a browser is told of from now on, until one of them is the given one or the stream ends. */
async function read(browser: Duplex, last: string | null): Promise<RunSummary[]> {
  let answer = '';
  const told = (): RunSummary[] =>
    [...answer.matchAll(/^event: runs\ndata: (.*)\n\n/gm)].flatMap(([, json]) => JSON.parse(json!) as RunSummary[]);
  browser.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  await until(() => browser.readableEnded || (last !== null && told().some(({ id }) => id === last)));
  return told();
}

describe('a browser that is behind', () => {
  it('is told of a run once, as it last was (news.2)', async () => {
    const { change, heard, browser } = await behind();
    for (let steps = 1; steps <= 3_000; steps++) change({ id: 'r-1', steps });
    await heard();
    expect(await read(browser, 'r-1')).toMatchObject([{ id: 'r-large' }, { id: 'r-1', steps: 3_000 }]);
  });

  it('is told of as many runs as may wait, and stays', async () => {
    const { change, heard, browser } = await behind();
    for (let n = 1; n <= 2_000; n++) change({ id: `r-${n}` });
    await heard();
    expect(await read(browser, 'r-2000')).toHaveLength(2_001);
    change({ id: 'r-later' });
    expect((await read(browser, 'r-later')).map(({ id }) => id)).toEqual(['r-later']);
  });

  it('is let go where one more waits, and told of none of them', async () => {
    const { change, heard, browser } = await behind();
    for (let n = 1; n <= 2_001; n++) change({ id: `r-${n}` });
    await heard();
    expect((await read(browser, null)).map(({ id }) => id)).toEqual(['r-large']);
  });
});
