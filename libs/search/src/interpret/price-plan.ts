import { PraxisError, type WorldState } from '@praxis/core';
import type { Domain, Problem } from '../pddl/ast.js';
import { printAction, type GroundAction } from './ground-action.js';
import { metricValue } from './price.js';
import { Semantics } from './semantics.js';
import { withoutNoise } from './without-noise.js';

/** What each step adds to the metric, and the metric's value after the plan: the number of steps where it has none. */
export interface PlanPrice {
  readonly steps: readonly number[];
  readonly cost: number;
}

/** Prices a plan that is known to work, from the problem's first state or the one given. */
export function pricePlan(
  domain: Domain,
  problem: Problem,
  plan: readonly GroundAction[],
  state?: WorldState,
): PlanPrice {
  const semantics = new Semantics(domain, problem);
  let situation = state === undefined ? semantics.start() : semantics.situation(state.facts, numbersOf(state));
  const steps: number[] = [];
  for (const step of plan) {
    const attempt = semantics.attempt(step, situation);
    if (!attempt.ok) {
      const problem = `The step ${printAction(step)} of a plan is not possible: ${attempt.violated}`;
      throw new PraxisError('bug', `${problem}. Please report the domain and the problem.`);
    }
    steps.push(withoutNoise(semantics.price(situation, attempt.change)));
    situation = semantics.after(situation, attempt.change);
  }
  return { steps, cost: withoutNoise(metricValue(problem.metric, situation, plan.length) ?? plan.length) };
}

function numbersOf({ numbers }: WorldState): ReadonlyMap<string, number> {
  return new Map(Object.entries(numbers));
}
