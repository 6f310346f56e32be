import { z } from 'zod';
import { freeRecord } from '../values/free-record.js';
import { outputSchema } from './output.js';
import {
  EMPTY_CHANGE,
  applyChange,
  diffStates,
  isNoChange,
  type StateChange,
  type WorldState,
} from '../values/state.js';

/** Why an action failed, in words that the reflector's rules share. */
export const failureCodeSchema = z.enum([
  'invalid-args',
  /** The world would not do it here: a precondition, perhaps one nobody knew of. */
  'not-applicable',
  /** The world would not do it, and was no longer as it was when it was decided: no failure; it is decided again. */
  'stale',
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
  /** `output`: what it gave; absent where there is nothing besides the message and the world. */
  z.object({ ok: z.literal(true), message: z.string(), output: outputSchema.optional() }),
  /** `permanent`: the same call with the same arguments is refused for as long as the run goes on. */
  z.object({
    ok: z.literal(false),
    code: failureCodeSchema,
    message: z.string(),
    permanent: z.literal(true).optional(),
  }),
]);
export type ActionResult = z.infer<typeof actionResultSchema>;

/** How a skill wants its failed calls to be repeated. */
export interface RetryPolicy {
  /** Attempts in a row, the first one included; null: as many as the time of the run allows. */
  readonly attempts: number | null;
  /** The pause after the first failed attempt, in milliseconds; each further one is twice as long. */
  readonly backoffMs: number;
  /** The longest pause, in milliseconds; a server may ask for a longer one. */
  readonly maxMs: number;
  /** The part of a pause that is left to chance: 0 none of it, 1 all of it. */
  readonly jitter: number;
}

/** A call that failed for now: the same call under the same key may still succeed. */
export interface Retry {
  /** The server asked for a pause of this length, in milliseconds; null where it did not. */
  readonly afterMs: number | null;
  /** This call may have been carried out although nothing said so; what earlier ones left open is not meant. */
  readonly inDoubt: boolean;
  /** The service is unavailable (as opposed to: it answers, and the answer says nothing). */
  readonly isOutage: boolean;
  /** The skill's own; absent: the pauses that all skills have. */
  readonly policy?: RetryPolicy;
}

/** A result and what the world looks like after it; the state is null where the skill shows none. */
export interface Observation {
  readonly result: ActionResult;
  readonly state: WorldState | null;
  /** The world just before the action; absent where the world does not say. */
  readonly before?: WorldState | undefined;
  /** Present where the call may be repeated under its key; null where the skill forbids it, whatever its result. */
  readonly retry?: Retry | null;
}

/** Whether nothing was done because the decision was outdated: neither a success nor a failure. */
export const isStale = (result: ActionResult): boolean => !result.ok && result.code === 'stale';

/** Whether an action failed; a stale decision did not. */
export const isFailed = (result: ActionResult): boolean => !result.ok && !isStale(result);

/**
 * Whether the world would not do it in the state that it was in (environment.5), whatever had been believed of that
 * state.
 */
export const isRefusal = (result: ActionResult): boolean =>
  !result.ok && (result.code === 'not-applicable' || result.code === 'stale');

/** What was seen of an action, as the journal holds it. */
export interface Seen {
  readonly result: ActionResult;
  /** How the world changed since the last look. */
  readonly change: StateChange;
  /** The part of it that others had changed before the action came. */
  readonly others?: StateChange | undefined;
}

/**
 * The state in which the world judged the action; `believed` is the last look. A refusal changes nothing
 * (environment.5).
 */
export function stateAt(believed: WorldState, { result, change, others }: Seen): WorldState {
  if (isRefusal(result)) return isNoChange(change) ? believed : applyChange(believed, change);
  return others === undefined ? believed : applyChange(believed, others);
}

/** What the action itself changed, as far as it can be told from what others changed. */
export function ownChange(believed: WorldState, seen: Seen): StateChange {
  if (isRefusal(seen.result)) return EMPTY_CHANGE;
  if (seen.others === undefined) return seen.change;
  return diffStates(stateAt(believed, seen), applyChange(believed, seen.change));
}

export const stateSchema = z.object({ facts: z.array(z.string()), numbers: freeRecord(z.number()) });

export const stateChangeSchema = z.object({
  added: z.array(z.string()),
  removed: z.array(z.string()),
  numbers: freeRecord(z.number().nullable()),
});
