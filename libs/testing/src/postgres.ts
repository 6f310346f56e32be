import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLogger, startEmbeddedPostgres, type EmbeddedPostgres } from '@praxis/platform';
import { Client } from 'pg';

/** A database of one test's own. */
export interface TestDatabase {
  readonly url: string;
  /** Runs SQL as an administrator would. */
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  drop(): Promise<void>;
}

let server: Promise<EmbeddedPostgres> | null = null;

/** Starts a real Postgres once per test process, in a folder of its own; it goes away with the process's tests. */
export function testPostgres(): Promise<EmbeddedPostgres> {
  server ??= start();
  return server;
}

async function start(): Promise<EmbeddedPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'praxis-test-'));
  // Under root the server runs as somebody else, who must be able to come here; else its data would lie, and stay,
  // elsewhere.
  chmodSync(dataDir, 0o755);
  const running = await startEmbeddedPostgres({ dataDir, log: createLogger({ level: 'error', name: 'test' }) });
  const stop = async (): Promise<void> => {
    server = null;
    await running.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...running, stop };
}

/** Stops the test process's Postgres; to be called after all tests of a file. */
export async function stopTestPostgres(): Promise<void> {
  await (await server)?.stop();
}

/**
 * Stops the test process's Postgres as its operator would; what it gives starts it again, on the same port and data.
 */
export async function interruptTestPostgres(): Promise<() => Promise<void>> {
  const { url } = await testPostgres();
  const data = String((await ask(url, 'show data_directory'))[0]!['data_directory']);
  await pgCtl(data, ['-m', 'fast', 'stop']);
  // On a server that is down, `restart` is a start with the options it had.
  return () => pgCtl(data, ['-l', join(data, 'restarted.log'), 'restart']);
}

async function pgCtl(data: string, args: readonly string[]): Promise<void> {
  const [server] = readFileSync(join(data, 'postmaster.opts'), 'utf8').split(' "');
  const { uid, gid } = statSync(data);
  const ids = process.getuid?.() === 0 ? { uid, gid } : {};
  // The server inherits what it is started with: a pipe would stay open as long as it runs.
  const child = spawn(join(dirname(server!), 'pg_ctl'), ['-D', data, '-w', ...args], {
    ...ids,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`pg_ctl ${args.join(' ')} ended with ${String(code)}`);
}

async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A fresh, empty database on the test process's Postgres. */
export async function testDatabase(): Promise<TestDatabase> {
  const { url } = await testPostgres();
  const name = `t_${randomBytes(6).toString('hex')}`;
  const admin = (sql: string): Promise<readonly Record<string, unknown>[]> => ask(url, sql);
  await admin(`create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    url: own.toString(),
    query: admin,
    drop: async () => void (await admin(`drop database if exists ${name} with (force)`)),
  };
}
