import type { Observation, Retry, SkillManifest, StepEvent } from '@praxis/core';
import type { ActionAttempt } from '../contract/context.js';
import { pauseAfter } from './pacing.js';

/** Whether, and how, a call that failed may be repeated under its key; null where it may not. */
export function retryOf({ result, retry }: Observation, { effect, keyed }: SkillManifest): Retry | null {
  if (result.ok) return null;
  if (retry !== undefined) return retry;
  // Skills that do not say so themselves: what is unavailable was not done.
  if (result.code === 'unavailable') return { afterMs: null, inDoubt: false, isOutage: true };
  const isSafe = effect === 'pure' || keyed;
  if (result.code === 'timeout' && isSafe)
    return { afterMs: null, inDoubt: effect !== 'pure', isOutage: effect === 'pure' };
  return result.code === 'unknown-outcome' && isSafe ? { afterMs: null, inDoubt: true, isOutage: false } : null;
}

/** The event that puts an action off: the same step again, under the same key. */
export function postponed(
  { context, decided, key }: ActionAttempt,
  { result }: Observation,
  { doubts, afterMs, policy }: Pick<Retry, 'afterMs' | 'policy'> & { readonly doubts: number },
): StepEvent {
  if (result.ok) throw new TypeError('What was done is not postponed.');
  const attempt = context.recordOf(decided.action).failures + 1;
  return {
    type: 'postponed',
    id: decided.id,
    step: decided.step,
    attempt,
    until: context.now() + pauseAfter(attempt, key, afterMs, policy),
    code: result.code,
    message: result.message,
    ...(doubts > 0 && { doubts }),
    ...(context.retries > 0 && { retries: context.retries }),
  };
}
