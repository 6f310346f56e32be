import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Action, ActionResult, ArtifactLabel, ArtifactRef, Observation, SkillTools } from '@praxis/core';
import { parseSkills } from '../declared-skill.js';
import { SkillRegistry } from '../skill-registry.js';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly type: string;
  readonly body: string;
}

const INVOICES = [
  { id: 'inv-1', customer: 'acme', amount: 10.5 },
  { id: 'inv-2', customer: 'umbrella', amount: 7 },
];
const seen: Seen[] = [];
const reminded = new Map<string, string>();
let odd: ((response: ServerResponse) => void) | null = null;
let server: Server;
let host = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, type: headers['content-type'] ?? '', body });
      if (odd) return odd(response);
      const json = (status: number, value: unknown): unknown =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      const { pathname, searchParams } = new URL(url, 'http://x');
      if (pathname === '/invoices') {
        const customer = searchParams.get('customer');
        return json(200, { invoices: INVOICES.filter((i) => customer === null || i.customer === customer) });
      }
      if (headers.authorization !== 'Bearer s3cret') return json(401, { error: 'who are you?' });
      const id = /^\/invoices\/([^/]+)\/reminders$/.exec(pathname)?.[1];
      if (id === undefined || !INVOICES.some((i) => i.id === id)) return json(404, { error: 'no such invoice' });
      reminded.set(String(headers['idempotency-key']), id);
      json(201, { sent: true, token: 's3cret', ...(JSON.parse(body) as object) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen.length = 0;
  odd = null;
});

const registryOf = (yaml: string): SkillRegistry =>
  SkillRegistry.of(
    parseSkills(yaml.replaceAll('127.0.0.1:9000', host), { file: 'skills.yaml', secret: () => 's3cret' }).map(
      (d) => d.skill,
    ),
  );
/** The first example of the page, as it stands there. */
const EXAMPLE = /```yaml\n([\s\S]*?)```/.exec(
  readFileSync(new URL('../../../../docs/skills.md', import.meta.url), 'utf8'),
)![1]!;

const observe = (yaml: string, skill: string, args: Action['args'], tools?: SkillTools): Promise<Observation> =>
  registryOf(yaml).run({ skill, args }, 'key-1', new AbortController().signal, { tools });
const call = async (yaml: string, skill: string, args: Action['args'], tools?: SkillTools): Promise<ActionResult> =>
  (await observe(yaml, skill, args, tools)).result;
const one = (http: string, more = ''): string =>
  `skills: [{ name: it, summary: does it, ${more} http: { url: "http://127.0.0.1:9000/invoices", ${http} } }]`;

describe('the example of docs/skills.md', () => {
  it('lists what is overdue: the part of the answer that is selected, typed and tainted', async () => {
    expect(await call(EXAMPLE, 'list-overdue', {})).toMatchObject({
      ok: true,
      output: { value: INVOICES, artifacts: [], taint: [`http:${host}`] },
    });
    await call(EXAMPLE, 'list-overdue', { days: 30, customer: 'acme & sons' });
    expect(seen.map(({ url }) => url)).toEqual([
      '/invoices?status=overdue&min_days=1',
      '/invoices?status=overdue&min_days=30&customer=acme+%26+sons',
    ]);
  });

  it('reminds: what is in the address is not in the body, and the secret does not come back', async () => {
    expect(await call(EXAMPLE, 'remind', { invoice: 'inv-1' })).toEqual({
      ok: true,
      message: expect.not.stringContaining('s3cret'),
      output: { value: { sent: true, token: '***', tone: 'friendly' }, artifacts: [], taint: [`http:${host}`] },
    });
    expect(seen).toMatchObject([{ method: 'POST', url: '/invoices/inv-1/reminders', body: '{"tone":"friendly"}' }]);
    expect(reminded.get('key-1')).toBe('inv-1');
  });

  it.each([
    [{}, 'remind: invoice is missing'],
    [{ invoice: '1' }, 'remind: invoice must match pattern "^inv-[0-9]+$", found "1"'],
    [{ invoice: 'inv-1', tone: 'angry' }, 'remind: tone must be one of "friendly", "firm", found "angry"'],
    [{ invoice: 'inv-1', copy_to: 'me' }, 'remind: copy_to must be a email, found "me"'],
    [{ invoice: 'inv-1', copyto: 'a@b.c' }, 'remind: there is no copyto; did you mean `copy_to`?'],
  ])('refuses a wrong call with the name of the argument, and sends nothing: %j', async (args, message) => {
    expect(await call(EXAMPLE, 'remind', args)).toEqual({ ok: false, code: 'invalid-args', message });
    expect(seen).toEqual([]);
  });

  it('fails with the reason where the answer is not as promised (http-skill.7)', async () => {
    odd = (response) => void response.writeHead(200).end('{"invoices":[{"id":"inv-1"}]}');
    expect(await call(EXAMPLE, 'list-overdue', {})).toMatchObject({
      ok: false,
      code: 'world-error',
      message: 'list-overdue: its answer does not fit its output schema: 0.customer is missing',
    });
    odd = (response) => void response.writeHead(200).end('{"items":[]}');
    expect(await call(EXAMPLE, 'list-overdue', {})).toMatchObject({
      message: expect.stringContaining('its answer has no part /invoices'),
    });
    odd = (response) => void response.writeHead(201).end('{"sent":"yes"}');
    expect(await call(EXAMPLE, 'remind', { invoice: 'inv-1' })).toMatchObject({ ok: false, permanent: true });
  });
});

