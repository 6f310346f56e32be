import { MemoryPlanner } from '@praxis/testing';
import { hashKey } from '@praxis/wire';
import { Browser, type Answer } from './fixtures/browser.js';
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
