import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PraxisError } from '@praxis/core';
import { isAlive } from '../postgres/start-lock.js';

/** Recovery after a crash may take a while; longer than this is worth a look. */
const PATIENCE_MS = 60_000;

/** The folder of a server's data, and the user it runs as; null for the user of this process. */
export interface ServerPlace {
  readonly data: string;
  readonly ids: { readonly uid: number } | null;
}

/** The port of the server that runs on a data folder, once it answers; null where none runs. */
export async function findServer({ data, ids }: ServerPlace): Promise<number | null> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { pid, port, state } = readPostmaster(data);
    if (!(pid > 0) || !isAlive(pid)) return null;
    const answers = await doesAnswer(port);
    if (state === 'ready' && answers) return port;
    if (!answers && isStranger(pid, data, ids?.uid ?? process.getuid?.())) {
      // The server is long gone and its number belongs to another program; Postgres would refuse to start.
      rmSync(join(data, 'postmaster.pid'), { force: true });
      return null;
    }
    if (Date.now() > deadline)
      throw new PraxisError(
        'unavailable',
        `The embedded Postgres (process ${pid}) runs but does not answer; see ${data}.log, or end that process and start again.`,
      );
    await sleep(200);
  }
}

/** What a server wrote about itself into its folder; zeros where there is nothing to read. */
export function readPostmaster(data: string): { pid: number; port: number; state: string } {
  try {
    // One fact a line: pid, folder, start, port, socket folder, address, memory key, state.
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3] ?? 0), state: (lines[7] ?? '').trim() };
  } catch {
    return { pid: 0, port: 0, state: '' };
  }
}

/** The request with which a client asks whether the server speaks TLS; every Postgres replies with one letter. */
const TLS_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Whether a Postgres replies on loopback at a port: one that has just been killed may take a connection, and no more.
 */
export function doesAnswer(port: number): Promise<boolean> {
  if (!(port > 0)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2_000 });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write(TLS_REQUEST)).once('data', end(true));
    for (const event of ['error', 'timeout', 'close'] as const) socket.once(event, end(false));
  });
}

/** True only where the process is certainly another program: a server that is just dying must be waited for. */
function isStranger(pid: number, data: string, uid: number | undefined): boolean {
  const runsAs = userOf(pid);
  if (runsAs !== null && runsAs !== uid) return true;
  const command = commandOf(pid);
  return command !== '' && !command.includes(data) && !/postgres/.test(command);
}

/** The user a process runs as; null where the system does not say. */
function userOf(pid: number): number | null {
  try {
    return process.platform === 'linux' ? statSync(`/proc/${pid}`).uid : null;
  } catch {
    return null;
  }
}

function commandOf(pid: number): string {
  if (!(pid > 0)) return '';
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
