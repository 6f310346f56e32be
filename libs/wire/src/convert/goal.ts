import {
  goalSchema,
  problemTextSchema,
  type ApprovalRule,
  type Budget,
  type Goal,
  type ProblemText,
} from '@praxis/core';
import * as pb from '../gen/praxis/v1/goal.js';
import type * as types from '../gen/praxis/v1/types.js';
import { present } from './absent.js';
import { parse } from './parse.js';
import { approvalCodec, effectCodec, whenSpentCodec } from './enum-codecs.js';

/** A goal for the wire. */
export function toGoal({
  problem,
  budget,
  approvals,
  deadlineMs,
  undoes,
  models,
  playbook,
  result,
  ...goal
}: Goal): pb.Goal {
  return {
    ...goal,
    models: Object.fromEntries(Object.entries(models).map(([role, names]) => [role, { names: [...names] }])),
    problem: problem ?? undefined,
    budget: toBudget(budget),
    approvals: approvals.map(toApprovalRule),
    result: result ?? undefined,
    playbook: playbook ?? undefined,
    ...present({ deadlineMs, undoes }),
  };
}

/** A goal from the wire; what a caller left out gets core's defaults. */
export function fromGoal({ problem, budget, approvals, models, ...message }: pb.Goal): Goal {
  const chains = Object.fromEntries(Object.entries(models).map(([role, { names }]) => [role, names]));
  return parse('goal', goalSchema, {
    ...message,
    world: message.world || undefined,
    problem: problem ?? null,
    budget: budget && fromBudget(budget),
    approvals: approvals.map(fromApprovalRule),
    models: chains,
  });
}

function toBudget({ steps, replans, evaluated, whenSpent, ...bounds }: Budget): pb.Budget {
  return { steps, replans, evaluated, whenSpent: whenSpentCodec.to(whenSpent), ...present(bounds) };
}

/** The fields of a budget; the goal's schema checks them. */
function fromBudget({ whenSpent, ...bounds }: pb.Budget): object {
  return {
    ...bounds,
    whenSpent:
      whenSpent === pb.WhenSpent.UNSPECIFIED ? undefined : whenSpentCodec.from('goal.budget.whenSpent', whenSpent),
  };
}

/** An approval rule for the wire; a list of no effect classes, which fits nothing, is not the same as none. */
export function toApprovalRule({
  decision,
  effect,
  skill,
  world,
  tenant,
  tainted,
  expiresMs,
}: ApprovalRule): pb.ApprovalRule {
  const effects = effect === null ? undefined : { classes: effect.map((e) => effectCodec.to(e)) };
  return {
    decision: approvalCodec.to(decision),
    effect: effects,
    tainted,
    ...present({ skill, world, tenant, expiresMs }),
  };
}

/** The fields of an approval rule; the schema of what holds it checks them. */
export function fromApprovalRule({ decision, effect, ...message }: pb.ApprovalRule): object {
  const effects = effect ? effect.classes.map((e) => effectCodec.from('approval.effect', e)) : null;
  return { ...message, decision: approvalCodec.from('approval.decision', decision), effect: effects };
}

/** A problem from the wire. */
export function fromProblem(message: types.ProblemText): ProblemText {
  return parse('problem', problemTextSchema, message);
}
