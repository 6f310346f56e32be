import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import type { ActionResult, Json, SkillCall } from '@praxis/core';
import { declarationSchema } from './declaration.js';
import { HttpSkill } from './http-skill.js';
import { declaredInput } from './short-parameters.js';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that answers as it is told, one answer per request and the last one for ever. */
class Desk {
  readonly seen: Seen[] = [];
  answers: Answer[] = [];
  readonly #server: Server = createServer((request, response) => void this.#take(request, response));

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    this.seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
    const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!;
    answer(response, request);
  }

  /** Lets go of the connections, so that no test waits for another's. */
  dropAll(): void {
    this.#server.closeAllConnections();
  }

  close(): Promise<void> {
    this.dropAll();
    return new Promise((resolve) => void this.#server.close(() => resolve()));
  }
}

const say =
  (status: number, text = '', headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(text);
const hangUp: Answer = (_, request) => void request.socket.destroy();
const silence: Answer = () => undefined;

let desk: Desk;
beforeAll(async () => (desk = await new Desk().open()));
afterAll(() => desk.close());
beforeEach(() => {
  desk.seen.length = 0;
  desk.answers = [];
});
afterEach(() => desk.dropAll());

const SECRET = 'tok-4711';
function skill(entry: { http?: object; probe?: object; effect?: string; keyed?: boolean }, url = desk.url): HttpSkill {
  const declaration = declarationSchema.parse({
    name: 'pay',
    summary: 'pays',
    effect: 'irreversible',
    parameters: [{ name: 'invoice' }, { name: 'amount', type: 'number' }],
    ...entry,
    http: { url: `${url}/pay/{invoice}`, ...entry.http },
  });
  const { name, summary, effect, keyed } = declaration;
  const headers = { authorization: `Bearer ${SECRET}` };
  return new HttpSkill({
    declaration,
    manifest: { name, summary, ...declaredInput(null, declaration.parameters), effect, keyed, source: 'http:test' },
    headers,
    probeHeaders: headers,
    secrets: [SECRET],
    backoffMs: 1,
  });
}
const callOf = (
  signal = new AbortController().signal,
  args: Record<string, Json> = { invoice: 'i/1', amount: 3 },
): SkillCall => ({ action: { skill: 'pay', args }, key: 'key-1', signal });
const result = async (of: HttpSkill, call = callOf()): Promise<ActionResult> => (await of.run(call)).result;
const keys = (): readonly unknown[] => desk.seen.map(({ headers }) => headers['idempotency-key']);

describe('a call', () => {
  it('carries its arguments as JSON, its key and its secrets, and its answer is the message', async () => {
    desk.answers = [say(201, ' paid \u0000\u001b[31m3\r\n')];
    expect(await skill({}).run(callOf())).toEqual({
      result: {
        ok: true,
        message: 'paid [31m3',
        output: { value: 'paid [31m3', artifacts: [], taint: ['http:test'] },
      },
      state: null,
    });
    expect(desk.seen).toEqual([
      {
        method: 'POST',
        url: '/pay/i%2F1',
        headers: expect.objectContaining({
          'idempotency-key': 'key-1',
          'content-type': 'application/json',
          authorization: `Bearer ${SECRET}`,
        }),
        body: '{"invoice":"i/1","amount":3}',
      },
    ]);
  });

  it('carries in the query what its address does not name, where it has no body (http-skill.1)', async () => {
    desk.answers = [say(200)];
    await result(skill({ effect: 'pure', http: { method: 'GET' } }));
    await result(
      skill({ effect: 'reversible', http: { method: 'DELETE', url: `${desk.url}/pay/{invoice}?by={key}` } }),
    );
    expect(desk.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['GET', '/pay/i%2F1?amount=3', ''],
      ['DELETE', '/pay/i%2F1?by=key-1&amount=3', ''],
    ]);
    expect(keys()).toEqual([undefined, 'key-1']);
  });

  it('is not made with arguments that would ask for something else (http-skill.4)', async () => {
    expect(await result(skill({}), callOf(undefined, { invoice: '..', amount: 3 }))).toMatchObject({
      ok: false,
      code: 'invalid-args',
    });
    expect(desk.seen).toEqual([]);
  });

  it('takes so much of an answer and no more, and nothing of its own secrets (http-skill.5)', async () => {
    desk.answers = [say(200, 'x'.repeat(200_000)), say(409, `you sent Bearer ${SECRET}`)];
    const { message } = await result(skill({}));
    expect(message).toHaveLength(4 * 1024 + ' … (cut at 4 kB)'.length);
    expect((await result(skill({}))).message).toBe(`${new URL(desk.url).host} answered 409: you sent Bearer ***`);
    expect(JSON.stringify(skill({}))).not.toContain(SECRET);
  });

  it('follows no redirect, so that its headers go where the file says (http-skill.4)', async () => {
    desk.answers = [say(307, '', { location: '/elsewhere' })];
    expect(await result(skill({}))).toMatchObject({
      ok: false,
      code: 'world-error',
      message: expect.stringContaining('not followed'),
    });
    expect(await result(skill({ effect: 'pure', http: { method: 'GET' } }))).toMatchObject({
      ok: false,
      code: 'world-error',
    });
    expect(desk.seen.map(({ url }) => url)).toEqual(['/pay/i%2F1', '/pay/i%2F1?amount=3']);
  });
});

