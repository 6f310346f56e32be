import { readFileSync } from 'node:fs';
import { goalSchema, PraxisError, type Logger } from '@praxis/core';
import { testAuthority, type TestAuthority, type TestCertificate } from '@praxis/testing';
import { hashKey } from './api-key.js';
import { checkHealth } from './client/check-health.js';
import { Caller, type ClientOptions, type Closable } from './client/caller.js';
import { connectPlanner } from './client/connect-planner.js';
import type { PlannerApi } from './service-apis.js';
import type { ClientTls, ServerSecurity, ServerTls } from './security.js';
import { startServer, type RunningServer } from './server/start-server.js';

const GOAL = goalSchema.parse({ title: 't', world: 'w' });
const KEY = 'praxis_the-key-of-a-client-that-nobody-should-see';
const OPEN: ServerSecurity = { tls: null, keyHashes: [], requestBytes: 65_536 };

let submitted = 0;
const api = {
  submit: async (goal) => (submitted++, `r-${goal.title}`),
  async *watch() {
    yield { stream: 'run/r-1', position: 0, at: 1, kind: 'run', event: { type: 'checked', holds: true } };
    yield { stream: 'run/r-1', position: 1, at: 1, kind: 'run', event: { type: 'ended', outcome: 'done', reason: '' } };
  },
} as Partial<PlannerApi> as PlannerApi;

const running: (RunningServer | Closable)[] = [];
afterEach(async () => {
  for (const thing of running.splice(0)) await ('stop' in thing ? thing.stop() : thing.close());
});

async function serve(security: Partial<ServerSecurity>, log?: Logger): Promise<string> {
  const server = await startServer({
    address: '127.0.0.1:0',
    services: { planner: api },
    graceMs: 0,
    security: { ...OPEN, ...security },
    ...(log ? { log } : {}),
  });
  running.push(server);
  return server.address;
}

/** A client that does not wait long for what will not come. */
function call(address: string, security: Partial<ClientOptions['security']> = {}): PlannerApi & Closable {
  const client = connectPlanner(address, { deadlineMs: 3_000, security: { tls: null, key: null, ...security } });
  running.push(client);
  return client;
}

const refusal = (attempt: Promise<unknown>): Promise<PraxisError> =>
  attempt.then(
    () => Promise.reject(new Error('the call went well')),
    (thrown: unknown) => thrown as PraxisError,
  );

async function watched(client: PlannerApi): Promise<readonly number[]> {
  const positions: number[] = [];
  for await (const { position } of client.watch('r-1', {}, new AbortController().signal)) positions.push(position);
  return positions;
}

/** Asks for the reflection service with nothing but what its name needs. */
async function reflect(address: string): Promise<PraxisError> {
  const caller = new Caller({ noun: 'server', address, hint: '' }, { deadlineMs: 3_000 });
  running.push(caller);
  const rpc = {
    path: '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    requestSerialize: () => Buffer.alloc(0),
    responseDeserialize: () => null,
  };
  return refusal(caller.ask(rpc, null, { repeatable: false }));
}

const authority = testAuthority();
const foreign = testAuthority();
afterAll(() => [authority, foreign].forEach((a) => a?.remove()));

