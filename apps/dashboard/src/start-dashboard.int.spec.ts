import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as ask, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { request as askSecurely } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeQuestion, PraxisError, toolSchema, type Logger, type Tool } from '@praxis/core';
import type { RunningService } from '@praxis/platform';
import { MemoryPlanner, testAuthority } from '@praxis/testing';
import { connectArchive, connectPlanner, hashKey, startServer, type Closable, type RunningServer } from '@praxis/wire';
import type { DashboardParts } from './parts.js';
import { startDashboard } from './start-dashboard.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const HOSTILE = `<img src=x onerror="alert(1)"></script><script>alert(2)</script>\u202Egpj.exe`;
const DROWNING = HOSTILE + 'drown '.repeat(170_000);
const KEY = 'a-key-of-this-praxis';
const TOOL: Tool = toolSchema.parse({
  id: 't-1',
  space: 'default',
  domain: 'd',
  title: HOSTILE,
  body: { kind: 'hint', action: 'a', text: DROWNING },
  trust: 'active',
  createdAt: 1,
  evidence: { subgoals: [], successes: 0, failures: 0, pairs: 7, wins: 0, losses: 0, eValue: 1 },
});

const dir = mkdtempSync(join(tmpdir(), 'praxis-page-'));
mkdirSync(join(dir, 'assets'));
writeFileSync(join(dir, 'index.html'), '<!doctype html><div id="root"></div>');
writeFileSync(join(dir, 'assets', 'main.3f2a.js'), 'true;');
writeFileSync(join(dir, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');

let planner: MemoryPlanner;
const open: (RunningService | RunningServer | Closable)[] = [];
beforeEach(() => {
  planner = new MemoryPlanner();
  planner.accept('r-1', HOSTILE, { tools: [TOOL] });
});
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await ('stop' in thing ? thing.stop() : thing.close());
});
afterAll(() => rmSync(dir, { recursive: true }));

const serve = async (address = '127.0.0.1:0'): Promise<RunningServer> => {
  const archive = {
    find: async () => [TOOL],
    list: async (space: string | null) => (space === null || space === TOOL.space ? [TOOL] : []),
    get: async (id: string) =>
      id === TOOL.id ? TOOL : Promise.reject(new PraxisError('missing', `There is no tool ${id}.`)),
  };
  const server = await startServer({ address, services: { planner, archive }, graceMs: 0 });
  open.push(server);
  return server;
};

/** The dashboard over real gRPC; what it answers, by path. */
async function start(parts: Partial<DashboardParts> = {}, server?: RunningServer): Promise<Browser> {
  const { address } = server ?? (await serve());
  const clients = { planner: connectPlanner(address), archive: connectArchive(address) };
  open.push(clients.planner, clients.archive);
  const board: DashboardParts['board'] = {
    router: (_request, response) => void response.end(`lanes ${lanes.join()}`),
    show: (more) => void lanes.push(...more),
    close: async () => undefined,
  };
  const lanes: string[] = [];
  const dashboard = await startDashboard({
    address: '127.0.0.1:0',
    log,
    ...clients,
    board,
    keyHashes: [],
    tls: null,
    metrics: null,
    version: '1.2.3',
    pageDir: dir,
    ...parts,
  });
  open.push(dashboard);
  return new Browser(dashboard.address);
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: unknown;
}

