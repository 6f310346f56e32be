import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

const notes = async (): Promise<unknown[]> => (await query('select text from notes order by text')).map((r) => r['text']);
const serverPid = (): number => Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

afterAll(async () => {
  await running?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('startEmbeddedPostgres', () => {
  it('makes a server on loopback, with a password that only its owner can read (P3)', async () => {
    const { url, port } = await start();
    expect(url).toMatch(new RegExp(`^postgresql://praxis:[0-9a-f]{36}@127\\.0\\.0\\.1:${port}/postgres$`));
    expect(statSync(join(dataDir, 'postgres-password')).mode & 0o077).toBe(0);
    await query("create table notes (text text); insert into notes values ('first')");
    expect(await notes()).toEqual(['first']);
  });

  it('asks everybody for the password (P3)', async () => {
    const client = new Client({ connectionString: running!.url.replace(/praxis:[0-9a-f]+@/, 'praxis:wrong@') });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('takes over a server that still runs, with what is in it (P1)', async () => {
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
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${2 ** 22 - 3}\n${join(dataDir, 'postgres')}\n0\n1\n\n127.0.0.1\n0 0\nready\n`, { mode: 0o644 });
    await start();
    expect(await notes()).toEqual(['first', 'second', 'third']);
  });

  it('can be stopped twice', async () => {
    await running!.stop();
    await running!.stop();
    running = null;
  });
});

const asRoot = process.getuid?.() === 0 ? it : it.skip;

describe('startEmbeddedPostgres, under root', () => {
  asRoot('keeps the data where the server can reach them, says where, and finds them again (P2)', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'praxis-closed-'));
    const places: string[] = [];
    const telling: Logger = { ...log, warn: (_message, fields) => void places.push(String(fields?.['place'])) };
    try {
      running = await startEmbeddedPostgres({ dataDir: closed, log: telling });
      await query('create table kept (n int)');
      await running.stop();
      running = await startEmbeddedPostgres({ dataDir: closed, log: telling });
      expect(await query('select count(*)::int as n from kept')).toEqual([{ n: 0 }]);
      expect(new Set(places).size).toBe(1);
      expect(existsSync(join(places[0]!, 'postgres', 'PG_VERSION'))).toBe(true);
    } finally {
      await running?.stop();
      running = null;
      for (const place of [closed, ...places]) rmSync(place, { recursive: true, force: true });
    }
  });
});