describe('a skill that the server does at most once per key', () => {
  const charge = () => skill({ keyed: true });
  const after =
    (text: string): Answer =>
    (response) =>
      void response.writeHead(200, { 'content-length': '100' }).write(text, () => response.destroy());

  // http-skill.6, S10
  it.each([
    ['500', say(500, 'the receipt could not be printed')],
    ['505', say(505)],
    ['520', say(520)],
    ['a redirect', say(302, '', { location: '/done' })],
    ['a cut answer', after('pai')],
    ['no answer at all', hangUp],
    ['an upgrade to another protocol', say(101, '', { connection: 'upgrade', upgrade: 'other' })],
  ])('is in doubt after %s, and may be repeated under its key (http-skill.2, http-skill.3)', async (_, answer) => {
    desk.answers = [answer];
    expect(await charge().run(callOf())).toMatchObject({
      result: { ok: false, code: 'unknown-outcome' },
      retry: { inDoubt: true, isOutage: false },
    });
    expect(keys()).toEqual(['key-1']);
  });

  it.each([[502], [503], [504]])(
    'waits out a gateway that says %i, and does not forget that it may have been done',
    async (status) => {
      desk.answers = [say(status)];
      expect(await charge().run(callOf())).toMatchObject({
        result: { code: 'unknown-outcome' },
        retry: { inDoubt: true, isOutage: true },
      });
    },
  );

  it('heeds when the server wants to be called again, and is not in doubt where it was turned away', async () => {
    for (const [status, seconds] of [
      [429, 3600],
      [503, 7],
      [425, 1],
      [408, 2],
    ] as const) {
      desk.answers = [say(status, '', { 'retry-after': String(seconds) })];
      expect(await charge().run(callOf())).toMatchObject({
        result: { ok: false, code: 'unavailable' },
        retry: { afterMs: seconds * 1000, inDoubt: false, isOutage: true },
      });
    }
  });

  it('keeps its doubt though the repetition is refused: the first request may be why (http-skill.3)', async () => {
    desk.answers = [say(422, 'already paid')];
    const { result: refused } = await charge().run({ ...callOf(), inDoubt: true });
    expect(refused).toMatchObject({
      ok: false,
      code: 'unknown-outcome',
      message: expect.stringContaining('already paid'),
    });
    expect(await result(charge())).toMatchObject({ ok: false, code: 'not-applicable', permanent: true });
  });

  it('is out of doubt with a success under its key', async () => {
    desk.answers = [say(200, 'paid')];
    expect(await result(charge(), { ...callOf(), inDoubt: true })).toMatchObject({ ok: true, message: 'paid' });
  });
});

