import type { lookup } from 'node:dns';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Json } from '@praxis/core';
import { SkillBench } from '../../fixtures/skill-bench.js';
import { AllowedHosts } from './web-address.js';
import { closeLinkThreads, webSkills } from './web-skills.js';

let server: Server;
let port: number;
const asked: string[] = [];
const headers: string[] = [];

const PAGES: Readonly<Record<string, (answer: ServerResponse, request: IncomingMessage) => void>> = {
  '/page': (answer) =>
    answer
      .setHeader('content-type', 'text/html; charset=iso-8859-1')
      .end(Buffer.from('<p>caf\xe9 <a href="/b">b</a>', 'latin1')),
  '/meta': (answer) =>
    answer.setHeader('content-type', 'text/html').end(Buffer.from('<meta charset="windows-1252">\x80', 'latin1')),
  '/json': (answer) => answer.setHeader('content-type', 'application/json').end('{"a":[1,2]}'),
  '/gzip': (answer) => answer.setHeader('content-encoding', 'gzip').end(gzipSync('zipped')),
  '/bomb': (answer) => answer.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(30_000_000))),
  '/large': (answer) => answer.end('x'.repeat(5_000)),
  '/to-page': (answer) => answer.writeHead(302, { location: '/page#frag' }).end(),
  '/to-metadata': (answer) => answer.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
  '/to-closed': (answer) => answer.writeHead(302, { location: `http://127.0.0.1:${port + 1}/` }).end(),
  '/to-file': (answer) => answer.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/cookie': (answer) => answer.writeHead(302, { location: '/json', 'set-cookie': 'a=b' }).end(),
  '/loop': (answer) => answer.writeHead(301, { location: '/loop' }).end(),
  '/busy': (answer) => answer.writeHead(429, { 'retry-after': '7' }).end(),
  '/no-head': (answer, { method }) => answer.writeHead(method === 'HEAD' ? 405 : 200).end('here'),
  '/slow': () => undefined,
  '/broken': (answer) => {
    answer.writeHead(200, { 'content-length': '100' });
    answer.write('half');
    setTimeout(() => answer.destroy(), 20);
  },
};

