import { Life } from '@praxis/platform';
import type { Context } from './context.js';

/**
 * Does something with a life that ends with it: whatever was started is stopped again, also when something fails
 * half-way or the user presses Ctrl-C.
 */
export async function withLife<T>(context: Context, use: (life: Life) => Promise<T>): Promise<T> {
  const life = new Life({ deadlineMs: context.settings.stop.deadlineMs, log: context.logger('praxis') });
  life.listen();
  try {
    return await use(life);
  } finally {
    await life.stop();
  }
}

/** The exit code of something that runs until it is stopped: Ctrl-C is an interruption, SIGTERM the regular end. */
export function exitOf(life: Life): number {
  return life.endedBy === 'SIGINT' ? 130 : 0;
}