describe('a skill that nobody can ask twice', () => {
  it.each([
    ['the connection breaks', hangUp],
    ['the server breaks down', say(500)],
    ['a go-between does not know', say(502)],
    [
      'the answer breaks off',
      (response: ServerResponse) =>
        void response.writeHead(200, { 'content-length': '100' }).write('pai', () => response.destroy()),
    ],
    ['a proxy says that the caller was gone', say(499)],
    ['it is sent elsewhere', say(303, '', { location: '/done' })],
  ])('is sent once, and its outcome is unknown, where %s (http-skill.2, http-skill.3)', async (_, answer) => {
    desk.answers = [answer];
    expect(await result(skill({}))).toMatchObject({ ok: false, code: 'unknown-outcome' });
    expect(keys()).toEqual(['key-1']);
  });

  it('is sent once, and its outcome is unknown, where no answer comes in time (http-skill.2–3)', async () => {
    desk.answers = [silence];
    expect(await result(skill({ http: { timeoutMs: 100 } }))).toMatchObject({
      ok: false,
      code: 'unknown-outcome',
      message: expect.stringContaining('within 100 ms'),
    });
    expect(desk.seen).toHaveLength(1);
  });

  it('is not in doubt where nobody was there (http-skill.6)', async () => {
    const gone = await new Desk().open();
    const { url } = gone;
    await gone.close();
    expect(await result(skill({}, url))).toMatchObject({
      ok: false,
      code: 'unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await result(skill({}, 'http://nobody.invalid'))).toMatchObject({ ok: false, code: 'unavailable' });
  });

  it('never finds a connection that others have left, and that is just being closed', async () => {
    desk.answers = [say(200)];
    const other = skill({ effect: 'pure', http: { method: 'GET' }, probe: { url: `${desk.url}/effects/{key}` } });
    for (let i = 0; i < 5; i++) {
      await result(other);
      await other.probe!(callOf());
      desk.dropAll();
      expect(await result(skill({}))).toMatchObject({ ok: true });
    }
  });

  it('is done where its probe says so, though no answer came (http-skill.3)', async () => {
    desk.answers = [hangUp, say(200, 'paid at noon')];
    const probed = skill({ probe: { url: `${desk.url}/effects/{key}` } });
    expect(await result(probed)).toMatchObject({ ok: true, message: 'paid at noon' });
    expect(desk.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /pay/i%2F1', 'GET /effects/key-1']);
  });

  // http-skill.3
  it('stays in doubt where its probe knows nothing yet: the request may still be on its way', async () => {
    desk.answers = [hangUp, say(404)];
    expect(await result(skill({ probe: { url: `${desk.url}/effects/{key}` } }))).toMatchObject({
      ok: false,
      code: 'unknown-outcome',
    });
  });
});

describe('a skill that changes nothing', () => {
  it('may be asked again, and is never in doubt', async () => {
    const look = skill({ effect: 'pure', http: { method: 'GET' } });
    desk.answers = [hangUp];
    expect(await look.run(callOf())).toMatchObject({
      result: { ok: false, code: 'unavailable' },
      retry: { inDoubt: false, isOutage: true },
    });
    desk.answers = [say(500)];
    expect(await look.run(callOf())).toMatchObject({
      result: { ok: false, code: 'world-error' },
      retry: { inDoubt: false, isOutage: false },
    });
    desk.answers = [say(405)];
    expect(await look.run(callOf())).toEqual({
      result: expect.objectContaining({ ok: false, code: 'world-error', permanent: true }),
      state: null,
    });
    desk.answers = [silence];
    expect(await result(skill({ effect: 'pure', http: { method: 'GET', timeoutMs: 50 } }))).toMatchObject({
      ok: false,
      code: 'timeout',
    });
  });

  it('is not satisfied with half an answer', async () => {
    desk.answers = [
      (response) => void response.writeHead(200, { 'content-length': '100' }).write('hal', () => response.destroy()),
      say(200, 'whole'),
    ];
    const look = skill({ effect: 'pure', http: { method: 'GET' } });
    expect(await look.run(callOf())).toMatchObject({ result: { ok: false }, retry: { isOutage: true } });
    expect(await result(look)).toMatchObject({ ok: true, message: 'whole', output: { value: 'whole' } });
  });
});

describe('a cancel', () => {
  it('before the request keeps it from being sent', async () => {
    expect(await result(skill({}), callOf(AbortSignal.abort()))).toMatchObject({ ok: false, code: 'cancelled' });
    expect(desk.seen).toEqual([]);
  });

  it('after the request leaves an effect in doubt, and nothing else', async () => {
    const arrived =
      (cancel: AbortController): Answer =>
      () =>
        cancel.abort();
    for (const [entry, code] of [
      [{}, 'unknown-outcome'],
      [{ keyed: true }, 'unknown-outcome'],
      [{ effect: 'pure' }, 'cancelled'],
    ] as const) {
      const cancel = new AbortController();
      desk.answers = [arrived(cancel)];
      expect(await result(skill(entry), callOf(cancel.signal))).toMatchObject({ ok: false, code });
    }
    expect(desk.seen).toHaveLength(3);
  });
});

describe('a probe', () => {
  const probed = (url = desk.url): HttpSkill => skill({ probe: { url: `${url}/effects/{key}` } });

  it('is believed where it says yes or no, and asked again where it cannot be reached', async () => {
    desk.answers = [hangUp, say(200, 'paid')];
    expect(await probed().probe!(callOf())).toMatchObject({
      happened: true,
      observation: { result: { ok: true, message: 'paid' }, state: null },
    });
    desk.answers = [say(404)];
    expect(await probed().probe!(callOf())).toEqual({ happened: false });
    expect(desk.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual(
      Array.from({ length: 3 }, () => ['/effects/key-1', `Bearer ${SECRET}`]),
    );
  });

  it.each([
    ['another answer', say(204)],
    ['a refusal', say(403)],
    ['a broken server', say(500)],
    ['nothing', hangUp],
  ])('cannot tell where there is %s', async (_, answer) => {
    desk.answers = [answer];
    expect(await probed().probe!(callOf())).toEqual({ happened: null });
  });

  it('cannot tell once it was cancelled', async () => {
    expect(await probed().probe!(callOf(AbortSignal.abort()))).toEqual({ happened: null });
  });
});

describe('a server that speaks no HTTP', () => {
  it('has done nothing where a connection could not even be made safe', async () => {
    desk.answers = [say(200)];
    expect(await result(skill({}, desk.url.replace('http:', 'https:')))).toMatchObject({
      ok: false,
      code: 'unavailable',
    });
    expect(desk.seen).toEqual([]);
  });

  it('leaves an effect in doubt: it has read the request', async () => {
    const tcp = createTcpServer((socket) => socket.once('data', () => socket.end('hello\r\n')));
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    expect(await result(skill({}, `http://127.0.0.1:${(tcp.address() as AddressInfo).port}`))).toMatchObject({
      ok: false,
      code: 'unknown-outcome',
    });
    await new Promise((resolve) => tcp.close(resolve));
  });
});
