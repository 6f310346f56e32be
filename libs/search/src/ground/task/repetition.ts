import type { GroundAction } from '../ground-action.js';
import { appendTo } from '../reach/lists-by-key.js';

/** Among more cases of one action than this, only equal ones are looked for. */
const MOST_COMPARED = 64;

/** Leaves out an action where another of the same name needs no more and costs no more. */
export function dropRepeated(actions: readonly GroundAction[]): readonly GroundAction[] {
  const groups = new Map<string, GroundAction[]>();
  for (const action of actions) if (action.repeats) appendTo(groups, action.name, action);
  const dropped = new Set<GroundAction>();
  for (const group of groups.values()) if (group.length > 1) dropWithin(group, dropped);
  return dropped.size === 0 ? actions : actions.filter((action) => !dropped.has(action));
}

function dropWithin(group: readonly GroundAction[], dropped: Set<GroundAction>): void {
  const seen = new Set<string>();
  const different: GroundAction[] = [];
  for (const action of group) {
    const key = JSON.stringify([
      action.cost,
      [...action.condition.literals].sort((a, b) => a - b),
      action.condition.numeric,
    ]);
    if (seen.has(key)) dropped.add(action);
    else different.push(action);
    seen.add(key);
  }
  if (different.length > MOST_COMPARED) return;
  for (const one of different) {
    if (different.some((other) => other !== one && !dropped.has(other) && needsNoMore(other, one))) dropped.add(one);
  }
}

function needsNoMore(less: GroundAction, more: GroundAction): boolean {
  // As many literals are either the same, and found already, or others.
  if (less.condition.literals.length >= more.condition.literals.length) return false;
  if (less.cost > more.cost || less.condition.numeric.length > 0) return false;
  const literals = new Set(more.condition.literals);
  return less.condition.literals.every((literal) => literals.has(literal));
}
