import type { Task } from '../../ground/task/task.js';
import { chooseHeuristics, chooseOptimalHeuristics, type HeuristicSource } from '../../heuristics/choose.js';
import type { SearchConfig } from '../../request.js';
import { actionValues } from './action-values.js';
import { BestFirst } from '../algorithms/best-first.js';
import { improvePlan } from '../algorithms/improve.js';
import { searchGreedily } from '../algorithms/greedy.js';
import { orStopped, type Meter } from '../meter.js';
import type { Outcome } from '../outcome.js';
import { QStar } from '../algorithms/q-star.js';
import { operatorCosts } from '../../heuristics/operator-costs.js';
import { StateSpace } from './state-space.js';
import { verifyPlan } from '../verify-plan.js';

/** How the search over a grounded task ended. */
export type TaskResult =
  | { readonly kind: 'found'; readonly plan: readonly number[]; readonly optimal: boolean }
  | { readonly kind: 'unsolvable'; readonly reason: string }
  | { readonly kind: 'stopped' };

/** Searches a grounded task with the configured engine; a plan that need not be cheapest is made shorter afterwards. */
export function searchTask(task: Task, config: SearchConfig, meter: Meter): TaskResult {
  if (task.unreachable !== null) return { kind: 'unsolvable', reason: task.unreachable };
  return orStopped(() => searchSpace(task, config, meter), { kind: 'stopped' });
}

function searchSpace(task: Task, config: SearchConfig, meter: Meter): TaskResult {
  const space = new StateSpace(task);
  const { outcome, isExact } = runEngine(space, config, meter);
  if (outcome.kind === 'stopped') return { kind: 'stopped' };
  if (outcome.kind === 'exhausted') return { kind: 'unsolvable', reason: exhaustedReason(meter) };
  const found = { plan: outcome.plan, optimal: isExact || outcome.plan.length === 0 };
  const best = isExact ? found : orStopped(() => improvePlan(space, meter, outcome.plan), found);
  verifyPlan(task, best.plan);
  return { kind: 'found', plan: best.plan, optimal: best.optimal && task.ignoresMetric !== true };
}

function runEngine(
  space: StateSpace,
  config: SearchConfig,
  meter: Meter,
): { readonly outcome: Outcome; readonly isExact: boolean } {
  const { task } = space;
  const source: HeuristicSource = { task, first: space.initial(), memory: meter, step: meter.step };
  const costs = operatorCosts(task, 'costs');
  switch (config.engine) {
    case 'greedy':
      return { outcome: searchGreedily(space, config, meter, source), isExact: false };
    case 'weighted-astar':
      return {
        outcome: new BestFirst(space, meter, {
          heuristics: chooseHeuristics(config.heuristics, 'costs', source),
          weight: config.weight,
          costs,
        }).search(),
        isExact: false,
      };
    case 'astar': {
      const heuristics = chooseOptimalHeuristics(config.heuristics, source);
      const outcome = new BestFirst(space, meter, { heuristics, weight: 1, costs }).search();
      return { outcome, isExact: heuristics.every((h) => h.admissible) };
    }
    case 'qstar': {
      const values = actionValues(chooseOptimalHeuristics(config.heuristics, source));
      return { outcome: new QStar(space, meter, { values, costs }).run(), isExact: values.heuristic.admissible };
    }
  }
}

function exhaustedReason(meter: Meter): string {
  return meter.expanded === 0
    ? 'The goal cannot be reached from the first state even if actions never undid anything.'
    : `All ${meter.evaluated} states that can be reached were looked at, and none of them satisfies the goal.`;
}
