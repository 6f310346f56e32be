import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@praxis/core';
import { checkDatabase } from '../postgres/check-database.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../postgres/embedded-postgres.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

let dataDir: string;
const servers: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'praxis-shared-'));
  chmodSync(dataDir, 0o755);
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  for (const server of servers.splice(0)) await server.stop();
  // Whatever is left of it takes over, so that the server does not outlive the test.
  if (existsSync(join(dataDir, 'postgres', 'postmaster.pid')))
    await (await startEmbeddedPostgres({ dataDir, log })).stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const begin = async (): Promise<EmbeddedPostgres> => {
  const server = await startEmbeddedPostgres({ dataDir, log });
  servers.push(server);
  return server;
};

/** Another process (of the built code) that starts the server and lives on. */
async function elsewhere(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const script = `import { startEmbeddedPostgres } from ${JSON.stringify(new URL('../../dist/postgres/embedded-postgres.js', import.meta.url).href)};
    const log = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
    const { url } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log });
    console.log(url);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: line.toString().trim() };
}

describe('the server of a data folder', () => {
  // embedded-postgres.1
  it('is used but not stopped by a second process, and taken over when the first was killed', async () => {
    const { child, url } = await elsewhere();
    const guest = await begin();
    expect(guest.url).toBe(url);
    await guest.stop();
    await expect(checkDatabase(url)).resolves.toBeDefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const heir = await begin();
    expect(heir.url).toBe(url);
    await heir.stop();
    await expect(checkDatabase(url)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is one, however many start at the same time on an empty folder (embedded-postgres.1)', async () => {
    const [here, there, again] = await Promise.all([begin(), elsewhere(), begin()]);
    expect(new Set([here.url, there.url, again.url]).size).toBe(1);
    await expect(checkDatabase(here.url)).resolves.toBeDefined();
  });

  it('is made anew where a set-up was cut short (embedded-postgres.4)', async () => {
    mkdirSync(join(dataDir, 'postgres.new'));
    writeFileSync(join(dataDir, 'postgres.new', 'PG_VERSION'), '18\n');
    writeFileSync(join(dataDir, 'postgres-password'), 'half');
    await expect(checkDatabase((await begin()).url)).resolves.toBeDefined();
    expect(existsSync(join(dataDir, 'postgres.new'))).toBe(false);
  });

  it('is never put over files that are something else', async () => {
    mkdirSync(join(dataDir, 'postgres'));
    writeFileSync(join(dataDir, 'postgres', 'letter.txt'), 'dear');
    await expect(begin()).rejects.toMatchObject({ code: 'conflict' });
    expect(readFileSync(join(dataDir, 'postgres', 'letter.txt'), 'utf8')).toBe('dear');
  });

  it('starts although its old process number belongs to another program now', async () => {
    const first = await begin();
    const file = join(dataDir, 'postgres', 'postmaster.pid');
    const lines = readFileSync(file, 'utf8').split('\n');
    await first.stop();
    const stranger = spawn('sleep', ['600'], asNobody);
    children.push(stranger);
    writeFileSync(file, [String(stranger.pid), ...lines.slice(1)].join('\n'), { mode: 0o644 });
    await expect(checkDatabase((await begin()).url)).resolves.toBeDefined();
  });
});
