import { makeFailure, type Action, type Failure, type WorldState } from '@praxis/core';

/** Two failures of one action while the facts about its arguments were the same. */
export const sameFailure = (a: Failure, b: Failure): boolean => a.action === b.action && a.facts.join() === b.facts.join() && a.permanent === b.permanent;

/** Each failure once. */
export const uniqueFailures = (failures: readonly Failure[]): readonly Failure[] => failures.filter((f, i) => failures.findIndex((g) => sameFailure(f, g)) === i);

/** The failures with one more, the latest of its kind. */
export const withFailure = (failures: readonly Failure[], failure: Failure): readonly Failure[] => [...failures.filter((f) => !sameFailure(f, failure)), failure];

/** Those that were not known before. */
export const learnedFailures = (failures: readonly Failure[], before: readonly Failure[]): readonly Failure[] => failures.filter((f) => !before.some((b) => sameFailure(b, f)));

/** Whether an action failed before while the facts about its arguments were as they are now. */
export function failedBefore(failures: readonly Failure[], action: Action, world: WorldState): boolean {
  const now = makeFailure(action, 'not-applicable', world);
  const facts = now.facts.toSorted().join();
  return failures.some((f) => f.action === now.action && (f.permanent === true || f.facts.toSorted().join() === facts));
}