class Browser {
  constructor(readonly address: string) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send({ path, headers });
  }

  send(options: RequestOptions, body = ''): Promise<Answer> {
    const [host, port] = this.address.split(':') as [string, string];
    return new Promise((resolve, reject) => {
      const sent = ask({ host, port, ...options }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const json: unknown =
            response.headers['content-type']?.startsWith('application/json') === true && text !== ''
              ? JSON.parse(text)
              : null;
          resolve({ status: response.statusCode!, headers: response.headers, text, json });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  signIn(key: string): Promise<Answer> {
    return this.send(
      { method: 'POST', path: '/api/session', headers: { 'content-type': 'application/json' } },
      JSON.stringify({ key }),
    );
  }
}

describe('what the dashboard answers', () => {
  it('tells how the cluster stands', async () => {
    const browser = await start();
    expect(await browser.get('/api/overview')).toMatchObject({
      status: 200,
      json: JSON.parse(JSON.stringify(planner.overviewNow)) as object,
    });
    expect(await browser.get('/healthz')).toMatchObject({ status: 200, json: { status: 'serving' } });
    expect(await browser.get('/api/session')).toMatchObject({
      status: 200,
      json: { needsKey: false, signedIn: true, version: '1.2.3' },
    });
  });

  it('lists runs by page and filter, and refuses filters that mean nothing', async () => {
    for (const n of [2, 3, 4]) planner.accept(`r-${n}`, `Make breakfast ${n}`);
    planner.happen('r-3', { type: 'ended', outcome: 'done', reason: '' });
    const browser = await start();
    const ids = async (query: string): Promise<unknown> =>
      ((await browser.get(`/api/runs${query}`)).json as { runs: { id: string }[] }).runs.map((r) => r.id);
    expect(await ids('')).toEqual(['r-4', 'r-3', 'r-2', 'r-1']);
    expect(await ids('?status=done&world=&text=')).toEqual(['r-3']);
    expect(await ids('?text=BREAKFAST&size=2')).toEqual(['r-4', 'r-3']);
    const { next } = (await browser.get('/api/runs?size=2')).json as { next: string };
    expect(await ids(`?size=2&page=${next}`)).toEqual(['r-2', 'r-1']);
    for (const query of [
      '?status=<script>',
      '?size=0',
      '?size=many',
      '?status=done&status=failed',
      `?text=${'x'.repeat(300)}`,
    ]) {
      const { status, json } = await browser.get(`/api/runs${query}`);
      expect([query, status, json]).toEqual([
        query,
        400,
        { code: 'invalid', message: expect.stringMatching(/^The parameter "\w+" is wrong: /) },
      ]);
    }
  });

  it('shows a run and a tool, or says that there is none', async () => {
    const browser = await start();
    expect(await browser.get('/api/runs/r-1')).toMatchObject({
      status: 200,
      json: { summary: { id: 'r-1', title: HOSTILE }, plan: null, tools: [{ id: 't-1' }] },
    });
    expect(await browser.get('/api/runs/r-9')).toMatchObject({
      status: 404,
      json: { code: 'missing', message: expect.stringContaining('r-9') },
    });
    expect(await browser.get('/api/tools')).toMatchObject({ status: 200, json: [{ id: 't-1' }] });
    expect(await browser.get('/api/tools?space=other')).toMatchObject({ status: 200, json: [] });
    expect(await browser.get('/api/tools/t-1')).toMatchObject({ status: 200, json: TOOL });
    expect(await browser.get('/api/tools/t-9')).toMatchObject({ status: 404, json: { code: 'missing' } });
    expect(await browser.get('/api/nothing')).toMatchObject({ status: 404, json: { code: 'missing' } });
    expect(await browser.get('/api/runs/%E0%A4%A')).toMatchObject({ status: 400, json: { code: 'invalid' } });
  });

  it('tells why a step was decided, or which parameter is wrong', async () => {
    const browser = await start();
    planner.step('r-1', 'subgoal/r-1.1.1.1', {
      type: 'decided',
      id: 'e0',
      step: 0,
      action: { skill: 'go', args: {} },
      why: HOSTILE,
      origin: 'model',
      taint: [],
    });
    expect(await browser.get('/api/runs/r-1/why?subgoal=r-1.1.1.1&step=0')).toMatchObject({
      status: 200,
      json: { decision: { step: 0, why: HOSTILE, origin: 'model' }, thoughts: [] },
    });
    expect(await browser.get('/api/runs/r-9/why?subgoal=r-9.1.1.1&step=0')).toMatchObject({ status: 404 });
    for (const query of ['', '?subgoal=r-1.1.1.1', '?subgoal=r-1.1.1.1&step=-1', '?subgoal=&step=0'])
      expect(await browser.get(`/api/runs/r-1/why${query}`)).toMatchObject({ status: 400, json: { code: 'invalid' } });
  });

  it('lists what waits for people, and answers nothing itself', async () => {
    const action = { skill: 'pay', args: { to: HOSTILE } };
    planner.step('r-1', 'subgoal/r-1.1.1.1', {
      type: 'asked',
      id: 'e1',
      question: makeQuestion({
        id: 'q-1',
        kind: 'approval',
        text: HOSTILE,
        action,
        effect: 'irreversible',
        taint: [HOSTILE],
        fingerprint: 'f',
      }),
    });
    planner.accept('r-2', 'Other');
    planner.happen('r-2', { type: 'asked', question: makeQuestion({ id: 'q-2', kind: 'budget', text: 'More?' }) });
    const browser = await start();
    const ids = async (query: string): Promise<unknown> =>
      ((await browser.get(`/api/questions${query}`)).json as { question: { id: string } }[]).map((q) => q.question.id);
    expect(await ids('')).toEqual(['q-1', 'q-2']);
    expect(await ids('?run=r-2&kind=')).toEqual(['q-2']);
    expect(await ids('?kind=approval')).toEqual(['q-1']);
    expect((await browser.get('/api/questions')).json).toMatchObject([
      {
        run: 'r-1',
        title: HOSTILE,
        subgoal: 'r-1.1.1.1',
        question: { action, effect: 'irreversible', taint: [HOSTILE] },
      },
      { run: 'r-2', subgoal: null },
    ]);
    expect(await browser.get('/api/questions?kind=<script>')).toMatchObject({
      status: 400,
      json: { code: 'invalid', message: expect.stringContaining('"kind"') },
    });
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await browser.send({ method, path: '/api/questions' })).status).toBeGreaterThanOrEqual(400);
    expect(await ids('')).toEqual(['q-1', 'q-2']);
  });

  it('keeps hostile text data, however long it is', async () => {
    const browser = await start();
    for (const path of [
      '/api/runs',
      '/api/runs/r-1',
      '/api/tools/t-1',
      `/api/runs/${encodeURIComponent(HOSTILE)}`,
      `/api/tools/${encodeURIComponent(HOSTILE)}`,
    ]) {
      const { headers, text } = await browser.get(path);
      expect(headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      expect(headers.etag).toBeUndefined();
      expect(text).toContain('onerror=\\"alert(1)\\"');
    }
    expect((await browser.get('/api/runs/r-1')).text.length).toBeGreaterThan(1_000_000);
  });

  it('says that the planner is away, and answers again when it is back', async () => {
    const server = await serve();
    const browser = await start({}, server);
    await server.stop();
    for (const path of [
      '/api/overview',
      '/api/runs',
      '/api/runs/r-1',
      '/api/runs/r-1/events',
      '/api/questions',
      '/api/tools',
    ]) {
      expect(await browser.get(path)).toMatchObject({
        status: 503,
        json: { code: 'unavailable', message: expect.stringMatching(/cannot reach the (planner|archive)/) },
      });
    }
    expect(await browser.get('/healthz')).toMatchObject({ status: 200 });
    await serve(server.address);
    while ((await browser.get('/api/overview')).status !== 200);
    expect(await browser.get('/api/runs/r-1')).toMatchObject({ status: 200 });
  });

  it('tells nobody what went wrong inside', async () => {
    const failures: unknown[] = [];
    const telling: Logger = { ...log, error: (...said) => void failures.push(said), child: () => telling };
    const broken: DashboardParts['archive'] = {
      get: () => Promise.reject(new PraxisError('denied', 'Wrong key.')),
      list: () => Promise.reject(new TypeError('password=secret')),
    };
    const browser = await start({ archive: broken, log: telling });
    const answer = await browser.get('/api/tools');
    expect(answer).toMatchObject({ status: 500, json: { code: 'bug' } });
    expect(answer.text).not.toContain('secret');
    expect(failures).toHaveLength(1);
    expect(await browser.get('/api/tools/t-1')).toMatchObject({
      status: 502,
      json: { code: 'denied', message: expect.stringContaining('PRAXIS_API_KEY') },
    });
  });

  it('has metrics where something is measured', async () => {
    expect(await (await start()).get('/metrics')).toMatchObject({ status: 404 });
    const browser = await start({ metrics: (_request, response) => void response.end('praxis_runs 1\n') });
    expect(await browser.get('/metrics')).toMatchObject({ status: 200, text: 'praxis_runs 1\n' });
  });

  it('shows the lanes of the executors on the board of the queues', async () => {
    planner.overviewNow = {
      ...planner.overviewNow,
      executors: [
        {
          name: 'e',
          address: 'a:1',
          lanes: ['default', 'gpu'],
          concurrency: 1,
          busy: [],
          draining: false,
          startedAt: 1,
          seenAt: 1,
        },
      ],
    };
    expect(await (await start()).get('/queues/api/queues')).toMatchObject({ status: 200, text: 'lanes default,gpu' });
  });
});

describe('the page', () => {
  it('is at every address that is not something else, and never kept', async () => {
    const browser = await start();
    for (const path of ['/', '/runs/r-1', '/tools/t-1', '/cluster', '/no/such/place']) {
      expect(await browser.get(path)).toMatchObject({
        status: 200,
        text: '<!doctype html><div id="root"></div>',
        headers: { 'cache-control': 'no-cache', 'content-type': expect.stringContaining('text/html') },
      });
    }
    expect(await browser.get('/icon.svg')).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache' } });
  });

  it('has files that are kept for ever, and says which are missing', async () => {
    const browser = await start();
    expect(await browser.get('/assets/main.3f2a.js')).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'public, max-age=31536000, immutable' },
    });
    expect(await browser.get('/assets/main.0000.js')).toMatchObject({ status: 404, json: { code: 'missing' } });
  });

  it('gives away no other file', async () => {
    const browser = await start();
    for (const path of [
      '/../../../../etc/passwd',
      '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
      '/..%2f..%2f..%2fetc%2fpasswd',
      '//etc/passwd',
      '/assets/..%5c..%5cetc',
    ]) {
      expect((await browser.get(path)).text).not.toContain('root:');
    }
  });

  it('says so in words where it is not built', async () => {
    const browser = await start({ pageDir: join(dir, 'nowhere') });
    expect(await browser.get('/')).toMatchObject({
      status: 503,
      text: expect.stringContaining('npm run build'),
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
    expect(await browser.get('/api/runs')).toMatchObject({ status: 200 });
  });
});

describe('the doors', () => {
  it('lets a browser do nothing with the page but show it', async () => {
    const browser = await start();
    for (const path of ['/', '/api/runs', '/nope', '/healthz']) {
      const { headers } = await browser.get(path);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;font-src 'self';connect-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      );
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      for (const absent of ['x-powered-by', 'access-control-allow-origin', 'strict-transport-security', 'server'])
        expect(headers[absent]).toBeUndefined();
    }
    const board = (await browser.get('/queues/')).headers['content-security-policy']!;
    expect(board).toContain("script-src 'self';style-src 'self' 'unsafe-inline'");
    expect(board).toContain("default-src 'none'");
  });

  it('answers only to names of this machine', async () => {
    const browser = await start();
    const port = browser.address.split(':')[1]!;
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'LOCALHOST', '127.0.0.1:9'])
      expect(await browser.get('/api/runs', { host })).toMatchObject({ status: 200 });
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '10.0.0.1',
    ]) {
      expect(await browser.get('/api/runs', { host })).toMatchObject({ status: 421, json: { code: 'invalid' } });
    }
  });

  /** As in a container, whose port is published at the loopback address of its machine. */
  const everywhere = async (parts: Partial<DashboardParts> = {}): Promise<Browser> =>
    new Browser((await start({ address: '0.0.0.0:0', ...parts })).address.replace('0.0.0.0', '127.0.0.1'));

  it('answers only to names it knows also where it listens on all addresses, as long as no key is asked for', async () => {
    const browser = await everywhere({ hosts: ['Praxis.Example'] });
    for (const host of ['localhost:50080', '127.0.0.1:50080', 'praxis.example', 'PRAXIS.example:50080'])
      expect(await browser.get('/api/runs', { host })).toMatchObject({ status: 200 });
    for (const host of ['evil.example', '127.0.0.1.nip.io', 'a.praxis.example', '10.0.0.1', '0.0.0.0']) {
      for (const path of ['/api/runs', '/api/questions', '/queues/', '/', '/metrics'])
        expect(await browser.get(path, { host })).toMatchObject({ status: 421 });
    }
    expect((await browser.get('/api/runs', { host: 'evil.example' })).text).toContain('PRAXIS_DASHBOARD_HOSTS');
  });

  it('answers under any name where a key is asked for, which no other page can show', async () => {
    const browser = await everywhere({ keyHashes: [hashKey(KEY)] });
    expect(await browser.get('/api/runs', { host: 'praxis.example' })).toMatchObject({ status: 401 });
    expect(await browser.get('/api/runs', { host: 'praxis.example', authorization: `Bearer ${KEY}` })).toMatchObject({
      status: 200,
    });
  });

  it('answers no background question of another site', async () => {
    const browser = await start();
    expect(
      await browser.get('/api/runs', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }),
    ).toMatchObject({ status: 403 });
    expect(await browser.get('/api/runs', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' })).toMatchObject(
      { status: 200 },
    );
    expect(
      await browser.get('/runs/r-1', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }),
    ).toMatchObject({ status: 200 });
  });

  it('lets nobody change anything', async () => {
    const browser = await start();
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      for (const path of ['/', '/api/runs', '/api/runs/r-1', '/queues/api/queues/pause', '/metrics', '/api/sessions']) {
        expect(await browser.send({ method, path })).toMatchObject({
          status: 405,
          headers: { allow: 'GET, HEAD' },
          json: { code: 'invalid' },
        });
      }
    }
    expect(await browser.send({ method: 'PUT', path: '/api/session' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, POST, DELETE' },
    });
    expect(await browser.send({ method: 'HEAD', path: '/api/runs' })).toMatchObject({ status: 200, text: '' });
  });

  it('takes no large body and no broken one', async () => {
    const browser = await start({ keyHashes: [hashKey(KEY)] });
    expect(await browser.signIn('x'.repeat(17_000))).toMatchObject({ status: 413, json: { code: 'invalid' } });
    const send = (body: string): Promise<Answer> =>
      browser.send({ method: 'POST', path: '/api/session', headers: { 'content-type': 'application/json' } }, body);
    for (const body of ['{', '[]', '{}', '{"key":1}', `{"key":"${KEY}","more":1}`, 'null', ''])
      expect([body, (await send(body)).status]).toEqual([body, 400]);
  });
});

