import type { Meter } from '../meter.js';
import type { StateSpace } from './state-space.js';

/**
 * Drops actions that a plan does not need: for each action it tries what is left when that action goes and with it
 * every later one which then no longer applies, and keeps the cut where the goal is still reached.
 */
export function dropRedundant(space: StateSpace, plan: readonly number[], meter?: Pick<Meter, 'inTime'>): number[] {
  let kept = [...plan];
  for (let i = 0; i < kept.length && meter?.inTime() !== false;) {
    const shorter = without(space, kept, i);
    if (shorter === null) i++;
    else kept = shorter;
  }
  return kept;
}

function without(space: StateSpace, plan: readonly number[], dropped: number): number[] | null {
  let from = space.initial();
  let to = space.blank();
  const kept: number[] = [];
  for (const [i, operator] of plan.entries()) {
    if (i === dropped || !space.applies(operator, from) || !space.apply(operator, from, to)) {
      if (i < dropped) return null;
      continue;
    }
    kept.push(operator);
    [from, to] = [to, from];
  }
  return space.isGoal(from) ? kept : null;
}
