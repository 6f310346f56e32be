import { z } from 'zod';
import { actionSchema } from './action.js';
import type { NodeId } from './ids.js';

/** A subgoal: what must hold before, what will hold after, who does it, and how it might be done. */
export const planNodeSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** Literals that the node relies on. */
  pre: z.array(z.string()),
  /** Condition that ends it. */
  post: z.string(),
  /** Nodes that must be done first. */
  after: z.array(z.string()),
  /** The agent (an object of the world) that acts; null when there is only one. */
  owner: z.string().nullable(),
  lane: z.string(),
  /** How the planner would do it; the executor may do otherwise. */
  steps: z.array(actionSchema),
  cost: z.number(),
});
export type PlanNode = z.infer<typeof planNodeSchema>;

/** The meta-plan: a versioned directed acyclic graph of subgoals. */
export const planSchema = z.object({ version: z.number().int().positive(), nodes: z.array(planNodeSchema) });
export type Plan = z.infer<typeof planSchema>;

/** How one version differs from the one before. */
export const planDiffSchema = z.object({ kept: z.array(z.string()), added: z.array(z.string()), dropped: z.array(z.string()) });
export type PlanDiff = z.infer<typeof planDiffSchema>;

/** What a plan must fit. */
export interface PlanFrame {
  readonly agents: readonly string[];
  readonly skills: readonly string[];
  /** Goal literals that some node's `post` must name; empty when the goal is not a conjunction of literals. */
  readonly goal: readonly string[];
  /** Goal literals that already hold and need no node. */
  readonly holding: readonly string[];
}

/** Everything that is wrong with a plan, one sentence each; empty when it is sound. */
export function validatePlan(plan: Plan, frame: PlanFrame): readonly string[] {
  const problems = [...checkNodes(plan, frame), ...checkOrder(plan)];
  const covered = new Set([...frame.holding, ...plan.nodes.flatMap((n) => [n.post, ...splitConjunction(n.post)])]);
  for (const literal of frame.goal) if (!covered.has(literal)) problems.push(`no subgoal brings about ${literal} of the goal`);
  return problems;
}

/**
 * A subgoal as whoever made the plan knows it: by its number in this version and its title; what is kept of an older
 * version has no number there.
 */
export function subgoalName({ version }: Pick<Plan, 'version'>, { id, title }: Pick<PlanNode, 'id' | 'title'>): string {
  const number = id.startsWith(`${version}.`) ? id.slice(`${version}.`.length) : null;
  return number === null ? `the kept subgoal "${title}"` : `subgoal ${number} "${title}"`;
}

function checkNodes(plan: Plan, frame: PlanFrame): readonly string[] {
  const problems: string[] = [];
  for (const node of plan.nodes) {
    const { id, owner, steps } = node;
    const name = subgoalName(plan, node);
    if (plan.nodes.filter((n) => n.id === id).length > 1) problems.push(`${name} stands twice`);
    if (owner !== null && !frame.agents.includes(owner)) problems.push(`${name} is owned by ${owner}, who is not an agent here`);
    const unknown = steps.find((step) => !frame.skills.includes(step.skill));
    if (unknown) problems.push(`${name} uses ${unknown.skill}, which no executor has`);
  }
  return problems;
}

function checkOrder(plan: Plan): readonly string[] {
  const ids = new Set(plan.nodes.map((n) => n.id));
  const dangling = plan.nodes.flatMap((n) => n.after.filter((id) => !ids.has(id)).map((id) => `${subgoalName(plan, n)} waits for ${id}, which is not in the plan`));
  if (dangling.length > 0) return dangling;
  return orderNodes(plan.nodes) === null ? ['the subgoals wait for each other in a circle'] : [];
}

/** The nodes in an order in which each comes after what it waits for; null when there is a circle. */
export function orderNodes(nodes: readonly PlanNode[]): readonly PlanNode[] | null {
  const done = new Set<NodeId>();
  const order: PlanNode[] = [];
  let rest = [...nodes];
  while (rest.length > 0) {
    const ready = rest.filter((n) => n.after.every((id) => done.has(id) || !nodes.some((m) => m.id === id)));
    if (ready.length === 0) return null;
    for (const node of ready) {
      done.add(node.id);
      order.push(node);
    }
    rest = rest.filter((n) => !done.has(n.id));
  }
  return order;
}

/** All nodes that wait for one of these, directly or not, and these themselves. */
export function dependents(nodes: readonly PlanNode[], roots: readonly NodeId[]): ReadonlySet<NodeId> {
  const found = new Set(roots);
  for (const node of orderNodes(nodes) ?? nodes) {
    if (node.after.some((id) => found.has(id))) found.add(node.id);
  }
  return found;
}

/** Compares two versions by node id. */
export function diffPlans(before: Plan | null, after: Plan): PlanDiff {
  const old = new Set(before?.nodes.map((n) => n.id));
  const now = new Set(after.nodes.map((n) => n.id));
  return {
    kept: [...now].filter((id) => old.has(id)),
    added: [...now].filter((id) => !old.has(id)),
    dropped: [...old].filter((id) => !now.has(id)),
  };
}

/** The literals of a flat conjunction; a condition of any other shape is one part. */
export function splitConjunction(condition: string): readonly string[] {
  const text = condition.trim();
  if (!/^\(and[\s)(]/.test(text)) return [text];
  const parts: string[] = [];
  let depth = 0;
  let start = -1;
  for (let i = 4; i < text.length - 1; i++) {
    if (text[i] === '(' && depth++ === 0) start = i;
    if (text[i] === ')' && --depth === 0) parts.push(text.slice(start, i + 1));
  }
  return parts;
}