(authority && foreign ? describe : describe.skip)('TLS', () => {
  const [ours, theirs] = [authority!, foreign!];
  const pem = ({ certFile, keyFile }: TestCertificate) => ({
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
  });
  const ca = (from: TestAuthority): Buffer => readFileSync(from.caFile);
  let server: ServerTls;
  let own: { readonly cert: Buffer; readonly key: Buffer };
  let stranger: { readonly cert: Buffer; readonly key: Buffer };
  beforeAll(() => {
    server = { ...pem(ours.sign('server', 'DNS:localhost', 'IP:127.0.0.1')), clientCa: null };
    own = pem(ours.sign('client', 'DNS:client'));
    stranger = pem(theirs.sign('stranger', 'DNS:client'));
  });
  const trusting = (from: TestAuthority, shown: Partial<ClientTls> = {}): ClientTls => ({
    ca: ca(from),
    cert: null,
    key: null,
    ...shown,
  });

  it.each(['127.0.0.1', 'localhost'])(
    'carries calls and streams to %s, whose name is in the certificate',
    async (host) => {
      const client = call((await serve({ tls: server })).replace('127.0.0.1', host), { tls: trusting(ours) });
      expect(await client.submit(GOAL, null)).toBe('r-t');
      expect(await watched(client)).toEqual([0, 1]);
    },
  );

  it('is not begun with a server of another authority, and the client says what to check', async () => {
    const client = call(await serve({ tls: server }), { tls: trusting(theirs) });
    const expected = {
      code: 'denied',
      message: expect.stringMatching(
        /the certificate of the planner at \S+ is not signed by the authority in PRAXIS_TLS_CA_FILE/,
      ),
    };
    expect(await refusal(client.submit(GOAL, null))).toMatchObject(expected);
    expect(await refusal(watched(client))).toMatchObject(expected);
  });

  it('is not begun with a server whose certificate is made out to another name', async () => {
    const client = call(await serve({ tls: { ...pem(ours.sign('other', 'DNS:planner')), clientCa: null } }), {
      tls: trusting(ours),
    });
    expect(await refusal(client.submit(GOAL, null))).toMatchObject({
      code: 'denied',
      message: expect.stringMatching(/made out to another name.*subjectAltName/),
    });
  });

  it.each(['127.0.0.1', 'localhost'])(
    'takes another name that the caller expects of an announced address (%s), and no third one',
    async (host) => {
      const address = (await serve({ tls: { ...pem(ours.sign('named', 'DNS:executor')), clientCa: null } })).replace(
        '127.0.0.1',
        host,
      );
      expect(await call(address, { tls: trusting(ours, { names: ['executor'] }) }).submit(GOAL, null)).toBe('r-t');
      expect(
        await refusal(call(address, { tls: trusting(ours, { names: ['planner'] }) }).submit(GOAL, null)),
      ).toMatchObject({ code: 'denied' });
      expect(
        await refusal(call(address, { tls: trusting(theirs, { names: ['executor'] }) }).submit(GOAL, null)),
      ).toMatchObject({ code: 'denied' });
    },
  );

  it('is missed by a client that calls plainly, and the other way round', async () => {
    expect(await refusal(call(await serve({ tls: server })).submit(GOAL, null))).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/it may speak TLS only \(set PRAXIS_TLS_CA_FILE\)/),
    });
    expect(await refusal(call(await serve({}), { tls: trusting(ours) }).submit(GOAL, null))).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/does not speak TLS; unset PRAXIS_TLS_CA_FILE/),
    });
  });

  it('when mutual, serves whom the authority certified and nobody else', async () => {
    const address = await serve({ tls: { ...server, clientCa: ca(ours) } });
    const known = call(address, { tls: trusting(ours, own) });
    expect(await known.submit(GOAL, null)).toBe('r-t');
    expect(await watched(known)).toEqual([0, 1]);
    expect(await refusal(call(address, { tls: trusting(ours) }).submit(GOAL, null))).toMatchObject({
      code: 'denied',
      message: expect.stringMatching(/wants to see a certificate of its authority; set PRAXIS_TLS_CERT_FILE/),
    });
    expect((await refusal(call(address, { tls: trusting(ours, stranger) }).submit(GOAL, null))).message).toMatch(
      /certificate of its authority.*PRAXIS_TLS_CERT_FILE/,
    );
    expect(await known.submit(GOAL, null)).toBe('r-t');
  });

  it('lets a health check of this machine pass whatever name the certificate holds, but not without a certificate where one is asked for', async () => {
    const named = { ...pem(ours.sign('named', 'DNS:planner')), clientCa: ca(ours) };
    const address = await serve({ tls: named });
    const ask = (shown: Partial<ClientTls>): Promise<boolean> =>
      checkHealth(address, 'planner', {
        security: { key: null, tls: { ca: null, cert: null, key: null, verify: false, ...shown } },
      });
    expect(await ask(own)).toBe(true);
    expect(await refusal(ask({}))).toMatchObject({ code: 'denied' });
  });
});

