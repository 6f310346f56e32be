import type { Effect } from '../pddl/ast.js';

/** Names of the predicates that an effect may change, whatever its conditions. */
export function changedPredicates(effect: Effect): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (part: Effect): void => {
    if (part.kind === 'add' || part.kind === 'delete') found.add(part.predicate);
    else if (part.kind === 'and') part.parts.forEach(walk);
    else if (part.kind === 'forall' || part.kind === 'when') walk(part.part);
  };
  walk(effect);
  return found;
}