describe('a request', () => {
  const args = { to: 'acme', tags: ['a', 'b'], n: 2 };
  const PARAMETERS = 'parameters: [{ name: to }, { name: tags, type: array }, { name: n, type: integer }],';

  it.each([
    [
      'a template',
      'body: { to: "{to}", n: "{n}", text: "Dear {to}", tags: ["{tags}"], fixed: 1 }',
      'application/json',
      '{"to":"acme","n":2,"text":"Dear acme","tags":["a","b"],"fixed":1}',
    ],
    ['a form', 'body: form', 'application/x-www-form-urlencoded', 'to=acme&tags=a&tags=b&n=2'],
    [
      'JSON of what has no other place',
      'query: { n: "{n}" }, body: json',
      'application/json',
      '{"to":"acme","tags":["a","b"]}',
    ],
    [
      'all arguments where nothing is said',
      'query: { n: "{n}" }',
      'application/json',
      '{"to":"acme","tags":["a","b"],"n":2}',
    ],
    ['nothing', 'body: none', '', ''],
  ])('has a body of %s', async (_, http, type, body) => {
    await call(one(http, PARAMETERS), 'it', args);
    expect(seen).toMatchObject([{ type, body }]);
  });

  it('is a look where it is a GET or a HEAD, without a word about its effect', async () => {
    const skills = registryOf(one('method: HEAD')).manifests;
    expect(skills).toMatchObject([{ effect: 'pure', outside: true }]);
    odd = (response) => void response.writeHead(200, { etag: 'v7' }).end();
    expect(await call(one('method: HEAD'), 'it', {})).toMatchObject({
      output: { value: { status: 200, headers: { etag: 'v7' } } },
    });
  });
});

