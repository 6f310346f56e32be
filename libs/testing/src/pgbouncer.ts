import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@praxis/platform';

/** A real connection pooler before a database. */
export interface TestPooler {
  /** The same database as before, by way of the pooler. */
  readonly url: string;
  stop(): Promise<void>;
}

/** How a pooler hands out connections. */
export type PoolMode = 'session' | 'transaction' | 'statement';

const PROGRAM =
  ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find((path) => existsSync(path)) ??
  'pgbouncer';

/** Starts a PgBouncer before a database; null, with a plain message, where the machine has none. */
export async function testPooler(url: string, mode: PoolMode, size = 60): Promise<TestPooler | null> {
  if (spawnSync(PROGRAM, ['--version']).status !== 0) {
    process.stderr.write('pgbouncer is not installed: the tests with a pooler are skipped\n');
    return null;
  }
  const { username, password, port: server } = new URL(url);
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'praxis-pooler-'));
  chmodSync(dir, 0o755);
  writeFileSync(join(dir, 'users'), `"${username}" "${decodeURIComponent(password)}"\n`);
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${server}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
  ];
  lines.push(
    'auth_type = scram-sha-256',
    `auth_file = ${join(dir, 'users')}`,
    `pool_mode = ${mode}`,
    `default_pool_size = ${size}`,
    'max_client_conn = 400',
  );
  writeFileSync(join(dir, 'pgbouncer.ini'), `${lines.join('\n')}\n`);
  // It refuses to run as root.
  const ids = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const child = spawn(PROGRAM, [join(dir, 'pgbouncer.ini')], { ...ids, stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const chunk of child.stderr) if (String(chunk).includes('process up')) break;
  const own = new URL(url);
  own.port = String(port);
  return {
    url: own.toString(),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
