import type { Problem } from '../pddl/ast.js';
import { isFixed } from './cases.js';
import type { LiftedAction } from './lifted.js';
import { TOTAL_COST } from '../pddl/vocabulary.js';
import type { Universe } from './universe.js';

/**
 * Whether operators cost what their effects add to the total cost: the metric minimises it, and no amount depends on
 * the state. Otherwise every operator costs 1.
 */
export function countsTotalCost(problem: Problem, actions: readonly LiftedAction[], universe: Universe): boolean {
  const { metric } = problem;
  if (metric?.direction !== 'minimize' || metric.value.kind !== 'fluent' || metric.value.function !== TOTAL_COST) return false;
  return actions.every((action) => action.effects.every((effect) => effect.costs.every((cost) => isFixed(cost, universe))));
}
