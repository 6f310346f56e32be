import { z } from 'zod';
import {
  actionSchema,
  applyChange,
  literalHolds,
  splitConjunction,
  stateChangeSchema,
  type Condition,
  type WorldState,
} from '@praxis/core';

/** An action of a plan with what it needs and what it is expected to change, so that a surprise can be noticed. */
export const plannedStepSchema = z.object({
  action: actionSchema,
  /** Literals that must hold just before it. */
  needs: z.array(z.string()),
  expects: stateChangeSchema,
  /** Who chose it: `search`, `suggested`, or the id of an archive tool. */
  origin: z.string(),
  /** Where untrusted parts of it came from; empty where the policy itself made it. */
  taint: z.array(z.string()).default([]),
});
export type PlannedStep = z.infer<typeof plannedStepSchema>;

/** A proposal of the planner for a subgoal: steps in order, and the archive tools that shaped them. */
export const proposalSchema = z.object({ steps: z.array(plannedStepSchema), tools: z.array(z.string()) });
export type Proposal = z.infer<typeof proposalSchema>;

/**
 * Whether the steps can still be expected to run from here: each need holds in the state the steps before it lead to.
 */
export function stillRuns(steps: readonly PlannedStep[], from: WorldState): boolean {
  let state = from;
  for (const step of steps) {
    if (!step.needs.every((literal) => literalHolds(literal, state))) return false;
    state = applyChange(state, step.expects);
  }
  return true;
}

/** An atom; the words of the language are no predicates. */
const ATOM = /\((?!(?:and|or|not|forall|exists|imply|[<>]?=|[<>])[\s)])[^()]*\)/.source;
const LITERAL = new RegExp(`^(?:${ATOM}|\\(not ${ATOM}\\))$`);

/**
 * Whether a condition holds, where that can be told from the facts alone: null for anything but a conjunction of
 * literals.
 */
export function holdsByFacts(condition: Condition, state: WorldState): boolean | null {
  const parts = splitConjunction(condition);
  return parts.every((p) => LITERAL.test(p)) ? parts.every((p) => literalHolds(p, state)) : null;
}