describe('signing in', () => {
  const BEHIND = [
    '/api/runs',
    '/api/overview',
    '/api/news',
    '/api/runs/r-1/events',
    '/api/tools',
    '/queues',
    '/queues/api/queues',
    '/metrics',
    '/API/runs',
    '/Queues/x',
    '/api',
    'http://127.0.0.1/api/runs',
    '/api/runs?x=/api/session',
    '/api/../api/runs',
    '/api//runs',
  ];
  const guarded = (more: Partial<DashboardParts> = {}): Promise<Browser> =>
    start({
      keyHashes: [hashKey('another-key'), hashKey(KEY)],
      metrics: (_request, response) => void response.end('measured'),
      ...more,
    });
  const cookieOf = ({ headers }: Answer): string => headers['set-cookie']![0]!.split(';')[0]!;

  it('is needed for everything that says something', async () => {
    const browser = await guarded();
    for (const path of BEHIND) expect([path, (await browser.get(path)).status]).toEqual([path, 401]);
    for (const path of ['/', '/runs/r-1', '/assets/main.3f2a.js', '/healthz', '/api/session'])
      expect([path, (await browser.get(path)).status]).toEqual([path, 200]);
    expect(await browser.get('/api/session')).toMatchObject({ json: { needsKey: true, signedIn: false } });
    expect(await browser.get('/queues', { 'sec-fetch-dest': 'document' })).toMatchObject({
      status: 303,
      headers: { location: '/' },
    });
  });

  it('gives a cookie that scripts cannot read and other sites cannot use', async () => {
    const browser = await guarded();
    const answer = await browser.signIn(KEY);
    expect(answer).toMatchObject({ status: 200, json: { needsKey: true, signedIn: true } });
    const port = browser.address.split(':')[1]!;
    expect(answer.headers['set-cookie']![0]).toMatch(
      new RegExp(
        `^praxis_session_${port}=\\d+\\.[\\w-]{43}; Max-Age=43200; Path=/; Expires=[^;]+; HttpOnly; SameSite=Strict$`,
      ),
    );
    expect(answer.text + answer.headers['set-cookie']![0]).not.toContain(KEY);
    const cookie = cookieOf(answer);
    for (const path of ['/api/runs', '/queues/api/queues', '/metrics'])
      expect([path, (await browser.get(path, { cookie })).status]).toEqual([path, 200]);
    expect(await browser.get('/api/session', { cookie })).toMatchObject({ json: { signedIn: true } });
    const out = await browser.send({ method: 'DELETE', path: '/api/session', headers: { cookie } });
    expect(out).toMatchObject({ status: 200, json: { signedIn: false } });
    expect(out.headers['set-cookie']![0]).toMatch(/=; Path=\/; Expires=Thu, 01 Jan 1970/);
  });

  it('is not needed for who shows a key', async () => {
    const browser = await guarded();
    for (const path of ['/api/runs', '/metrics', '/queues'])
      expect([path, (await browser.get(path, { authorization: `Bearer ${KEY}` })).status]).toEqual([path, 200]);
    expect(await browser.get('/api/runs', { authorization: 'Bearer nonsense' })).toMatchObject({
      status: 401,
      json: { code: 'denied' },
    });
  });

  it('is slowed for who guesses', async () => {
    const browser = await guarded();
    for (let n = 0; n < 10; n++) expect((await browser.signIn(`guess-${n}`)).status).toBe(401);
    expect(await browser.signIn('wrong')).toMatchObject({
      status: 429,
      headers: { 'retry-after': '60' },
      json: { code: 'exhausted' },
    });
    expect(await browser.get('/api/runs', { authorization: 'Bearer wrong' })).toMatchObject({ status: 429 });
    // Others share the address: a scraper, or colleagues behind one gateway.
    expect(await browser.get('/api/runs', { authorization: `Bearer ${KEY}` })).toMatchObject({ status: 200 });
    expect(await browser.signIn(KEY)).toMatchObject({ status: 200 });
    expect(await browser.get('/api/runs')).toMatchObject({ status: 401 });
  });
});

describe('startDashboard', () => {
  it('speaks HTTPS with a certificate, and its cookies then travel no other way', async () => {
    const authority = testAuthority();
    if (!authority) return;
    try {
      const { certFile, keyFile } = authority.sign('dashboard', 'DNS:localhost', 'IP:127.0.0.1');
      const browser = await start({
        tls: { cert: readFileSync(certFile), key: readFileSync(keyFile) },
        keyHashes: [hashKey(KEY)],
      });
      const ca = readFileSync(authority.caFile);
      const signedIn = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
        const sent = askSecurely(
          `https://${browser.address}/api/session`,
          { method: 'POST', ca, headers: { 'content-type': 'application/json' } },
          (response) => resolve(response.resume().headers),
        );
        sent.on('error', reject).end(JSON.stringify({ key: KEY }));
      });
      expect(signedIn['set-cookie']![0]).toMatch(/; HttpOnly; Secure; SameSite=Strict$/);
      expect(signedIn['strict-transport-security']).toBeUndefined();
      await expect(browser.get('/healthz')).rejects.toThrow();
    } finally {
      authority.remove();
    }
  });

  it('says that its address is taken', async () => {
    const browser = await start();
    await expect(start({ address: browser.address })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(browser.address),
    });
  });
});
