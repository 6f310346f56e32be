import { Ff } from '../../heuristics/ff.js';
import { operatorCosts } from '../../heuristics/operator-costs.js';
import { relax } from '../../heuristics/relaxation.js';
import { BestFirst } from './best-first.js';
import { dropRedundant } from '../states/elimination.js';
import { Allowance, type Meter } from '../meter.js';
import type { StateSpace } from '../states/state-space.js';
import { Windows } from '../queues/windows.js';

/** At least this many evaluations go into making a plan better, and never more than the greatest. */
const LEAST_EVALUATIONS = 4000;
const MOST_EVALUATIONS = 20_000;
const SHARE = 0.05;
/** Evaluations times operators: a large task's evaluations are dear, and it gets fewer of them. */
const MOST_WORK = 40_000_000;

/** A plan made cheaper (then shorter) without spending much on it. */
export function improvePlan(
  space: StateSpace,
  meter: Meter,
  plan: readonly number[],
): { readonly plan: readonly number[]; readonly optimal: boolean } {
  const costs = operatorCosts(space.task, 'costs-then-steps');
  const ff = new Ff(relax(space.task, 'costs-then-steps', meter.step));
  const affordable = Math.min(meter.evaluationsLeft * SHARE, MOST_EVALUATIONS, MOST_WORK / Math.max(1, costs.length));
  const evaluations = Math.min(affordable, Math.max(LEAST_EVALUATIONS, meter.evaluated));
  let best: readonly number[] = dropRedundant(space, plan, meter);
  best = new Windows(space, meter, { ff, costs, evaluations: Math.floor(evaluations * 0.6) }).improve(best);
  for (const weight of [3, 1]) {
    ff.aimAtGoal();
    const allowance = new Allowance(meter, Math.floor(evaluations * 0.2));
    const below = best.reduce((sum, operator) => sum + costs[operator]!, 0);
    const outcome = new BestFirst(space, allowance, { heuristics: [ff], weight, below, costs }).search();
    allowance.release();
    if (outcome.kind === 'found') best = dropRedundant(space, outcome.plan, meter);
  }
  return { plan: best, optimal: best.length === 0 };
}
