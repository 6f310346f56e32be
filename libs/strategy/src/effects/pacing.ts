import { keyedRandom } from '@praxis/core';

/** The pause after the first failed attempt; each further one is twice as long, up to the longest. */
const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;

/** A server that asks for a longer pause than this is asked again after it all the same. */
const LONGEST_WISH_MS = 86_400_000;

/** An action that is refused, and not for want of the service, is tried so often in a row before it is paced. */
const UNPACED = 3;

/**
 * The pause after the nth failed attempt in a row, in milliseconds: exponential, with jitter that depends on the key
 * alone (S8), and never shorter than the server asked for.
 */
export function pauseAfter(nth: number, key: string, wishMs: number | null = null): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(nth - 1, 30));
  const jittered = Math.round(whole * (0.5 + keyedRandom(key, 'pause', nth) / 2));
  return Math.max(jittered, Math.min(wishMs ?? 0, LONGEST_WISH_MS));
}

/** The pause before an action that failed so often in a row is decided and tried once more; 0: none. */
export const pauseBefore = (failures: number, key: string): number =>
  failures < UNPACED ? 0 : pauseAfter(failures - UNPACED + 1, key);
