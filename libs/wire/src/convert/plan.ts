import { planDiffSchema, planSchema, type NodeState, type Plan, type PlanDiff, type PlanNode } from '@praxis/core';
import type * as pb from '../gen/praxis/v1/types.js';
import { present } from './absent.js';
import { fromAction, toAction } from './action.js';
import { fromAllowance, toAllowance } from './cost.js';
import { parse } from './parse.js';
import { nodeStatusCodec } from './enum-codecs.js';

function toNode({ owner, steps, uses = [], gives = [], ...node }: PlanNode): pb.PlanNode {
  return {
    ...node,
    uses,
    gives: gives.map(({ name, schema }) => ({ name, schema })),
    script: node.script,
    checks: node.checks,
    steps: steps.map(toAction),
    ...present({ owner }),
  };
}

/** A plan for the wire. */
export function toPlan(plan: Plan): pb.Plan {
  return { version: plan.version, nodes: plan.nodes.map(toNode) };
}

/** A plan from the wire. */
export function fromPlan(message: pb.Plan): Plan {
  const nodes = message.nodes.map((node) => ({
    ...node,
    owner: node.owner ?? null,
    uses: node.uses.length > 0 ? node.uses : undefined,
    gives: node.gives.length > 0 ? node.gives : undefined,
    steps: node.steps.map(fromAction),
  }));
  return parse('plan', planSchema, { version: message.version, nodes });
}

/** A plan's difference for the wire. */
export function toPlanDiff(diff: PlanDiff): pb.PlanDiff {
  return { kept: diff.kept, added: diff.added, dropped: diff.dropped };
}

/** A plan's difference from the wire. */
export function fromPlanDiff(message: pb.PlanDiff): PlanDiff {
  return parse('diff', planDiffSchema, message);
}

/** The state of a plan's node for the wire. */
export function toNodeState(state: NodeState): pb.NodeState {
  return { ...state, status: nodeStatusCodec.to(state.status), allowance: toAllowance(state.allowance) };
}

/** The state of a plan's node from the wire. */
export function fromNodeState(field: string, message: pb.NodeState): NodeState {
  return {
    ...message,
    status: nodeStatusCodec.from(`${field}.status`, message.status),
    allowance: fromAllowance(`${field}.allowance`, message.allowance),
  };
}
