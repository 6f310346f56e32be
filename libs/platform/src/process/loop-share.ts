import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest that one piece of work after another keeps the event loop, in milliseconds. */
const SHARE_MS = 10;

/**
 * Turns of the loop that are given away at once: a message is read in one, and handled and answered in the next few. A
 * turn in which nothing waits takes microseconds.
 */
const TURNS = 5;

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
    for (let turn = 0; turn < TURNS; turn++) await nextTurn();
    began = performance.now();
  };
}
