import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { DEMO_FOLDER, readDemo, writeDemo, type DemoState } from './demo-file.js';

/** The strategy of each mode. */
export const STRATEGIES = { search: 'search', model: 'react', hybrid: 'hybrid' } as const;

/** What `praxis demo` is told. */
export interface DemoOptions {
  readonly seed: string;
  readonly space?: string;
  readonly archive: boolean;
  readonly mode: keyof typeof STRATEGIES;
  readonly swap?: boolean;
  readonly keep?: boolean;
  /** Folder for the report and the chart. */
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** The demo that was interrupted with its own options, or a new one; the folder of this command counts for both. */
export function resumeOrBegin(options: DemoOptions, { cwd, dataDir, print }: Context): DemoState {
  const { seed, space, archive, swap, mode, out, json: isQuiet = false } = options;
  const interrupted = readDemo(dataDir);
  if (interrupted) {
    if (!isQuiet)
      print.line(
        `Resuming the demo that was interrupted (seed ${interrupted.seed}${interrupted.archive ? '' : ', --no-archive'}, space ${interrupted.space}).`,
      );
    return out === undefined ? interrupted : { ...interrupted, folder: resolve(cwd, out) };
  }
  const demo: DemoState = {
    space: space ?? `demo-${randomBytes(4).toString('hex')}`,
    seed,
    isSwapped: swap === true,
    strategy: STRATEGIES[mode],
    archive,
    folder: resolve(cwd, out ?? DEMO_FOLDER),
    phase: 'first',
    runs: [],
  };
  writeDemo(dataDir, demo);
  return demo;
}
