import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PraxisError } from '@praxis/core';
import {
  inDataFolder,
  isAlive as isProcessAlive,
  openDataFolder,
  processStart,
  withStartLock,
  writeAnew,
} from '@praxis/platform';
import { z } from 'zod';

/** Where the services of one Praxis are found. */
export interface Addresses {
  readonly planner: string;
  readonly executor: string;
  readonly archive: string;
}

const claimSchema = z.object({
  pid: z.number().int().positive(),
  /** When the process started, in the system's own words; tells it from another one that got its number later. */
  started: z.string().nullable().default(null),
});

const runningSchema = claimSchema.extend({
  planner: z.string(),
  executor: z.string(),
  archive: z.string(),
  /** URL of the dashboard's page; null where there is none. */
  dashboard: z.string().nullable().default(null),
});

/** A Praxis that runs on this machine with this data folder. */
export type Running = z.infer<typeof runningSchema>;

/** What a Praxis writes of itself when it runs. */
export type NewRunning = Omit<Running, 'started'>;

const pathIn = (dataDir: string): string => join(dataDir, 'running.json');

/** Reads which Praxis runs here; null where none does, one is only starting, or the one that wrote the file is dead. */
export function readRunning(dataDir: string, isAlive: (pid: number) => boolean = isProcessAlive): Running | null {
  const running = read(dataDir, runningSchema);
  return running !== null && isSame(running, isAlive) ? running : null;
}

/** Tells other processes where the services are. */
export function writeRunning(dataDir: string, running: NewRunning): void {
  openDataFolder(dataDir);
  inDataFolder(dataDir, () => write(dataDir, { ...running, started: processStart(running.pid) }));
}

/**
 * Takes the data folder for this process, before anything starts in it; of two at the same moment one gets it. Fails
 * with `conflict` where another process has it: one that is starting, or one that runs as `answers` finds.
 */
export async function claimRunning(dataDir: string, answers: (running: Running) => Promise<boolean>): Promise<void> {
  openDataFolder(dataDir);
  await withStartLock(join(dataDir, 'starting'), async () => {
    const claim = read(dataDir, claimSchema);
    if (claim !== null && claim.pid !== process.pid && isSame(claim, isProcessAlive)) {
      const running = read(dataDir, runningSchema);
      if (running === null)
        throw new PraxisError(
          'conflict',
          `Praxis already runs here: process ${claim.pid} is starting. Wait for it or stop it; if that process is no Praxis, delete ${pathIn(dataDir)}.`,
        );
      if (await answers(running))
        throw new PraxisError(
          'conflict',
          `Praxis already runs here (process ${running.pid}, planner at ${running.planner}). Use it, or stop it first.`,
        );
    }
    write(dataDir, { pid: process.pid, started: processStart(process.pid) });
  });
}

/** Takes the file away again, unless it has become somebody else's. */
export function removeRunning(dataDir: string, pid: number): void {
  if (read(dataDir, claimSchema)?.pid === pid) rmSync(pathIn(dataDir), { force: true });
}

/** Where to look for the services: what the user set wins over what runs here, and that over the defaults. */
export function chooseAddresses(
  configured: Addresses,
  isSet: (key: string) => boolean,
  running: Addresses | null,
): Addresses {
  const choose = (service: keyof Addresses): string =>
    running && !isSet(`${service}.address`) ? running[service] : configured[service];
  return { planner: choose('planner'), executor: choose('executor'), archive: choose('archive') };
}

function read<T>(dataDir: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(pathIn(dataDir), 'utf8')));
  } catch {
    return null;
  }
}

const write = (dataDir: string, content: object): void =>
  writeAnew(pathIn(dataDir), `${JSON.stringify(content, null, 2)}\n`, 0o644);

/** Whether the process that wrote a file lives, rather than another one with its number. */
function isSame({ pid, started }: z.infer<typeof claimSchema>, isAlive: (pid: number) => boolean): boolean {
  if (!isAlive(pid)) return false;
  const now = processStart(pid);
  return started === null || now === null || now === started;
}
