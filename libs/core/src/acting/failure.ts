import { z } from 'zod';
import type { Action } from '../values/action.js';
import { actionText } from '../values/action.js';
import type { Json } from '../values/json.js';
import { failureCodeSchema, type FailureCode } from './observation.js';
import type { WorldState } from '../values/state.js';

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
  /** The action is not tried again in this run, whatever the facts are; absent: only while the facts are the same. */
  permanent: z.literal(true).optional(),
  /** Why a permanent failure is one, for people and models: `denied by ann: too expensive`. */
  reason: z.string().optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** The facts of a state that speak only of these objects (or of none). */
export function relevantFacts(state: WorldState, objects: readonly string[]): readonly string[] {
  const known = new Set(objects);
  return state.facts.filter((fact) =>
    fact
      .slice(1, -1)
      .split(' ')
      .slice(1)
      .every((o) => known.has(o)),
  );
}

const objectsOf = (action: Action): readonly string[] =>
  Object.values(action.args).filter((a): a is string => typeof a === 'string');

/**
 * Whether the facts about the action's arguments are the same in both states; numbers, which may always be on the move,
 * aside.
 */
export function sameForAction(action: Action, a: WorldState, b: WorldState): boolean {
  const objects = objectsOf(action);
  const about = (state: WorldState): string => relevantFacts(state, objects).toSorted().join();
  return about(a) === about(b);
}

/** Remembers that an action failed in a state. */
export function makeFailure(action: Action, code: FailureCode, state: WorldState): Failure {
  return { action: actionText(action), code, facts: [...relevantFacts(state, objectsOf(action))] };
}

/** Two failures of one action while the facts about its arguments were the same. */
export const sameFailure = (a: Failure, b: Failure): boolean =>
  a.action === b.action && a.facts.join() === b.facts.join() && a.permanent === b.permanent;

/** The failures with one more, the latest of its kind. */
export const withFailure = (failures: readonly Failure[], failure: Failure): readonly Failure[] => [
  ...failures.filter((f) => !sameFailure(f, failure)),
  failure,
];

/** Each failure once, the latest of its kind. */
export const latestFailures = (failures: readonly Failure[]): readonly Failure[] =>
  failures.reduce(withFailure, [] as readonly Failure[]);

/** The failure as one that lasts for the rest of the run. */
export const permanently = (failure: Failure, reason: string): Failure => ({ ...failure, permanent: true, reason });

/** The skill of the action that failed. */
export const skillOfFailure = ({ action }: Pick<Failure, 'action'>): string =>
  action.replace(/^\(/, '').split(/[\s)]/)[0]!;

/** The permanent failure of an action; undefined where it has none. */
export function permanentFailure(failures: readonly Failure[], action: Action): Failure | undefined {
  if (failures.length === 0) return undefined;
  const text = actionText(action);
  return failures.find((f) => f.permanent === true && f.action === text);
}

/** A failure as plain data, with nothing undefined in it. */
export const failureData = ({ facts, permanent, reason, ...failure }: Failure): { readonly [key: string]: Json } => ({
  ...failure,
  facts: [...facts],
  ...(permanent === true && { permanent }),
  ...(reason !== undefined && { reason }),
});
