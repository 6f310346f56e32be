import type { PackedState, StateSpace } from './states/state-space.js';

/**
 * The states a plan passes through, from the first to the last; null where a step does not apply or the goal is missed.
 */
export function replay(space: StateSpace, plan: readonly number[]): PackedState[] | null {
  const states = [space.initial()];
  for (const operator of plan) {
    const from = states.at(-1)!;
    const to = space.blank();
    if (!space.applies(operator, from) || !space.apply(operator, from, to)) return null;
    states.push(to);
  }
  return space.isGoal(states.at(-1)!) ? states : null;
}

/** Whether two states are the same. */
export function sameState(a: PackedState, b: PackedState): boolean {
  return a.words.every((word, i) => word === b.words[i]);
}
