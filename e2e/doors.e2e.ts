import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort } from '@praxis/platform';
import { stopTestPostgres, testAuthority, testDatabase } from '@praxis/testing';
import { praxis, sandbox, start, type Running } from './praxis.js';

const box = sandbox();
afterAll(() => box.remove());
const secret = (name: string, text: string): string => {
  const path = join(box.dir, name);
  writeFileSync(path, `${text}\n`);
  return path;
};
const makeKey = async (): Promise<{ readonly key: string; readonly hash: string }> =>
  JSON.parse((await praxis(['key', '--json'], box.env)).stdout) as { key: string; hash: string };

describe('praxis migrate', () => {
  afterAll(() => stopTestPostgres());

  it('brings an empty database to the schema with the tables of the queues, and finds nothing to do the second time', async () => {
    const database = await testDatabase();
    const env = { ...box.env, PRAXIS_DATABASE_URL_FILE: secret('database_url', database.url) };
    const first = await praxis(['migrate', '--json'], env);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toEqual({
      applied: expect.arrayContaining([expect.stringMatching(/^0001_/)]),
      queues: 'postgres',
    });
    const second = await praxis(['migrate'], env);
    expect(second).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('The schema is that of this release already.'),
    });
    await database.drop();
  });
});

describe('an open door', () => {
  it('is named once, with what to do about it, by whoever listens to the network', async () => {
    const port = await freePort();
    const services = start(['start'], {
      ...box.env,
      PRAXIS_PLANNER_ADDRESS: `0.0.0.0:${port}`,
      PRAXIS_EXECUTOR_COUNT: '1',
    });
    await services.until(/Ctrl-C/);
    const health = await praxis(['health', `127.0.0.1:${port}`], box.env);
    await services.kill('SIGTERM');
    const warnings = services.stderr.split('\n').filter((line) => line.includes('the door is open'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(new RegExp(`0\\.0\\.0\\.0:${port}.*PRAXIS_API_KEY_HASHES`));
    expect(health.code).toBe(0);
  });
});

describe('the health of a dashboard', () => {
  let server: Server;
  afterEach(() => server.close());

  it.each([
    [200, 0],
    [503, 7],
  ])('that answers %d is told by exit code %d', async (status, code) => {
    server = createServer((request, response) => response.writeHead(request.url === '/healthz' ? status : 404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const done = await praxis(['health', 'dashboard'], {
      ...box.env,
      PRAXIS_DASHBOARD_ADDRESS: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
    expect(done.code).toBe(code);
  });
});

const authority = testAuthority();
afterAll(() => authority?.remove());

(authority ? describe : describe.skip)('a Praxis behind mutual TLS and a key', () => {
  const own = sandbox();
  let services: Running;
  let known: NodeJS.ProcessEnv;
  let key: string;

  beforeAll(async () => {
    const made = await makeKey();
    key = made.key;
    const server = authority!.sign('server', 'DNS:localhost', 'IP:127.0.0.1');
    const client = authority!.sign('client', 'DNS:client');
    const shared = { ...own.env, PRAXIS_TLS_CA_FILE: authority!.caFile, PRAXIS_API_KEY_FILE: secret('key', key) };
    known = { ...shared, PRAXIS_TLS_CERT_FILE: client.certFile, PRAXIS_TLS_KEY_FILE: client.keyFile };
    services = start(['start'], {
      ...shared,
      PRAXIS_TLS_CERT_FILE: server.certFile,
      PRAXIS_TLS_KEY_FILE: server.keyFile,
      PRAXIS_TLS_CLIENTS: 'certified',
      PRAXIS_API_KEY_HASHES: `${(await makeKey()).hash},${made.hash}`,
      PRAXIS_LOG_LEVEL: 'debug',
    });
    await services.until(/planner +\S+:\d+[^]*Ctrl-C/);
  });
  afterAll(async () => {
    await services.kill('SIGTERM');
    own.remove();
  });

  it('reaches a goal for whom it knows, and says nothing beside', async () => {
    const done = await praxis(['submit', '--world', 'household', '--goal', 'breakfast-a', '--wait'], known);
    expect([done.code, done.stderr]).toEqual([0, expect.stringMatching(/^run r-\w+\n$/)]);
  });

  it('refuses who has no certificate, or no key, or another one, and tells what to set', async () => {
    const { PRAXIS_TLS_CERT_FILE: _cert, PRAXIS_TLS_KEY_FILE: _key, ...uncertified } = known;
    const { PRAXIS_API_KEY_FILE: _file, ...keyless } = known;
    const wrong = (await makeKey()).key;
    const cases = [
      [uncertified, /PRAXIS_TLS_CERT_FILE/],
      [keyless, /set PRAXIS_API_KEY/],
      [{ ...keyless, PRAXIS_API_KEY: wrong }, /does not accept the key/],
    ] as const;
    for (const [env, message] of cases) {
      const done = await praxis(['runs'], { ...env, PRAXIS_LOG_LEVEL: 'debug' });
      expect(done.code).toBe(4);
      expect(done.stderr).toMatch(message);
      expect(done.stderr).not.toContain(wrong);
    }
  });

  it('answers health checks without a key', async () => {
    const { PRAXIS_API_KEY_FILE: _file, ...keyless } = known;
    for (const service of ['planner', 'executor', 'reflector', 'dashboard'])
      expect(await praxis(['health', service], keyless)).toMatchObject({ code: 0, stderr: '' });
  });

  it('is examined by the doctor, and its key stands nowhere', async () => {
    const doctor = await praxis(['doctor'], known);
    expect(doctor.code).toBe(0);
    expect(doctor.stdout).toMatch(/doors .*serves over TLS and asks for no key; calls over TLS and shows a key/);
    const everything = [
      doctor.stdout,
      doctor.stderr,
      services.stdout,
      services.stderr,
      readFileSync(join(own.dir, '.praxis', 'running.json'), 'utf8'),
    ].join('\n');
    expect(services.stderr).toContain('"level":20');
    expect(everything).not.toContain(key);
  });
});
