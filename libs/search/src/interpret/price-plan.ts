import { PraxisError, type WorldState } from '@praxis/core';
import type { Domain, Problem } from '../pddl/ast.js';
import { printAction, type GroundAction } from './ground-action.js';
import { metricValue } from './price.js';
import { Semantics } from './semantics.js';
import { withoutNoise } from './without-noise.js';

/** What each step of a plan adds to the metric, and the metric's value after it (the number of steps where it has none). */
export interface PlanPrice {
  readonly steps: readonly number[];
  readonly cost: number;
}

/** Prices a plan that is known to work, from the problem's first state or the one given. */
export function pricePlan(domain: Domain, problem: Problem, plan: readonly GroundAction[], state?: WorldState): PlanPrice {
  const semantics = new Semantics(domain, problem);
  let situation = state === undefined ? semantics.start() : semantics.situation(state.facts, new Map(Object.entries(state.numbers)));
  const steps: number[] = [];
  for (const step of plan) {
    const attempt = semantics.attempt(step, situation);
    if (!attempt.ok) {
      throw new PraxisError('bug', `The step ${printAction(step)} of a plan is not possible: ${attempt.violated}. Please report the domain and the problem.`);
    }
    steps.push(withoutNoise(semantics.price(situation, attempt.change)));
    situation = semantics.after(situation, attempt.change);
  }
  return { steps, cost: withoutNoise(metricValue(problem.metric, situation, plan.length) ?? plan.length) };
}
