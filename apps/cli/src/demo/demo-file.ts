import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Where the files of a demo are saved where its caller names no folder. */
export const DEMO_FOLDER = 'praxis-demo';

const demoSchema = z.object({
  space: z.string().min(1),
  seed: z.string().min(1),
  /** The `-b` goals first. */
  isSwapped: z.boolean(),
  /** How its goals are planned and acted out. */
  strategy: z.string().default('search'),
  /** Whether the archive is used and learned into. */
  archive: z.boolean(),
  /** Where the report and the chart of its playbook are saved; a relative path begins at the working folder. */
  folder: z.string().min(1).default(DEMO_FOLDER),
  phase: z.enum(['first', 'reflecting', 'second']),
  /** Runs that were submitted so far. */
  runs: z.array(z.string()),
});

/** A demo that is under way: enough to go on with it after its process was killed. */
export type DemoState = z.infer<typeof demoSchema>;

const pathIn = (dataDir: string): string => join(dataDir, 'demo.json');

/** The demo that was interrupted; null where there is none. */
export function readDemo(dataDir: string): DemoState | null {
  try {
    return demoSchema.parse(JSON.parse(readFileSync(pathIn(dataDir), 'utf8')));
  } catch {
    return null;
  }
}

/** Remembers how far the demo is; a kill in between leaves the old file or the new one. */
export function writeDemo(dataDir: string, demo: DemoState): void {
  mkdirSync(dataDir, { recursive: true });
  const fresh = `${pathIn(dataDir)}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(demo, null, 2)}\n`);
  renameSync(fresh, pathIn(dataDir));
}

/** Forgets the demo, which is over. */
export function removeDemo(dataDir: string): void {
  rmSync(pathIn(dataDir), { force: true });
}
