import type { WorldState } from '@praxis/core';
import type { Domain, Problem } from '../pddl/ast.js';
import { holds, violation } from './evaluate.js';
import { printAction } from './ground-action.js';
import type { GroundAction } from './ground-action.js';
import { stateOf } from './interpreter.js';
import { Semantics } from './semantics.js';
import type { StepMeter } from './step-meter.js';

/** Whether a plan does what it should. `step` counts from 0; it is the number of steps where only the goal is missed. */
export type PlanCheck =
  | { readonly valid: true; readonly cost: number; readonly final: WorldState }
  | { readonly valid: false; readonly step: number; readonly reason: string };

/**
 * Carries a plan out by the meaning of the PDDL alone and says whether every step is possible and the goal is
 * reached. It shares no code with grounding and search, so that an error there cannot hide here.
 */
export function checkPlan(domain: Domain, problem: Problem, steps: readonly GroundAction[], meter?: StepMeter): PlanCheck {
  const semantics = new Semantics(domain, problem, meter);
  let situation = semantics.start();
  let cost = 0;
  for (const [step, action] of steps.entries()) {
    const attempt = semantics.attempt(action, situation);
    if (!attempt.ok) return { valid: false, step, reason: `${printAction(action)} is not possible: ${attempt.violated}` };
    cost += semantics.price(situation, attempt.change);
    situation = semantics.after(situation, attempt.change);
  }
  if (holds(problem.goal, new Map(), situation)) return { valid: true, cost, final: stateOf(situation) };
  return { valid: false, step: steps.length, reason: `the goal is not reached: ${violation(problem.goal, new Map(), situation)}` };
}
