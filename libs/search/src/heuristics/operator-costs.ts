import type { Task } from '../ground/task/task.js';
import type { CostView } from './heuristic.js';

/**
 * No plan worth improving has as many steps as this, so that in `costs-then-steps` one unit of cost outweighs all
 * steps.
 */
const STEPS_PER_COST = 1024;

/** A cost beyond this, or one that is no number, counts as this much: sums over a plan stay finite. */
const GREATEST_COST = 1e100;

/** What each operator counts for; finite and never negative. */
export function operatorCosts(task: Task, view: CostView): Float64Array {
  if (view === 'steps') return new Float64Array(task.operators.length).fill(1);
  const costs = Float64Array.from(task.operators, (operator) =>
    operator.cost <= GREATEST_COST ? Math.max(0, operator.cost) : GREATEST_COST,
  );
  if (view === 'costs') return costs;
  // Where all cost the same, cost and steps are the same measure.
  if (costs.every((cost) => cost === costs[0])) return costs.fill(1);
  return costs.map((cost) => (view === 'costs-and-steps' ? cost + 1 : cost * STEPS_PER_COST + 1));
}
