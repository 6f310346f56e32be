import { z } from 'zod';
import type { Action } from './action.js';
import { actionText } from './action.js';
import { failureCodeSchema, type FailureCode } from './observation.js';
import type { WorldState } from './state.js';

/**
 * A remembered failure, keyed by action, arguments and relevant facts: the action is not tried again while the facts
 * about its arguments are as they were.
 */
export const failureSchema = z.object({
  /** `(take cup shelf)` */
  action: z.string(),
  code: failureCodeSchema,
  /** What was true of the action's arguments and of nothing else. */
  facts: z.array(z.string()),
});
export type Failure = z.infer<typeof failureSchema>;

/** The facts of a state that speak only of these objects (or of none). */
export function relevantFacts(state: WorldState, objects: readonly string[]): readonly string[] {
  const known = new Set(objects);
  return state.facts.filter((fact) => fact.slice(1, -1).split(' ').slice(1).every((o) => known.has(o)));
}

/** Remembers that an action failed in a state. */
export function makeFailure(action: Action, code: FailureCode, state: WorldState): Failure {
  const objects = Object.values(action.args).filter((a): a is string => typeof a === 'string');
  return { action: actionText(action), code, facts: [...relevantFacts(state, objects)] };
}
