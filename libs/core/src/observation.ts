import { z } from 'zod';
import type { WorldState } from './state.js';

/** Why an action failed, in words that the reflector's rules share. */
export const failureCodeSchema = z.enum([
  'invalid-args',
  /** The world would not do it here: a precondition, perhaps one nobody knew of. */
  'not-applicable',
  /** It was done, but its effect is not what was expected. */
  'effect-mismatch',
  'timeout',
  'unavailable',
  'world-error',
  'denied',
  'budget',
  'cancelled',
  /** Sent, and no answer: it may or may not have happened (S5). */
  'unknown-outcome',
]);
export type FailureCode = z.infer<typeof failureCodeSchema>;

/** What came of an action. A failure is a result like any other (S10). */
export const actionResultSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), message: z.string() }),
  /** `permanent`: the same call with the same arguments is refused for as long as the run goes on. */
  z.object({ ok: z.literal(false), code: failureCodeSchema, message: z.string(), permanent: z.literal(true).optional() }),
]);
export type ActionResult = z.infer<typeof actionResultSchema>;

/** A call that failed for now: the same call under the same key may still succeed. */
export interface Retry {
  /** The server asked for a pause of this length, in milliseconds; null where it did not. */
  readonly afterMs: number | null;
  /** This call may have been carried out although nothing said so; what earlier ones left open is not meant. */
  readonly inDoubt: boolean;
  /** The service is unavailable (as opposed to: it answers, and the answer says nothing). */
  readonly isOutage: boolean;
}

/** A result and what the world looks like after it; the state is null where the skill shows none. */
export interface Observation {
  readonly result: ActionResult;
  readonly state: WorldState | null;
  /** Present where the call may be repeated under its key. */
  readonly retry?: Retry;
}

export const stateSchema = z.object({ facts: z.array(z.string()), numbers: z.record(z.string(), z.number()) });

export const stateChangeSchema = z.object({
  added: z.array(z.string()),
  removed: z.array(z.string()),
  numbers: z.record(z.string(), z.number().nullable()),
});
