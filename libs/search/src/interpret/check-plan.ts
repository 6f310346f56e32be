import type { WorldState } from '@praxis/core';
import type { Domain, Problem } from '../pddl/ast.js';
import { holds, violation } from './evaluate.js';
import { printAction } from './ground-action.js';
import type { GroundAction } from './ground-action.js';
import { stateOf } from './interpreter.js';
import { metricValue } from './price.js';
import { Semantics } from './semantics.js';
import { withoutNoise } from './without-noise.js';
import type { StepMeter } from './step-meter.js';

/**
 * Whether a plan does what it should. `cost` is the value of the metric after it: the number of its steps where there
 * is no metric, or where the metric has no value. `step` counts from 0; it is the number of steps where only the goal
 * is missed.
 */
export type PlanCheck =
  | { readonly valid: true; readonly cost: number; readonly final: WorldState }
  | { readonly valid: false; readonly step: number; readonly reason: string };

/**
 * Carries a plan out by the meaning of the PDDL alone and says whether every step is possible and the goal is
 * reached. It shares no code with grounding and search, so that an error there cannot hide here.
 */
export function checkPlan(
  domain: Domain,
  problem: Problem,
  steps: readonly GroundAction[],
  meter?: StepMeter,
): PlanCheck {
  const semantics = new Semantics(domain, problem, meter);
  let situation = semantics.start();
  for (const [step, action] of steps.entries()) {
    const attempt = semantics.attempt(action, situation);
    if (!attempt.ok)
      return { valid: false, step, reason: `${printAction(action)} is not possible: ${attempt.violated}` };
    situation = semantics.after(situation, attempt.change);
  }
  if (holds(problem.goal, new Map(), situation)) {
    const value = metricValue(problem.metric, situation, steps.length) ?? steps.length;
    return { valid: true, cost: withoutNoise(value), final: stateOf(situation) };
  }
  return {
    valid: false,
    step: steps.length,
    reason: `the goal is not reached: ${violation(problem.goal, new Map(), situation)}`,
  };
}
