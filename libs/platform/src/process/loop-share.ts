import { setImmediate as nextPhase } from 'node:timers/promises';

/** Longest that one piece of work after another keeps the event loop, in milliseconds. */
const SHARE_MS = 10;

/** To be awaited between pieces of work. */
export type LoopShare = () => Promise<void>;

/**
 * For work of many or long pieces on an event loop that serves others too: awaited between two pieces, it does nothing
 * until a share of the loop's time is used up, and then lets everything that waits have its turn.
 */
export function loopShare(ms: number = SHARE_MS): LoopShare {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < ms) return;
    // The first of these may come before the loop looks for messages; the second comes after it has.
    await nextPhase();
    await nextPhase();
    began = performance.now();
  };
}
