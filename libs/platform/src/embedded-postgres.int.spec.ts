import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@praxis/core';
import { Client } from 'pg';
import { checkDatabase } from './check-database.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { freePort } from './ports.js';

const warned: string[] = [];
const log: Logger = { error() {}, warn: (m) => void warned.push(m), info() {}, debug() {}, child: () => log };

async function sql(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

let top: string;
let running: EmbeddedPostgres[];
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'pg-spec-'));
  chmodSync(top, 0o755);
  running = [];
  warned.splice(0);
});
afterEach(async () => {
  for (const server of running) await server.stop();
  rmSync(top, { recursive: true, force: true });
});

const begin = async (dataDir = join(top, '.praxis')): Promise<EmbeddedPostgres> => {
  const server = await startEmbeddedPostgres({ dataDir, log });
  running.push(server);
  return server;
};
const postmaster = (dataDir = join(top, '.praxis')): number => Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

describe('startEmbeddedPostgres', () => {
  it('keeps what was stored over a stop and a start, on loopback only, and lets nobody in without the password', async () => {
    const first = await begin();
    await sql(first.url, 'create table kept as select 42 as n');
    expect(await sql(first.url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    const open = new URL(first.url);
    open.password = 'guess';
    await expect(checkDatabase(open.toString())).rejects.toMatchObject({ code: 'denied' });
    await first.stop();
    await expect(checkDatabase(first.url)).rejects.toMatchObject({ code: 'unavailable' });
    const second = await begin();
    expect(await sql(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
    expect(parseInt((await checkDatabase(second.url)).version, 10)).toBeGreaterThanOrEqual(13);
  });

  it('keeps its password readable by its owner only (P3)', async () => {
    const { url } = await begin();
    const file = join(top, '.praxis', 'postgres', 'praxis-password');
    expect(readFileSync(file, 'utf8').trim()).toBe(new URL(url).password);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('comes back with its data after the server was killed', async () => {
    const first = await begin();
    await sql(first.url, 'create table kept as select 1 as n');
    process.kill(postmaster(), 'SIGKILL');
    const second = await begin();
    expect(await sql(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('takes over the server of a process that was killed, and stops it in the end (P1)', async () => {
    const dataDir = join(top, '.praxis');
    const script = `import { startEmbeddedPostgres } from ${JSON.stringify(new URL('../dist/embedded-postgres.js', import.meta.url).href)};
      const log = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
      const { url } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log }); console.log(url); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const url = line.toString().trim();
    const borrowed = await begin();
    expect(borrowed.url).toBe(url);
    await borrowed.stop();
    // Its owner lives, so the server does too.
    expect(await sql(url, 'select 1 as n')).toEqual([{ n: 1 }]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const heir = await begin();
    expect(heir.url).toBe(url);
    await heir.stop();
    await expect(checkDatabase(url)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('gives two processes that start at the same time one server', async () => {
    const [a, b] = await Promise.all([begin(), begin()]);
    expect(a.url).toBe(b.url);
    expect(await sql(b.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('starts anew where the first set-up was cut short', async () => {
    const dataDir = join(top, '.praxis');
    mkdirSync(join(dataDir, 'postgres.new-1'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres.new-1', 'PG_VERSION'), '18\n');
    const { url } = await begin();
    expect(await sql(url, 'select 1 as n')).toEqual([{ n: 1 }]);
    expect(existsSync(join(dataDir, 'postgres.new-1'))).toBe(false);
  });

  it('is not misled by the file of a server that is long gone', async () => {
    const first = await begin();
    const file = join(top, '.praxis', 'postgres', 'postmaster.pid');
    const lines = readFileSync(file, 'utf8').split('\n');
    await first.stop();
    const stranger = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {});
    writeFileSync(file, [String(stranger.pid), ...lines.slice(1)].join('\n'), { mode: 0o644 });
    try {
      const { url } = await begin();
      expect(await sql(url, 'select 1 as n')).toEqual([{ n: 1 }]);
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it('moves to the folder for temporary files, and says so, where its user cannot reach the data folder (P2)', async () => {
    if (process.getuid?.() !== 0) return;
    chmodSync(top, 0o700);
    const { url } = await begin();
    expect(await sql(url, 'select 1 as n')).toEqual([{ n: 1 }]);
    expect(warned.join()).toContain('lives elsewhere');
    const [{ data_directory: place }] = (await sql(url, 'show data_directory')) as [{ data_directory: string }];
    expect(place.startsWith(tmpdir())).toBe(true);
    await running.pop()!.stop();
    rmSync(join(place, '..'), { recursive: true, force: true });
  });
});

describe('checkDatabase', () => {
  it('says plainly that nobody answers, without the password', async () => {
    const failure = checkDatabase(`postgres://me:hunter2@127.0.0.1:${await freePort()}/d`);
    await expect(failure).rejects.toMatchObject({ code: 'unavailable' });
    await expect(failure).rejects.toThrow(/me:\*\*\*@/);
  });

  it('says plainly that the database does not exist', async () => {
    const { url } = await begin();
    await expect(checkDatabase(url.replace(/\/postgres$/, '/nowhere'))).rejects.toMatchObject({ code: 'missing' });
  });
});
