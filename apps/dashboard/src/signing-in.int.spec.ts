import { MemoryPlanner } from '@praxis/testing';
import { hashKey } from '@praxis/wire';
import type { Answer, Browser } from './fixtures/browser.js';
import { HOSTILE, KEY, Stage, TOOL } from './fixtures/stage.js';
import type { DashboardParts } from './parts.js';

let stage: Stage;
beforeEach(() => {
  const planner = new MemoryPlanner();
  planner.accept('r-1', HOSTILE, { tools: [TOOL] });
  stage = new Stage(planner);
});
afterEach(() => stage.close());
const start: Stage['start'] = (...asked) => stage.start(...asked);

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
