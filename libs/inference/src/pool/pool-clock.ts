import { setTimeout as sleep } from 'node:timers/promises';
import { keyedRandom } from '@praxis/core';

/** Time as the pool sees it: a parameter, so that tests and simulations run it in virtual time. */
export interface PoolClock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /**
   * Resolves after so many milliseconds, or sooner where they are more than three weeks; rejects as soon as the signal
   * fires.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A number in [0, 1) that depends only on the keys. */
export type PoolRandom = (...keys: readonly (string | number)[]) => number;

/** The longest that a timer of Node can be set to. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock. */
export const realPoolClock: PoolClock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(Math.min(ms, LONGEST_TIMER_MS), undefined, signal && { signal }),
};

/** Random numbers of a seed (S8). */
export function seededPoolRandom(seed: string): PoolRandom {
  return (...keys) => keyedRandom(seed, ...keys);
}
