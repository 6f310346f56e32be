import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Where the services of one Praxis are found. */
export interface Addresses {
  readonly planner: string;
  readonly executor: string;
  readonly archive: string;
}

const runningSchema = z.object({
  planner: z.string(),
  executor: z.string(),
  archive: z.string(),
  /** URL of the dashboard's page; null where there is none. */
  dashboard: z.string().nullable().default(null),
  pid: z.number().int().positive(),
});

/** A Praxis that runs on this machine with this data folder. */
export type Running = z.infer<typeof runningSchema>;

const pathIn = (dataDir: string): string => join(dataDir, 'running.json');

/** Reads which Praxis runs here; null where none does, or the one that wrote the file is dead. */
export function readRunning(dataDir: string, isAlive: (pid: number) => boolean = isProcessAlive): Running | null {
  try {
    const running = runningSchema.parse(JSON.parse(readFileSync(pathIn(dataDir), 'utf8')));
    return isAlive(running.pid) ? running : null;
  } catch {
    return null;
  }
}

/** Tells other processes where the services are. */
export function writeRunning(dataDir: string, running: Running): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(pathIn(dataDir), `${JSON.stringify(running, null, 2)}\n`);
}

/** Takes the file away again, unless it has become somebody else's. */
export function removeRunning(dataDir: string, pid: number): void {
  if (readRunning(dataDir, () => true)?.pid === pid) rmSync(pathIn(dataDir), { force: true });
}

/** Where to look for the services: what the user set wins over what runs here, and that over the defaults. */
export function chooseAddresses(configured: Addresses, isSet: (key: string) => boolean, running: Addresses | null): Addresses {
  const choose = (service: keyof Addresses): string => (running && !isSet(`${service}.address`) ? running[service] : configured[service]);
  return { planner: choose('planner'), executor: choose('executor'), archive: choose('archive') };
}

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
