import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request as askSecurely } from 'node:https';
import { join } from 'node:path';
import { MemoryPlanner, testAuthority } from '@praxis/testing';
import { hashKey } from '@praxis/wire';
import { HOSTILE, KEY, Stage, TOOL } from './fixtures/stage.js';

let stage: Stage;
beforeEach(() => {
  const planner = new MemoryPlanner();
  planner.accept('r-1', HOSTILE, { tools: [TOOL] });
  stage = new Stage(planner);
});
afterEach(() => stage.close());
const start: Stage['start'] = (...asked) => stage.start(...asked);

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
    const browser = await start({ pageDir: join(stage.pageDir, 'nowhere') });
    expect(await browser.get('/')).toMatchObject({
      status: 503,
      text: expect.stringContaining('npm run build'),
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
    expect(await browser.get('/api/runs')).toMatchObject({ status: 200 });
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
