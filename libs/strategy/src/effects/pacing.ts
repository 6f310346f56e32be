import { keyedRandom, type RetryPolicy } from '@praxis/core';

/** The pauses of a skill that has none of its own. */
const USUAL: Omit<RetryPolicy, 'attempts'> = { backoffMs: 1_000, maxMs: 300_000, jitter: 0.5 };

/** A server that asks for a longer pause than this is asked again after it all the same. */
const LONGEST_WISH_MS = 86_400_000;

/** An action that is refused, and not for want of the service, is tried so often in a row before it is paced. */
const UNPACED = 3;

/**
 * The pause after the nth failed attempt in a row, in milliseconds: exponential, with jitter that depends on the key
 * alone (S8), and never shorter than the server asked for.
 */
export function pauseAfter(
  nth: number,
  key: string,
  wishMs: number | null = null,
  { backoffMs, maxMs, jitter }: Omit<RetryPolicy, 'attempts'> = USUAL,
): number {
  const whole = Math.min(maxMs, backoffMs * 2 ** Math.min(nth - 1, 30));
  const jittered = Math.round(whole * (1 - jitter + keyedRandom(key, 'pause', nth) * jitter));
  return Math.max(jittered, Math.min(wishMs ?? 0, LONGEST_WISH_MS));
}

/** The pause before an action that failed so often in a row is decided and tried once more; 0: none. */
export const pauseBefore = (failures: number, key: string): number =>
  failures < UNPACED ? 0 : pauseAfter(failures - UNPACED + 1, key);
