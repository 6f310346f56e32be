import type { Retry, RetryPolicy } from '@praxis/core';
import { z } from 'zod';
import type { Outcome } from './exchange.js';
import type { Reading } from './read-outcome.js';

const statusSchema = z.union([
  z.number().int().min(300).max(599),
  z.enum(['3xx', '4xx', '5xx', 'timeout', 'unreachable']),
]);

/** How often and when a skill's failed requests are repeated. */
export const retrySchema = z.strictObject({
  attempts: z.number().int().min(1).max(1_000).nullable().default(null),
  backoffMs: z.number().int().min(1).max(86_400_000).default(1_000),
  maxMs: z.number().int().min(1).max(86_400_000).default(300_000),
  jitter: z.number().min(0).max(1).default(0.5),
  /** Null: whatever may go by, as docs/skills.md tells. */
  on: z
    .array(statusSchema, { error: 'must be a list of statuses, 4xx, 5xx, timeout and unreachable' })
    .nullable()
    .default(null),
});
type DeclaredRetry = z.infer<typeof retrySchema>;

/** What is to be known of a failed call besides its outcome. */
export interface FailedCall {
  readonly reading: Reading;
  readonly outcome: Outcome;
  /** An effect that may have happened. */
  readonly isDoubtful: boolean;
  readonly keyed: boolean;
}

/**
 * Whether a failed call may be repeated; null where it may not. A policy of the skill's own decides which failures
 * pass. What is in doubt is repeated only under a key that the server honours.
 */
export function retryFor(policy: DeclaredRetry | null, failed: FailedCall): Retry | null {
  const { reading, outcome, isDoubtful, keyed } = failed;
  const listed = policy?.on ?? null;
  const isForbidden = reading.code === 'cancelled' || (isDoubtful && !keyed);
  if (isForbidden || !mayPass(listed, failed)) return null;
  return {
    afterMs: outcome.kind === 'answered' ? outcome.retryAfterMs : null,
    inDoubt: isDoubtful && (reading.isDoubtful || !reading.isOutage),
    // What the file lists is waited out, unless every request may be one more that was carried out.
    isOutage: reading.isOutage || (listed !== null && !isDoubtful),
    ...ownPacing(policy),
  };
}

/** Whether a failure is one that goes by: by the file's list, or, without one, by what it says. */
const mayPass = (listed: DeclaredRetry['on'], { reading, outcome, isDoubtful }: FailedCall): boolean =>
  listed === null ? reading.isOutage || reading.isDoubtful || isDoubtful : listed.some((one) => isMeant(one, outcome));

function ownPacing(policy: DeclaredRetry | null): { readonly policy?: RetryPolicy } {
  if (policy === null) return {};
  const { on: _on, ...pacing } = policy;
  return { policy: pacing };
}

function isMeant(one: z.infer<typeof statusSchema>, outcome: Outcome): boolean {
  if (outcome.kind === 'answered') {
    const { status } = outcome;
    return typeof one === 'number' ? one === status : one === `${Math.floor(status / 100)}xx`;
  }
  if (outcome.kind === 'lost') return one === (outcome.isLate ? 'timeout' : 'unreachable');
  return outcome.kind === 'unreached' && (one === 'unreachable' || (one === 'timeout' && outcome.isLate));
}
