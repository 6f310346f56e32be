import { z } from 'zod';
import { freeRecord } from './free-record.js';
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
  z.object({ ok: z.literal(false), code: failureCodeSchema, message: z.string() }),
]);
export type ActionResult = z.infer<typeof actionResultSchema>;

/** A result and what the world looks like after it; the state is null where the skill shows none. */
export interface Observation {
  readonly result: ActionResult;
  readonly state: WorldState | null;
}

export const stateSchema = z.object({ facts: z.array(z.string()), numbers: freeRecord(z.number()) });

export const stateChangeSchema = z.object({
  added: z.array(z.string()),
  removed: z.array(z.string()),
  numbers: freeRecord(z.number().nullable()),
});