beforeAll(async () => {
  server = createServer((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    headers.push(...Object.keys(request.headers));
    const page = PAGES[request.url!.split('?')[0]!];
    if (page === undefined) answer.writeHead(404).end();
    else page(answer, request);
  });
  await new Promise<void>((resume) => server.listen(0, '127.0.0.1', resume));
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => void (asked.length = 0));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Names that lead where the test says; the last answer stays. */
const names = (...answers: readonly (readonly string[])[]): typeof lookup => {
  const left = [...answers];
  const answer = (
    _host: string,
    _options: unknown,
    done: (error: null, found: { address: string; family: number }[]) => void,
  ): void => {
    const addresses = left.length > 1 ? left.shift()! : left[0]!;
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return answer as unknown as typeof lookup;
};
const open = (allow: readonly string[] = [`127.0.0.1:${port}`], resolve?: typeof lookup): SkillBench =>
  new SkillBench(webSkills({ allowed: new AllowedHosts(allow), ...(resolve !== undefined && { lookup: resolve }) }));
const at = (path: string): string => `http://127.0.0.1:${port}${path}`;
const fetched = (path: string, args: { [name: string]: Json } = {}): Promise<Record<string, Json>> =>
  open().value('web.fetch', { url: at(path), ...args });

afterAll(closeLinkThreads);

describe('web.fetch', () => {
  it('reads text, JSON and pages by their charset, without compression, after redirects, and marks where it comes from', async () => {
    expect(await fetched('/page')).toEqual({
      url: at('/page'),
      status: 200,
      contentType: 'text/html; charset=iso-8859-1',
      body: '<p>café <a href="/b">b</a>',
      file: null,
      redirects: 0,
    });
    expect(await fetched('/meta', { as: 'html' })).toMatchObject({ body: '<meta charset="windows-1252">€' });
    expect(await fetched('/json', { as: 'json' })).toMatchObject({ body: { a: [1, 2] } });
    expect(await fetched('/gzip')).toMatchObject({ body: 'zipped' });
    expect(await fetched('/to-page')).toMatchObject({ url: at('/page'), redirects: 1 });
    expect((await open().output('web.fetch', { url: at('/json') })).taint).toEqual([`http:127.0.0.1:${port}`]);
  });

  it('saves a body as a file', async () => {
    const bench = open();
    expect(await bench.value('web.fetch', { url: at('/json'), path: 'in/data.json' })).toMatchObject({
      body: null,
      file: { name: 'in/data.json', mediaType: 'application/json', size: 11 },
    });
    expect(await bench.read('in/data.json')).toBe('{"a":[1,2]}');
  });

  it.each([
    ['/large', { maxBytes: 4_999 }, 'world-error'],
    ['/bomb', {}, 'world-error'],
    ['/page', { as: 'json' }, 'world-error'],
    ['/json', { as: 'html' }, 'world-error'],
    ['/nothing', {}, 'not-applicable'],
    ['/loop', {}, 'world-error'],
    ['/to-file', {}, 'invalid-args'],
    ['/slow', { timeoutMs: 50 }, 'timeout'],
    ['/broken', {}, 'unavailable'],
  ])('says what is wrong with %s %j', async (path, args, code) => {
    expect(await open().failure('web.fetch', { url: at(path), ...args } as never)).toMatchObject({ code });
  });

  it('waits as long as a busy server asks for, and for one that is away', async () => {
    expect(await open().call('web.fetch', { url: at('/busy') })).toMatchObject({
      result: { code: 'unavailable' },
      retry: { afterMs: 7_000, isOutage: true },
    });
    expect(
      await open([`127.0.0.1:${port + 1}`]).call('web.fetch', { url: `http://127.0.0.1:${port + 1}/` }),
    ).toMatchObject({
      result: { code: 'unavailable', message: expect.stringContaining('ECONNREFUSED') },
    });
  });

  it('ends with its call', async () => {
    const controller = new AbortController();
    const running = open().call('web.fetch', { url: at('/slow') }, controller.signal);
    setTimeout(() => controller.abort(), 30);
    expect((await running).result).toMatchObject({ code: 'cancelled' });
  });
});

describe('the guard of the web', () => {
  const forms = [
    ...[
      '127.0.0.1:P',
      'localhost:P',
      'LOCALHOST.:P',
      'x.localhost:P',
      '2130706433:P',
      '0x7f000001:P',
      '0177.0.0.1:P',
      '127.1:P',
      '0:P',
      '0.0.0.0:P',
    ],
    ...[
      '[::1]:P',
      '[::]:P',
      '[::ffff:127.0.0.1]:P',
      '[::ffff:7f00:1]:P',
      '[0:0:0:0:0:ffff:127.0.0.1]:P',
      '[::127.0.0.1]:P',
      '[64:ff9b::7f00:1]:P',
    ],
    ...[
      '[fe80::1]:P',
      '[fd00::1]:P',
      '169.254.169.254',
      '10.0.0.1',
      '192.168.0.1',
      '172.16.0.1',
      '100.64.0.1',
      '①②⑦.⓪.⓪.①:P',
      '127。0。0。1:P',
    ],
    ...[
      '0x7f.1:P',
      '%31%32%37.0.0.1:P',
      '[::ffff:a9fe:a9fe]',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '[2002:7f00:1::]',
      'metadata.google.internal',
    ],
    ...['user:pw@127.0.0.1:P', 'example.com@127.0.0.1:P', '127.0.0.1\\@example.com', '[fe80::1%25eth0]:P'],
  ];
  it.each(forms)('does not ask http://%s (web-request.1)', async (host) => {
    const failure = await open([]).failure('web.fetch', { url: `http://${host.replace('P', String(port))}/page` });
    expect(['denied', 'invalid-args']).toContain(failure.code);
    expect(asked).toEqual([]);
  });

  it.each([
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'gopher://127.0.0.1/',
    'data:text/html,x',
    'about:blank',
    'nonsense',
    '',
  ])('asks by HTTP only: %s', async (url) =>
    expect((await open().failure('web.fetch', { url })).code).toBe('invalid-args'),
  );

  it.each([
    [['10.1.2.3']],
    [['93.184.216.34', '127.0.0.1']],
    [['::ffff:127.0.0.1']],
    [['64:ff9b::7f00:1']],
    [['169.254.169.254']],
    [[]],
  ])('does not ask a name that leads to %j', async (addresses) => {
    const failure = await open([], names(addresses)).failure('web.fetch', { url: `http://some.example:${port}/page` });
    expect(failure.code).toBe('denied');
    expect(asked).toEqual([]);
  });

  it('judges the address that it connects to, so that a name that changes gains nothing', async () => {
    const changing = open(['own.example'], names(['127.0.0.1'], ['169.254.169.254']));
    expect(await changing.value('web.fetch', { url: `http://own.example:${port}/json` })).toMatchObject({
      status: 200,
    });
    expect((await changing.failure('web.fetch', { url: `http://own.example:${port}/json` })).code).toBe('denied');
    expect(asked).toEqual(['GET /json']);
  });

  it('sends no cookies and no credentials to any hop (web-request.2)', async () => {
    headers.length = 0;
    expect(await fetched('/cookie')).toMatchObject({ redirects: 1 });
    expect([...new Set(headers)].sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
  });

  it('judges every hop of a redirect', async () => {
    for (const path of ['/to-metadata', '/to-closed'])
      expect(await open().failure('web.fetch', { url: at(path) })).toMatchObject({ code: 'denied' });
    expect(asked).toEqual(['GET /to-metadata', 'GET /to-closed']);
  });
});

describe('web.head', () => {
  it('gives what became of a link, dead ones too, and asks by GET where HEAD is refused', async () => {
    const head = (url: string): Promise<unknown> => open().value('web.head', { url, timeoutMs: 2_000 });
    expect(await head(at('/to-page'))).toEqual({
      url: at('/to-page'),
      ok: true,
      status: 200,
      finalUrl: at('/page'),
      error: null,
    });
    expect(await head(at('/nothing'))).toMatchObject({ ok: false, status: 404, error: '404 Not Found' });
    expect(await head(at('/no-head'))).toMatchObject({ ok: true, status: 200 });
    expect(asked).toContain('GET /no-head');
    expect(await head('http://10.0.0.1/')).toMatchObject({
      ok: false,
      status: null,
      error: expect.stringContaining('no public address'),
    });
    expect(await head('nonsense')).toMatchObject({ ok: false, error: 'nonsense is no web address' });
    expect(await open().value('web.head', { url: at('/slow'), timeoutMs: 50 })).toMatchObject({
      ok: false,
      status: null,
    });
  });
});

describe('web.links', () => {
  it('lists the links of a page, in a thread, from text or a file', async () => {
    const bench = open();
    const html = '<a href="/a">A</a>';
    const found = { urls: ['http://h.example/a'], links: [{ url: 'http://h.example/a', text: 'A' }], truncated: false };
    expect(await bench.value('web.links', { html, base: 'http://h.example/' })).toEqual(found);
    await bench.write('p.html', html);
    expect(await bench.value('web.links', { file: 'p.html', base: 'http://h.example/' })).toEqual(found);
    expect(await bench.failure('web.links', { html, base: '/x' })).toMatchObject({ code: 'invalid-args' });
    expect(await bench.failure('web.links', { base: 'http://h/' })).toMatchObject({ code: 'invalid-args' });
  });
});
