import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@praxis/core';
import { stopTestPostgres, testDatabase, testRedis, type TestDatabase } from '@praxis/testing';
import { freePort } from '../server/ports.js';
import { openQueueBoard, type QueueBoard, type QueueBoardOptions } from './queue-board.js';
import { openQueues } from './queues.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(async () => {
  await database.drop();
  await stopTestPostgres();
});

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Shown {
  readonly board: QueueBoard;
  readonly url: string;
}

/** The board on a server of its own, below `/queues`. */
async function show(options: Pick<QueueBoardOptions, 'databaseUrl' | 'redisUrl'>): Promise<Shown> {
  const board = await openQueueBoard({ ...options, basePath: '/queues', log });
  const server: Server = createServer((request, response) => {
    request.url = request.url!.slice('/queues'.length) || '/';
    board.router(request, response, (thrown) => response.writeHead(500).end(String(thrown)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => board.close());
  open.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { board, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/queues` };
}

interface Listed {
  readonly queues: readonly {
    readonly name: string;
    readonly readOnlyMode: boolean;
    readonly counts: Record<string, number>;
    readonly jobs: readonly Record<string, unknown>[];
  }[];
}
const list = async (url: string, active = ''): Promise<Listed> =>
  (await (await fetch(`${url}/api/queues?activeQueue=${active}&page=1&jobsPerPage=10`)).json()) as Listed;
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
};

async function showsEverything(options: {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
}): Promise<void> {
  const queues = await openQueues({ ...options, lockMs: 10_000, log });
  open.push(() => queues.close());
  await queues.add('execute', { subgoal: 'r-1.1.1.1' }, { lane: 'gpu' });
  await queues.add('advance', { run: 'r-2' });
  const { board, url } = await show(options);
  expect((await list(url)).queues.map((q) => q.name)).toEqual(['advance', 'execute.default', 'reflect']);
  board.show(['default', 'gpu', 'not a lane']);
  const { queues: shown } = await list(url, 'execute.gpu');
  expect(shown.map((q) => q.name)).toEqual(['advance', 'execute.default', 'reflect', 'execute.gpu']);
  expect(shown.every((q) => q.readOnlyMode)).toBe(true);
  // The executors of the lane are gone; their jobs may not be (queue-board.3).
  board.show(['default']);
  expect((await list(url)).queues.map((q) => q.name)).toContain('execute.gpu');
  const gpu = shown.find((q) => q.name === 'execute.gpu')!;
  expect(gpu.counts).toMatchObject({ waiting: 1 });
  expect(gpu.jobs).toEqual([
    expect.objectContaining({
      id: 'r-1.1.1.1',
      data: expect.objectContaining({ subgoal: 'r-1.1.1.1' }),
      externalUrl: { displayText: 'Run', href: '/runs/r-1' },
    }),
  ]);
}

describe('the board of the queues', () => {
  it('shows every queue and a waiting job on Postgres', () =>
    showsEverything({ databaseUrl: database.url, redisUrl: null }));

  it('shows every queue and a waiting job on Redis', async () => {
    const redis = await testRedis();
    if (!redis) return;
    open.push(() => redis.stop());
    await showsEverything({ databaseUrl: database.url, redisUrl: redis.url });
  });

  it('changes nothing, whoever asks (queue-board.1)', async () => {
    const options = { databaseUrl: database.url, redisUrl: null };
    const queues = await openQueues({ ...options, lockMs: 10_000, log });
    open.push(() => queues.close());
    await queues.add('reflect', { subgoal: 'r-9.1.1.1' });
    const { url } = await show(options);
    await list(url);
    for (const [method, path] of [
      ['PUT', 'reflect/empty'],
      ['PUT', 'reflect/pause'],
      ['PUT', 'reflect/r-9.1.1.1/clean'],
      ['POST', 'reflect/add'],
      ['PUT', 'pause'],
    ] as const) {
      expect((await fetch(`${url}/api/queues/${path}`, { method })).status).toBe(405);
    }
    expect((await list(url, 'reflect')).queues.find((q) => q.name === 'reflect')!.counts).toMatchObject({ waiting: 1 });
  });

  it('has a page for every queue and job, asks no other host for anything and does not say what it is made of', async () => {
    const { url } = await show({ databaseUrl: database.url, redisUrl: null });
    for (const path of ['', '/', '/queue/execute.default', '/queue/execute.default/r-1.1.1.1']) {
      const response = await fetch(url + path);
      expect([response.status, response.headers.get('content-type'), response.headers.get('x-powered-by')]).toEqual([
        200,
        'text/html; charset=utf-8',
        null,
      ]);
      const html = await response.text();
      expect(html).toContain('<base href="/queues/" />');
      expect(html).not.toMatch(/(src|href)="https?:/);
    }
    const script = /src="(static\/js\/main[^"]+)"/.exec(await (await fetch(url)).text())![1]!;
    expect((await fetch(`${url}/${script}`)).status).toBe(200);
    expect((await fetch(`${url}/no/such/page`)).status).toBe(404);
  });

  it('says that the store was never there, and can be closed (queue-board.2)', async () => {
    const port = await freePort();
    const { url } = await show({ databaseUrl: `postgres://somebody:secret@127.0.0.1:${port}/x`, redisUrl: null });
    const response = await fetch(url);
    expect(response.status).toBe(503);
    const words = await response.text();
    expect(words).toMatch(/cannot be reached/);
    expect(words).not.toMatch(/secret|somebody|ECONNREFUSED/);
  });

  it('says that the store is away or hangs, and comes back with it (queue-board.2)', async () => {
    const redis = await testRedis();
    if (!redis) return;
    open.push(() => redis.stop());
    const { url } = await show({ databaseUrl: null, redisUrl: redis.url });
    expect((await list(url)).queues).toHaveLength(3);
    await redis.kill9();
    expect((await fetch(`${url}/api/queues?page=1&jobsPerPage=10`)).status).toBe(503);
    await redis.restart();
    await until(async () => (await fetch(`${url}/api/queues?page=1&jobsPerPage=10`)).status === 200);
    redis.freeze();
    expect((await fetch(url)).status).toBe(503);
    redis.thaw();
    await until(async () => (await fetch(url)).status === 200);
  });
});
