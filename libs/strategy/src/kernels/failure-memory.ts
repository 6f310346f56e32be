import { makeFailure, sameFailure, type Action, type Failure, type WorldState } from '@praxis/core';

export { withFailure } from '@praxis/core';

/** Each failure once. */
export const uniqueFailures = (failures: readonly Failure[]): readonly Failure[] =>
  failures.filter((f, i) => failures.findIndex((g) => sameFailure(f, g)) === i);

/** Those that were not known before. */
export const learnedFailures = (failures: readonly Failure[], before: readonly Failure[]): readonly Failure[] =>
  failures.filter((f) => !before.some((b) => sameFailure(b, f)));

/** Whether an action failed before while the facts about its arguments were as they are now. */
export function failedBefore(failures: readonly Failure[], action: Action, world: WorldState): boolean {
  // The facts of a large world take long to look through.
  if (failures.length === 0) return false;
  const now = makeFailure(action, 'not-applicable', world);
  const facts = now.facts.toSorted().join();
  return failures.some((f) => f.action === now.action && (f.permanent === true || f.facts.toSorted().join() === facts));
}

/**
 * The failures that an action which went well does not refute: it was done while the facts about its arguments were the
 * same.
 */
export const withoutRefuted = (failures: readonly Failure[], action: Action, at: WorldState): readonly Failure[] =>
  failedBefore(failures, action, at) ? failures.filter((f) => !failedBefore([f], action, at)) : failures;