describe('a key', () => {
  const guarded = { keyHashes: [hashKey('praxis_the-key-that-is-to-come'), hashKey(KEY)] };

  it('opens the door while its hash is listed, beside the one that will replace it', async () => {
    const address = await serve(guarded);
    for (const key of [KEY, 'praxis_the-key-that-is-to-come']) {
      expect(await call(address, { key }).submit(GOAL, null)).toBe('r-t');
      expect(await watched(call(address, { key }))).toEqual([0, 1]);
    }
  });

  it('is asked for of calls and streams, and who has none is told what to set (key-guard.1)', async () => {
    const client = call(await serve(guarded));
    const expected = { code: 'denied', message: expect.stringContaining('set PRAXIS_API_KEY') };
    expect(await refusal(client.submit(GOAL, null))).toMatchObject(expected);
    expect(await refusal(watched(client))).toMatchObject(expected);
  });

  it('that is wrong is refused without being repeated (key-guard.3)', async () => {
    const key = 'praxis_a-key-from-another-cluster';
    const error = await refusal(call(await serve(guarded), { key }).submit(GOAL, null));
    expect(error).toMatchObject({
      code: 'denied',
      message: expect.stringMatching(/does not accept the key that was shown/),
    });
    expect(`${error.stack} ${String(error.cause)} ${JSON.stringify(error.cause)}`).not.toMatch(
      new RegExp(`${key}|${hashKey(key)}|${hashKey(KEY)}`),
    );
  });

  it('is asked for of reflection, but not of a health check (key-guard.1)', async () => {
    const address = await serve(guarded);
    expect((await reflect(address)).code).toBe('denied');
    expect(await checkHealth(address, null)).toBe(true);
    expect(await checkHealth(address, 'planner')).toBe(true);
  });

  // key-guard.2–3
  it('never stands in a log, not even at its chattiest, and a wrong one reaches no handler', async () => {
    const lines: string[] = [];
    const write = (message: string, fields: object = {}): void =>
      void lines.push(`${message} ${JSON.stringify(fields)}`);
    const log: Logger = { debug: write, info: write, warn: write, error: write, child: () => log };
    const address = await serve(guarded, log);
    submitted = 0;
    await call(address, { key: KEY }).submit(GOAL, null);
    await refusal(call(address, { key: `${KEY}-not` }).submit(GOAL, null));
    expect(submitted).toBe(1);
    expect(lines).toEqual([
      expect.stringContaining('"status":"OK"'),
      expect.stringContaining('"status":"UNAUTHENTICATED"'),
    ]);
    expect(lines.join()).not.toContain(KEY);
  });

  it('that is shown where none is asked for does no harm', async () => {
    expect(await call(await serve({}), { key: KEY }).submit(GOAL, null)).toBe('r-t');
  });
});

describe('a request that is too large', () => {
  it.each([
    ['a little', 70_000],
    ['far', 20_000_000],
  ])('%s is refused with the limit and what to do, and the server goes on', async (_name, size) => {
    const client = call(await serve({}));
    expect(await refusal(client.submit({ ...GOAL, condition: 'x'.repeat(size) }, null))).toMatchObject({
      code: 'exhausted',
      message: expect.stringMatching(
        /the request of Submit is too large: the planner at \S+ takes 64 kB at most; send less at once, or set its PRAXIS_LIMITS_REQUEST_KB higher/,
      ),
    });
    expect(await client.submit(GOAL, null)).toBe('r-t');
  });
});

describe('a health check', () => {
  it('says so where nothing listens, or something else does', async () => {
    const address = await serve({});
    expect(await refusal(checkHealth(address, 'executor'))).toMatchObject({
      code: 'missing',
      message: `What answers at ${address} is not the executor; check the address.`,
    });
    expect(await refusal(checkHealth('127.0.0.1:1', null))).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('127.0.0.1:1'),
    });
  });
});
