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
    if (Date.now() > deadline)
      throw new PraxisError(
        'unavailable',
        `Another process has been starting the database for two minutes. If there is none, delete ${path} and try again.`,
      );
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
  if (isStale(path)) takeAway(path);
  return false;
}

/** In a container our own number may be that of a process which died with the file in place. */
function isStale(path: string): boolean {
  const holder = readPid(path);
  return holder !== null && (holder === process.pid || !isAlive(holder));
}

/** Removes a dead holder's file. One process at a time may, and looks again: another may hold the lock by now. */
function takeAway(path: string): void {
  const removing = `${path}.removing`;
  try {
    writeFileSync(removing, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (isStale(removing)) rmSync(removing, { force: true });
    return;
  }
  try {
    if (isStale(path)) rmSync(path, { force: true });
  } finally {
    rmSync(removing, { force: true });
  }
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

/**
 * When a process started, in the system's own words; null where the system does not say or there is no such process.
 */
export function processStart(pid: number): string | null {
  if (process.platform !== 'linux') return null;
  try {
    // The name of the program stands in parentheses and may hold anything; after it, the start is the twentieth field.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
