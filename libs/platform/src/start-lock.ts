import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PraxisError } from '@praxis/core';

/** Setting up a database takes seconds; whoever waits longer waits for a process that hangs. */
const PATIENCE_MS = 120_000;

const ours = new Set<string>();

/** Does work that only one process at a time may do; the file names who does it, and a dead holder is ignored. */
export async function withStartLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const deadline = Date.now() + PATIENCE_MS;
  while (!tryLock(path)) {
    if (Date.now() > deadline) throw new PraxisError('unavailable', `Another process has been starting the database for two minutes. If there is none, delete ${path} and try again.`);
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    ours.delete(path);
    rmSync(path, { force: true });
  }
}

function tryLock(path: string): boolean {
  if (ours.has(path)) return false;
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    ours.add(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      // On a full disk the file is there, but names nobody: left behind, it would hold everybody up.
      rmSync(path, { force: true });
      throw error;
    }
  }
  // In a container our own number may be that of a process which died with the file in place.
  const holder = readPid(path);
  if (holder !== null && (holder === process.pid || !isAlive(holder))) rmSync(path, { force: true });
  return false;
}

/** The process id that a file holds; null where it holds none (yet). */
export function readPid(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, 'utf8').trim().split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/** Whether a process with this id exists, ours to signal or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
