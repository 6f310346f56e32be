import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchownSync,
  lchownSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PraxisError, type Logger } from '@praxis/core';
import { folderTrouble, openDataFolder, writeAnew } from './data-folder.js';
import { choosePlace, type PostgresPlace } from './postgres-place.js';
import { explainServer, launchServer, runProgram, serverLog, stopServer } from './postgres-server.js';
import { findServer, readPostmaster } from '../server/running-server.js';
import { isAlive, readPid, withStartLock } from './start-lock.js';

/** A real Postgres of our own. */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  /** The server's own log. */
  readonly logFile: string;
  /** Resolves when the server has ended though nobody here stopped it. */
  readonly lost: Promise<void>;
  stop(): Promise<void>;
}

/** Where an embedded Postgres keeps its files. */
export interface EmbeddedOptions {
  readonly dataDir: string;
  /** Folder for temporary files, used by root alone; that of the system where nothing is said. */
  readonly temporary?: string;
  readonly log: Logger;
}

/** How often a look is taken whether the server lives, and how long a restart by its operator may take. */
const WATCH_MS = 1_000;
const RESTART_MS = 10_000;

/**
 * Starts a Postgres whose data lie in `dataDir/postgres`, on loopback and a free port.
 *
 * embedded-postgres.1 One server per data folder, however many processes start at once: one that still runs is used.
 *                     Who started it stops it; where that process was killed, the next one takes the server over.
 * embedded-postgres.2 Works as root: the server runs as a user without rights. Where that user cannot reach the folder,
 *                     data and binaries live in a folder of root's own for temporary files instead, and the log says
 *                     so.
 * embedded-postgres.3 The password is made at the first start and kept beside the data, readable by its owner only.
 * embedded-postgres.4 A set-up that was cut short leaves no half database: it is made elsewhere and moved into place
 *                     when it is whole.
 */
export async function startEmbeddedPostgres({
  dataDir,
  temporary = tmpdir(),
  log,
}: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(dataDir);
  openDataFolder(folder);
  try {
    return await start(folder, temporary, log);
  } catch (thrown) {
    throw folderTrouble(folder, thrown);
  }
}

async function start(dataDir: string, temporary: string, log: Logger): Promise<EmbeddedPostgres> {
  const { place, port, password, owner } = await withStartLock(join(dataDir, 'postgres-starting'), async () => {
    const place = choosePlace(dataDir, temporary, log);
    const password = join(place.root, 'postgres-password');
    const owner = join(place.root, 'postgres-owner');
    if (!existsSync(join(place.data, 'PG_VERSION'))) await create(place, password);
    const found = await findServer(place);
    const holder = readPid(owner);
    if (found === null || holder === null || !isAlive(holder)) writeAnew(owner, String(process.pid), 0o644);
    return { place, port: found ?? (await launchServer(place, log)), password, owner };
  });
  const secret = readFileSync(password, 'utf8').trim();
  const watch = watchServer(place, port);
  return {
    url: `postgresql://praxis:${secret}@127.0.0.1:${port}/postgres`,
    port,
    logFile: serverLog(place),
    lost: watch.lost,
    stop: async () => {
      watch.end();
      if (readPid(owner) === process.pid) await stopServer(place);
    },
  };
}

function watchServer(place: PostgresPlace, port: number): { readonly lost: Promise<void>; end(): void } {
  let tell: () => void = () => undefined;
  const lost = new Promise<void>((resolve) => (tell = resolve));
  let lastAlive = Date.now();
  const timer = setInterval(() => {
    const { pid, port: at } = readPostmaster(place.data);
    if (pid > 0 && at === port && isAlive(pid)) lastAlive = Date.now();
    else if (Date.now() - lastAlive > RESTART_MS) {
      clearInterval(timer);
      tell();
    }
  }, WATCH_MS);
  timer.unref();
  return { lost, end: () => clearInterval(timer) };
}

async function create(place: PostgresPlace, password: string): Promise<void> {
  const fresh = `${place.data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  if (place.ids) lchownSync(fresh, place.ids.uid, place.ids.gid);
  const secret = `${randomBytes(18).toString('hex')}\n`;
  writeAnew(password, secret);
  const handed = join(place.root, `.initdb-${process.pid}`);
  rmSync(handed, { force: true });
  const file = openSync(handed, 'wx', 0o600);
  writeSync(file, secret);
  if (place.ids) fchownSync(file, place.ids.uid, place.ids.gid);
  closeSync(file);
  const args = [
    '-D',
    fresh,
    '-U',
    'praxis',
    '-A',
    'scram-sha-256',
    `--pwfile=${handed}`,
    '-E',
    'UTF8',
    '--no-locale',
    '--no-sync',
    '--no-instructions',
  ];
  const done = await runProgram(place, 'initdb', args).finally(() => rmSync(handed, { force: true }));
  if (done.code === 0) return moveIntoPlace(fresh, place.data);
  rmSync(fresh, { recursive: true, force: true });
  throw explainServer('The embedded Postgres could not be set up', done.output);
}

function moveIntoPlace(fresh: string, data: string): void {
  try {
    if (existsSync(data)) rmdirSync(data);
    renameSync(fresh, data);
  } catch (cause) {
    throw new PraxisError('conflict', `${data} holds something that is not a database; move it away and start again.`, {
      cause,
    });
  }
}
