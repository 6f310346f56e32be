import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PraxisError, type Logger } from '@praxis/core';
import { copyBinaries, findPostgres, isReachable, linkLibraries } from './postgres-binaries.js';
import { freePort } from './ports.js';
import { findServer } from './running-server.js';
import { isAlive, readPid, withStartLock } from './start-lock.js';

/** A real Postgres of our own. */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Postgres refuses to run as root; this user owns nothing and needs no entry anywhere. */
const NOBODY = 65534;

interface Place {
  readonly bin: string;
  readonly data: string;
  readonly root: string;
  readonly ids: { readonly uid: number; readonly gid: number } | null;
}

/**
 * Starts a Postgres whose data lie in `dataDir/postgres`, on loopback and a free port.
 *
 * P1 One server per data folder, however many processes start at once: one that still runs is used. Who started it
 *    stops it; where that process was killed, the next one takes the server over.
 * P2 Works as root: the server runs as a user without rights. Where that user cannot reach the folder, data and
 *    binaries live in the folder for temporary files instead, and the log says so.
 * P3 The password is made at the first start and kept beside the data, readable by its owner only.
 * P4 A set-up that was cut short leaves no half database: it is made elsewhere and moved into place when it is whole.
 */
export async function startEmbeddedPostgres({ dataDir, log }: { readonly dataDir: string; readonly log: Logger }): Promise<EmbeddedPostgres> {
  const place = prepare(resolve(dataDir), log);
  const password = join(place.root, 'postgres-password');
  const owner = join(place.root, 'postgres-owner');
  const port = await withStartLock(join(place.root, 'postgres-starting'), async () => {
    if (!existsSync(join(place.data, 'PG_VERSION'))) await create(place, password);
    const found = await findServer(place.data, async () => (await pgCtl(place, ['status'])).code === 0);
    const holder = readPid(owner);
    if (found === null || holder === null || !isAlive(holder)) writeFileSync(owner, String(process.pid));
    return found ?? (await launch(place, log));
  });
  const secret = readFileSync(password, 'utf8').trim();
  return {
    url: `postgresql://praxis:${secret}@127.0.0.1:${port}/postgres`,
    port,
    stop: async () => {
      if (readPid(owner) === process.pid) await pgCtl(place, ['-m', 'fast', '-w', '-t', '20', 'stop']);
    },
  };
}

function prepare(dataDir: string, log: Logger): Place {
  const isRoot = process.getuid?.() === 0;
  let root = dataDir;
  let bin = findPostgres();
  mkdirSync(dataDir, { recursive: true });
  linkLibraries(bin);
  if (isRoot && !(isReachable(dataDir) && isReachable(bin))) {
    root = join(tmpdir(), `praxis-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`);
    mkdirSync(root, { recursive: true, mode: 0o755 });
    log.warn('the data folder cannot be reached without root rights; the embedded database lives elsewhere', { place: root });
    if (!isReachable(bin)) bin = copyBinaries(bin, root);
  }
  return { bin, data: join(root, 'postgres'), root, ids: isRoot ? { uid: NOBODY, gid: NOBODY } : null };
}

async function create(place: Place, password: string): Promise<void> {
  const fresh = `${place.data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  if (place.ids) chownSync(fresh, place.ids.uid, place.ids.gid);
  rmSync(password, { force: true });
  writeFileSync(password, `${randomBytes(18).toString('hex')}\n`, { mode: 0o600 });
  const handed = join(place.root, `.initdb-${process.pid}`);
  writeFileSync(handed, readFileSync(password), { mode: 0o600 });
  if (place.ids) chownSync(handed, place.ids.uid, place.ids.gid);
  const args = ['-D', fresh, '-U', 'praxis', '-A', 'scram-sha-256', `--pwfile=${handed}`, '-E', 'UTF8', '--no-locale', '--no-sync', '--no-instructions'];
  const done = await exec(place, 'initdb', args).finally(() => rmSync(handed, { force: true }));
  if (done.code === 0) return moveIntoPlace(fresh, place.data);
  rmSync(fresh, { recursive: true, force: true });
  throw explain('The embedded Postgres could not be set up', done.output);
}

function moveIntoPlace(fresh: string, data: string): void {
  try {
    if (existsSync(data)) rmdirSync(data);
    renameSync(fresh, data);
  } catch (cause) {
    throw new PraxisError('conflict', `${data} holds something that is not a database; move it away and start again.`, { cause });
  }
}

async function launch(place: Place, log: Logger): Promise<number> {
  const logFile = join(place.data, 'server.log');
  let output = '';
  // After a kill -9 the old server's processes hold its memory for a few seconds.
  for (let attempt = 0; attempt < 6; attempt++) {
    const port = await freePort();
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200`;
    const done = await pgCtl(place, ['-w', '-t', '60', '-s', '-l', logFile, '-o', options, 'start']);
    if (done.code === 0) return port;
    output = `${done.output}\n${existsSync(logFile) ? readFileSync(logFile, 'utf8').split('\n').slice(-8).join('\n') : ''}`;
    log.debug('the embedded Postgres did not start at once', { attempt });
    await sleep(1_000);
  }
  throw explain('The embedded Postgres did not start', output);
}

function pgCtl(place: Place, args: readonly string[]): Promise<{ code: number; output: string }> {
  return exec(place, 'pg_ctl', ['-D', place.data, ...args]);
}

function exec(place: Place, program: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    const options = { ...place.ids, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, stdio: 'pipe' as const };
    const child = execFile(join(place.bin, program), [...args], options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      done({ code, output: `${stdout}${stderr}${error && typeof error.code !== 'number' ? error.message : ''}` });
    });
    // The server inherits these pipes; they must not keep the call waiting for its end.
    child.once('exit', () => setTimeout(() => (child.stdout?.destroy(), child.stderr?.destroy()), 50));
  });
}

function explain(what: string, output: string): PraxisError {
  const tail = output.trim().split('\n').slice(-3).join(' ');
  if (/No space left/i.test(output)) return new PraxisError('exhausted', `${what}: the disk is full. Free some space and start again; nothing that was stored is lost.`);
  return new PraxisError('unavailable', `${what}: ${tail || 'no reason was given'}. Set PRAXIS_DATABASE_URL to use a Postgres of your own.`);
}
