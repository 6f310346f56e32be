import { execFile, spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PraxisError, type Logger } from '@praxis/core';
import { freePort } from '../server/ports.js';
import type { PostgresPlace } from './postgres-place.js';
import { doesAnswer, readPostmaster } from '../server/running-server.js';
import { isAlive } from './start-lock.js';

/** Recovery after a crash may take a while; those who wait for the start lock wait a little longer. */
const START_MS = 110_000;

/** How long a fast shutdown may take. */
const STOP_MS = 20_000;

const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };

/** The server's log: beside the data, where only we may put a file, so that its name is never somebody's link. */
export const serverLog = (place: Pick<PostgresPlace, 'data'>): string => `${place.data}.log`;

/**
 * Starts the server of a place and gives its port. No name of a folder reaches a shell: the program is started with
 * an argument vector (on Windows by `pg_ctl`, which takes off an administrator's rights).
 */
export async function launchServer(place: PostgresPlace, log: Logger): Promise<number> {
  let output = '';
  // After a kill -9 the old server's processes hold its memory for a few seconds.
  for (let attempt = 0; attempt < 6; attempt++) {
    const port = await freePort();
    const failed = process.platform === 'win32' ? await launchOnWindows(place, port) : await launch(place, port);
    if (failed === null) return port;
    output = failed;
    log.debug('the embedded Postgres did not start at once', { attempt });
    await sleep(1_000);
  }
  throw explainServer('The embedded Postgres did not start', output);
}

const optionsFor = (port: number): readonly string[] => [
  '-p',
  String(port),
  '-c',
  'listen_addresses=127.0.0.1',
  '-c',
  'unix_socket_directories=',
  '-c',
  'max_connections=200',
];

/** Null where the server answers; otherwise what it said. */
async function launch(place: PostgresPlace, port: number): Promise<string | null> {
  const file = serverLog(place);
  const log = openSync(file, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  const before = fstatSync(log).size;
  // A session of its own: Ctrl-C is for us, and we end the server when all else has stopped.
  const options = {
    ...place.ids,
    cwd: '/',
    env: ENVIRONMENT,
    detached: true,
    stdio: ['ignore', log, log] as ['ignore', number, number],
  };
  const child = spawn(join(place.bin, 'postgres'), ['-D', place.data, ...optionsFor(port)], options);
  closeSync(log);
  const life: { ended: string | null } = { ended: null };
  child.once('error', (error) => (life.ended = error.message));
  child.once('exit', (code, signal) => (life.ended ??= `ended with ${signal ?? code}`));
  child.unref();
  const deadline = Date.now() + START_MS;
  while (life.ended === null) {
    const { pid, state, port: at } = readPostmaster(place.data);
    if (pid === child.pid && at === port && state === 'ready' && (await doesAnswer(port))) return null;
    if (Date.now() > deadline) return `it does not answer after ${START_MS / 1_000} seconds; its log is ${file}`;
    await sleep(50);
  }
  const said = readFileSync(file).subarray(before).toString('utf8').trim().split('\n').slice(-8).join('\n');
  return said === '' ? life.ended : said;
}

async function launchOnWindows(place: PostgresPlace, port: number): Promise<string | null> {
  if (/["%!^&|<>]/.test(place.data))
    throw new PraxisError(
      'invalid',
      `The data folder ${place.data} has a name that cannot be handed to Postgres on Windows. Choose another with PRAXIS_DATA_DIR.`,
    );
  const done = await runProgram(place, 'pg_ctl', [
    '-D',
    place.data,
    '-w',
    '-t',
    '60',
    '-s',
    '-l',
    serverLog(place),
    '-o',
    optionsFor(port).join(' '),
    'start',
  ]);
  return done.code === 0 ? null : done.output;
}

/** Stops the server of a place, if one runs: sessions are ended, what was committed stays. */
export async function stopServer(place: PostgresPlace): Promise<void> {
  if (process.platform === 'win32')
    return void (await runProgram(place, 'pg_ctl', ['-D', place.data, '-m', 'fast', '-w', '-t', '20', 'stop']));
  const { pid } = readPostmaster(place.data);
  if (!(pid > 0) || !isAlive(pid)) return;
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    return;
  }
  const deadline = Date.now() + STOP_MS;
  // It takes its file away last; a process whose end nobody has noticed yet looks alive.
  while (readPostmaster(place.data).pid === pid && isAlive(pid) && Date.now() < deadline) await sleep(20);
}

/** Runs one of Postgres's programs to its end. */
export function runProgram(
  place: PostgresPlace,
  program: string,
  args: readonly string[],
): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    const options = { ...place.ids, cwd: '/', env: ENVIRONMENT, stdio: 'pipe' as const };
    const child = execFile(join(place.bin, program), [...args], options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      done({ code, output: `${stdout}${stderr}${error && typeof error.code !== 'number' ? error.message : ''}` });
    });
    // A server that it starts inherits these pipes; they must not keep the call waiting for its end.
    child.once('exit', () => setTimeout(() => (child.stdout?.destroy(), child.stderr?.destroy()), 50));
  });
}

/** What Postgres's programs say, with what to do about it. */
export function explainServer(what: string, output: string): PraxisError {
  const tail = output.trim().split('\n').slice(-3).join(' ');
  const own = 'set PRAXIS_DATABASE_URL to use a Postgres of your own';
  if (/No space left/i.test(output))
    return new PraxisError(
      'exhausted',
      `${what}: the disk is full. Free some space and start again; nothing that was stored is lost.`,
    );
  if (/could not look up effective user ID|user does not exist/i.test(output)) {
    return new PraxisError(
      'invalid',
      `${what}: the user id it runs as has no entry in the password file, which Postgres needs. Run as a user that has one (in a container: add it with useradd, or choose another --user), or ${own}.`,
    );
  }
  if (/wrong ownership|Permission denied|could not change permissions/i.test(output)) {
    return new PraxisError(
      'denied',
      `${what}: its folder belongs to another user: ${tail} Choose another folder with PRAXIS_DATA_DIR, or ${own}.`,
    );
  }
  return new PraxisError(
    'unavailable',
    `${what}: ${tail || 'no reason was given'}. ${own[0]!.toUpperCase()}${own.slice(1)}.`,
  );
}
