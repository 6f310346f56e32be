import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@praxis/core';
import { Client } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const dataDir = mkdtempSync(join(tmpdir(), 'praxis-embedded-'));
chmodSync(dataDir, 0o755);
let running: EmbeddedPostgres | null = null;

const start = async (): Promise<EmbeddedPostgres> => (running = await startEmbeddedPostgres({ dataDir, log }));

async function query(sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: running!.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const notes = async (): Promise<unknown[]> =>
  (await query('select text from notes order by text')).map((r) => r['text']);
const serverPid = (): number =>
  Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

afterAll(async () => {
  await running?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('startEmbeddedPostgres', () => {
  it('makes a server on loopback, with a password that only its owner can read (embedded-postgres.3)', async () => {
    const { url, port } = await start();
    expect(url).toMatch(new RegExp(`^postgresql://praxis:[0-9a-f]{36}@127\\.0\\.0\\.1:${port}/postgres$`));
    expect(statSync(join(dataDir, 'postgres-password')).mode & 0o077).toBe(0);
    await query("create table notes (text text); insert into notes values ('first')");
    expect(await notes()).toEqual(['first']);
  });

  it('asks everybody for the password (embedded-postgres.3)', async () => {
    const client = new Client({ connectionString: running!.url.replace(/praxis:[0-9a-f]+@/, 'praxis:wrong@') });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('takes over a server that still runs, with what is in it (embedded-postgres.1)', async () => {
    const first = running!;
    const second = await start();
    expect(second.url).toBe(first.url);
    await query("insert into notes values ('second')");
    expect(await notes()).toEqual(['first', 'second']);
  });

  it('keeps the data over a stop and a start', async () => {
    await running!.stop();
    await expect(notes()).rejects.toThrow();
    await start();
    expect(await notes()).toEqual(['first', 'second']);
  });

  it('comes back with all that was committed after the server was killed', async () => {
    await query("insert into notes values ('third')");
    process.kill(serverPid(), 'SIGKILL');
    await start();
    expect(await notes()).toEqual(['first', 'second', 'third']);
  });

  it('is not misled by what a power cut leaves behind', async () => {
    await running!.stop();
    writeFileSync(
      join(dataDir, 'postgres', 'postmaster.pid'),
      `${2 ** 22 - 3}\n${join(dataDir, 'postgres')}\n0\n1\n\n127.0.0.1\n0 0\nready\n`,
      { mode: 0o644 },
    );
    await start();
    expect(await notes()).toEqual(['first', 'second', 'third']);
  });

  it('can be stopped twice', async () => {
    await running!.stop();
    await running!.stop();
    running = null;
  });
});

describe('the name of the data folder', () => {
  const parent = mkdtempSync(join(tmpdir(), 'praxis-names-'));
  const canary = join(parent, 'canary');
  chmodSync(parent, 0o777);
  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  /** What a shell would run, without a slash: `touch` of the canary, in base64. */
  const touch = `eval $(echo ${Buffer.from(`touch ${canary}`).toString('base64')} | base64 -d)`;

  it.each([
    ['a command in parentheses', `t$(${touch})`],
    ['a command in backticks', `t\`${touch}\``],
    ['a command after a quote', `t"; ${touch}; "`],
    ['a command after an apostrophe', `t'; ${touch}; '`],
    ['a variable', 't$HOME'],
    ['spaces and a leading dash', '- a  b'],
    ['unicode', 'é鍋🫖'],
    ['a percent sign and a backslash', '100%\\n'],
  ])('may hold %s, and no shell reads it', async (_what, name) => {
    const dir = join(parent, name);
    mkdirSync(dir, { mode: 0o755 });
    running = await startEmbeddedPostgres({ dataDir: dir, log });
    expect(await query('select 1 as n')).toEqual([{ n: 1 }]);
    await running.stop();
    running = null;
    expect(existsSync(join(dir, 'postgres', 'PG_VERSION'))).toBe(true);
    expect(existsSync(canary)).toBe(false);
  });

  it('is refused with a line break, by name', async () => {
    await expect(startEmbeddedPostgres({ dataDir: join(parent, 'a\nb'), log })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('a\\nb'),
    });
  });
});

const asRoot = process.getuid?.() === 0 ? it : it.skip;

describe('startEmbeddedPostgres, under root', () => {
  let closed: string;
  let shared: string;
  const places: string[] = [];
  const telling: Logger = { ...log, warn: (_message, fields) => void places.push(String(fields?.['place'])) };
  beforeEach(() => {
    // A folder of temporary files that everybody may write to, and a data folder that only root may enter.
    closed = mkdtempSync(join(tmpdir(), 'praxis-closed-'));
    shared = mkdtempSync(join(tmpdir(), 'shared-'));
    chmodSync(shared, 0o1777);
    places.splice(0);
  });
  afterEach(async () => {
    await running?.stop();
    running = null;
    for (const place of [closed, shared]) rmSync(place, { recursive: true, force: true });
  });

  // embedded-postgres.2
  asRoot('keeps the data where the server can reach them, says where, and finds them again', async () => {
    running = await startEmbeddedPostgres({ dataDir: closed, temporary: shared, log: telling });
    await query('create table kept (n int)');
    await running.stop();
    running = await startEmbeddedPostgres({ dataDir: closed, temporary: shared, log: telling });
    expect(await query('select count(*)::int as n from kept')).toEqual([{ n: 0 }]);
    expect(new Set(places).size).toBe(1);
    expect(existsSync(join(places[0]!, 'postgres', 'PG_VERSION'))).toBe(true);
    expect(statSync(places[0]!).mode & 0o777).toBe(0o711);
  });

  /** Where an older release would have looked, which anybody can work out. */
  const predictable = (): string =>
    join(shared, `praxis-${createHash('sha256').update(closed).digest('hex').slice(0, 12)}`);

  asRoot('never writes through what another user planted at a name that can be predicted (place.1)', async () => {
    const secret = join(closed, 'of-root');
    writeFileSync(secret, 'untouched', { mode: 0o600 });
    mkdirSync(predictable());
    for (const name of ['postgres-owner', 'postgres-password', 'postgres.log', 'postgres-starting'])
      symlinkSync(secret, join(predictable(), name));
    for (const name of ['postgres-owner', 'postgres-password', 'postgres.log', 'postgres-starting'])
      lchownSync(join(predictable(), name), 65534, 65534);
    lchownSync(predictable(), 65534, 65534);
    running = await startEmbeddedPostgres({ dataDir: closed, temporary: shared, log: telling });
    expect(await query('select 1 as n')).toEqual([{ n: 1 }]);
    expect(readFileSync(secret, 'utf8')).toBe('untouched');
    expect(places[0]).not.toBe(predictable());
  });

  asRoot(
    'takes the database along that an older release left at the predictable name, where it is of root (place.2)',
    async () => {
      mkdirSync(predictable(), { mode: 0o755 });
      running = await startEmbeddedPostgres({ dataDir: closed, temporary: shared, log: telling });
      expect(places).toEqual([predictable()]);
    },
  );

  asRoot.each<[string, (place: string) => void]>([
    ['belongs to somebody else', (place) => lchownSync(place, 65534, 65534)],
    ['may be written by everybody', (place) => chmodSync(place, 0o777)],
    ['is a link', (place) => (renameSync(place, `${place}.moved`), symlinkSync(`${place}.moved`, place))],
    ['can be replaced by others', () => chmodSync(shared, 0o777)],
  ])('does not go back to its folder when that %s (place.2)', async (_what, spoil) => {
    running = await startEmbeddedPostgres({ dataDir: closed, temporary: shared, log: telling });
    await running.stop();
    running = null;
    spoil(places[0]!);
    await expect(startEmbeddedPostgres({ dataDir: closed, temporary: shared, log: telling })).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('postgres-place'),
    });
  });

  asRoot('says what a user id without an entry in the password file needs', () => {
    const dir = mkdtempSync(join(tmpdir(), 'praxis-nameless-'));
    lchownSync(dir, 12_345, 12_345);
    const script = `const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('../../dist/postgres/embedded-postgres.js', import.meta.url).href)});
      process.setgid(12345); process.setuid(12345);
      const log = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
      await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dir)}, log }).catch((e) => console.log(e.code, e.message));`;
    const said = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    rmSync(dir, { recursive: true, force: true });
    expect(said.stdout).toMatch(/^invalid .*no entry in the password file.*PRAXIS_DATABASE_URL/);
  });

  asRoot('makes a new folder when the system has swept the old one away', async () => {
    running = await startEmbeddedPostgres({ dataDir: closed, temporary: shared, log: telling });
    await running.stop();
    rmSync(places[0]!, { recursive: true });
    running = await startEmbeddedPostgres({ dataDir: closed, temporary: shared, log: telling });
    expect(places[1]).not.toBe(places[0]);
    expect(await query('select 1 as n')).toEqual([{ n: 1 }]);
  });
});
