import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PraxisError } from '@praxis/core';

/** Recovery after a crash may take a while; longer than this is worth a look. */
const PATIENCE_MS = 60_000;

/** The port of the server that runs on a data folder, once it answers; null where none runs. */
export async function findServer(data: string, isRunning: () => Promise<boolean>): Promise<number | null> {
  const deadline = Date.now() + PATIENCE_MS;
  while (await isRunning()) {
    const { pid, port, state } = readPostmaster(data);
    const answers = await doesAnswer(port);
    if (state === 'ready' && answers) return port;
    if (!answers && isStranger(pid, data)) {
      // The server is long gone and its number belongs to another program; Postgres would refuse to start.
      rmSync(join(data, 'postmaster.pid'), { force: true });
      return null;
    }
    if (Date.now() > deadline) throw new PraxisError('unavailable', `The embedded Postgres (process ${pid}) runs but does not answer; see ${join(data, 'server.log')}, or end that process and start again.`);
    await sleep(200);
  }
  return null;
}

function readPostmaster(data: string): { pid: number; port: number; state: string } {
  try {
    // One fact a line: pid, folder, start, port, socket folder, address, memory key, state.
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3] ?? 0), state: (lines[7] ?? '').trim() };
  } catch {
    return { pid: 0, port: 0, state: '' };
  }
}

function doesAnswer(port: number): Promise<boolean> {
  if (!(port > 0)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2_000 });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}

/** True only where the process is certainly another program: a server that is just dying must be waited for. */
function isStranger(pid: number, data: string): boolean {
  const command = commandOf(pid);
  return command !== '' && !command.includes(data) && !/postgres/.test(command);
}

function commandOf(pid: number): string {
  if (!(pid > 0)) return '';
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}
