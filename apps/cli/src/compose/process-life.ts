import { PraxisError } from '@praxis/core';
import { Life } from '@praxis/platform';
import type { Context } from '../context.js';

/**
 * Does something with a life that ends with it, and gives the exit code: whatever was started is stopped again, also
 * when something fails half-way or the user presses Ctrl-C in the middle.
 */
export async function withLife(context: Context, use: (life: Life) => Promise<number>): Promise<number> {
  const life = new Life({ deadlineMs: context.settings.stop.deadlineMs, log: context.logger('praxis') });
  life.listen();
  try {
    return await use(life);
  } catch (thrown) {
    // What fails while everything is being stopped fails because of that.
    if (life.endedBy === null) throw thrown;
    return life.endedBy === 'SIGTERM' ? 143 : 130;
  } finally {
    await life.stop();
  }
}

/**
 * Has something stopped when the life ends; at once where it is ending already, for then nobody would come back for it.
 */
export async function hold(life: Life, name: string, stop: () => Promise<void>): Promise<void> {
  if (!life.isStopping) return life.onStop(name, stop);
  await stop();
  throw new PraxisError('cancelled', 'The start was interrupted.');
}

/** The exit code of something that runs until it is stopped: Ctrl-C is an interruption, SIGTERM the regular end. */
export function exitOf(life: Life): number {
  return life.endedBy === 'SIGINT' ? 130 : 0;
}