describe('an answer', () => {
  const get = one('method: GET');
  const answer = (type: string, body: string | Buffer): void =>
    void (odd = (response) => void response.writeHead(200, type === '' ? {} : { 'content-type': type }).end(body));

  it.each([
    ['application/problem+json; charset=utf-8', '{"a":[1,null,"x\\u0000y"]}', { a: [1, null, 'xy'] }],
    ['', '[1]', [1]],
    ['', 'just text', 'just text'],
    ['text/csv', 'a,b\n1,2', 'a,b\n1,2'],
    ['text/plain; charset=iso-8859-1', Buffer.from([0xe4]), 'ä'],
    ['application/json', 'not json', 'not json'],
    ['application/json', '', null],
  ])('of type %j with %j becomes its value', async (type, body, value) => {
    answer(type, body);
    expect(await call(get, 'it', {})).toMatchObject({ ok: true, output: { value } });
  });

  it('that is a file becomes an artifact, and is refused where there is no store', async () => {
    answer('image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47]));
    expect(await call(get, 'it', {})).toMatchObject({ ok: false, message: expect.stringContaining('no store') });
    const kept: number[] = [];
    const put = async (bytes: Uint8Array | AsyncIterable<Uint8Array>, label: ArtifactLabel): Promise<ArtifactRef> => {
      kept.push((bytes as Uint8Array).length);
      return { $artifact: 'a'.repeat(64), size: 4, ...label };
    };
    const tools = { artifacts: { put } } as unknown as SkillTools;
    const ref = { $artifact: 'a'.repeat(64), size: 4, mediaType: 'image/png', name: 'it.png' };
    expect(await call(get, 'it', {}, tools)).toMatchObject({ output: { value: ref, artifacts: [ref] } });
    expect(kept).toEqual([4]);
  });
});

describe('a retry policy', () => {
  const policy = { attempts: 4, backoffMs: 5, maxMs: 50, jitter: 0 };
  const retry = 'retry: { attempts: 4, backoffMs: 5, maxMs: 50, jitter: 0, on: [429, 404, timeout] },';
  const status = (code: number, headers: Record<string, string> = {}): void =>
    void (odd = (response) => void response.writeHead(code, headers).end());

  it('says which failures are repeated, and how; others are final', async () => {
    status(404);
    expect(await observe(one('method: GET', retry), 'it', {})).toMatchObject({ retry: { isOutage: true, policy } });
    status(503);
    expect(await observe(one('method: GET', retry), 'it', {})).toMatchObject({ retry: null });
  });

  it('never repeats an effect that may have happened without a key', async () => {
    const on = 'retry: { on: [5xx] },';
    status(500);
    const unkeyed = await observe(one('', on), 'it', {});
    expect([unkeyed.result, unkeyed.retry]).toMatchObject([{ code: 'unknown-outcome' }, undefined]);
    expect(await observe(one('', `keyed: true, ${on}`), 'it', {})).toMatchObject({ retry: { inDoubt: true } });
  });

  it('heeds Retry-After in seconds, and as a date by the clock of the server', async () => {
    status(429, { 'retry-after': '7' });
    expect(await observe(one('method: GET', retry), 'it', {})).toMatchObject({ retry: { afterMs: 7_000, policy } });
    status(429, { date: 'Tue, 01 Jan 2030 00:00:00 GMT', 'retry-after': 'Tue, 01 Jan 2030 00:01:30 GMT' });
    expect(await observe(one('method: GET'), 'it', {})).toMatchObject({ retry: { afterMs: 90_000 } });
  });
});

describe('a file of skills', () => {
  it('with a namespace has it before all names, and before what undoes them', () => {
    const skills = registryOf(
      `namespace: billing
skills:
  - { name: pay, summary: pays, effect: compensable, undo: { skill: refund }, http: { url: "http://127.0.0.1:9000/p" } }
  - { name: refund, summary: refunds, http: { url: "http://127.0.0.1:9000/r" } }`,
    );
    expect(skills.manifests.map(({ name, undo }) => [name, undo?.skill])).toEqual([
      ['billing.pay', 'billing.refund'],
      ['billing.refund', undefined],
    ]);
  });

  it.each([
    ['method: GET, body: json', '', 'http.body: must be left out'],
    ['query: { a: "{b}" }', '', 'http.query.a: there is no parameter {b}'],
    ['body: { a: ["{b}"] }', '', 'http.body: there is no parameter {b}'],
    ['', 'parameters: [{ name: a }], input: {},', 'parameters: and input say the same'],
    ['', 'input: { type: string },', 'input: must be a schema of type object'],
    ['', 'output: { type: dict },', 'output: it is no JSON Schema'],
    ['', 'output: { $ref: "http://h/x.json" },', 'output: it refers to'],
    ['', 'ensures: ["(done ?x)"],', 'ensures: there is no parameter ?x'],
    ['', 'requires: ["(each ?x ?l)"], ensures: ["(done ?l)"],', 'requires: there is no parameter ?x'],
    ['', 'ensures: ["(have ?x)", "(table ?x)", "(of ?y)"],', 'ensures: there is no parameter ?y'],
    ['', 'resources: [GPU],', 'resources.0: must be a word'],
    ['', 'retry: { on: [soon] },', 'retry.on'],
  ])('names the entry and the field of %s %s', (http, more, message) =>
    expect(() => registryOf(one(http === '' ? 'timeoutMs: 5' : http, more))).toThrow(message),
  );

  it('cannot have in its address what may be left out', () =>
    expect(() =>
      registryOf(
        'skills: [{ name: it, summary: x, parameters: [{ name: a, optional: true }], http: { url: "http://h/{a}" } }]',
      ),
    ).toThrow('http.url: {a} may be left out'));
});
