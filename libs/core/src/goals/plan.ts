import { z } from 'zod';
import { checksSchema } from '../acting/check.js';
import { scriptStepSchema } from '../acting/script.js';
import { actionSchema } from '../values/action.js';
import { freeRecord } from '../values/free-record.js';
import { jsonSchema } from '../values/json.js';
import type { NodeId } from '../values/ids.js';

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
  /** Names of outputs that it needs, of inputs of the goal and of other nodes. */
  uses: z.array(z.string()).optional(),
  /** Names of outputs that it leaves to others, with the JSON Schema of each value where it is known. */
  gives: z.array(z.object({ name: z.string(), schema: freeRecord(jsonSchema).optional() })).optional(),
  /** Steps to carry out as they stand; absent where the executor's strategy finds its own. */
  script: z.array(scriptStepSchema).optional(),
  /** Named checks that `post` refers to. */
  checks: checksSchema.optional(),
});
export type PlanNode = z.infer<typeof planNodeSchema>;

/** The meta-plan: a versioned directed acyclic graph of subgoals. */
export const planSchema = z.object({ version: z.number().int().positive(), nodes: z.array(planNodeSchema) });
export type Plan = z.infer<typeof planSchema>;

/** How one version differs from the one before. */
export const planDiffSchema = z.object({
  kept: z.array(z.string()),
  added: z.array(z.string()),
  dropped: z.array(z.string()),
});
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
  for (const literal of frame.goal)
    if (!covered.has(literal)) problems.push(`no subgoal brings about ${literal} of the goal`);
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
  const [agents, skills] = [new Set(frame.agents), new Set(frame.skills)];
  const count = new Map<NodeId, number>();
  for (const { id } of plan.nodes) count.set(id, 1 + (count.get(id) ?? 0));
  for (const node of plan.nodes) {
    const { id, owner, steps } = node;
    const name = subgoalName(plan, node);
    if (count.get(id)! > 1) problems.push(`${name} stands twice`);
    if (owner !== null && !agents.has(owner)) problems.push(`${name} is owned by ${owner}, who is not an agent here`);
    const used = [...steps.map((step) => step.skill), ...(node.script ?? []).map((step) => step.do)];
    const unknown = used.find((skill) => !skills.has(skill));
    if (unknown !== undefined) problems.push(`${name} uses ${unknown}, which no executor has`);
  }
  return problems;
}

function checkOrder(plan: Plan): readonly string[] {
  const ids = new Set(plan.nodes.map((n) => n.id));
  const dangling = plan.nodes.flatMap((n) =>
    n.after
      .filter((id) => !ids.has(id))
      .map((id) => `${subgoalName(plan, n)} waits for ${id}, which is not in the plan`),
  );
  if (dangling.length > 0) return dangling;
  return orderNodes(plan.nodes) === null ? ['the subgoals wait for each other in a circle'] : [];
}

/** What is known of a list of nodes; the list is never changed, so that it is found once. */
interface PlanGraph {
  /** Null when the nodes wait for each other in a circle. */
  readonly order: readonly PlanNode[] | null;
  /** Nodes that wait directly for a node, by its id. */
  readonly followers: ReadonlyMap<NodeId, readonly PlanNode[]>;
}

const graphs = new WeakMap<readonly PlanNode[], PlanGraph>();

function graphOf(nodes: readonly PlanNode[]): PlanGraph {
  const known = graphs.get(nodes);
  if (known) return known;
  const followers = new Map<NodeId, PlanNode[]>(nodes.map((n) => [n.id, []]));
  for (const node of nodes) for (const id of node.after) followers.get(id)?.push(node);
  const graph = { followers, order: layered(nodes, followers) };
  graphs.set(nodes, graph);
  return graph;
}

/** Layer by layer, each in the order of the list (Kahn's algorithm); null where some nodes are never reached. */
function layered(
  nodes: readonly PlanNode[],
  followers: ReadonlyMap<NodeId, readonly PlanNode[]>,
): readonly PlanNode[] | null {
  const waits = new Map(nodes.map((n) => [n, n.after.filter((id) => followers.has(id)).length]));
  const layer = new Map<PlanNode, number>();
  const layers: PlanNode[][] = [];
  const reached = nodes.filter((n) => waits.get(n) === 0);
  for (const node of reached) layer.set(node, 0);
  for (let at = 0; at < reached.length; at++) {
    const node = reached[at]!;
    for (const follower of followers.get(node.id)!) {
      layer.set(follower, Math.max(layer.get(follower) ?? 0, layer.get(node)! + 1));
      const left = waits.get(follower)! - 1;
      waits.set(follower, left);
      if (left === 0) reached.push(follower);
    }
  }
  if (reached.length < nodes.length) return null;
  for (const node of nodes) (layers[layer.get(node)!] ??= []).push(node);
  return layers.flat();
}

/**
 * The nodes in an order in which each comes after what it waits for; null when there is a circle. This is the order in
 * which the check of a plan carries its steps out. Takes time linear in nodes and edges.
 */
export function orderNodes(nodes: readonly PlanNode[]): readonly PlanNode[] | null {
  return graphOf(nodes).order;
}

/** All nodes that wait for one of these, directly or not, and these themselves. */
export function dependents(nodes: readonly PlanNode[], roots: readonly NodeId[]): ReadonlySet<NodeId> {
  const found = new Set(roots);
  if (found.size === 0) return found;
  const { followers } = graphOf(nodes);
  // A set's iterator also visits what is added meanwhile.
  for (const id of found) for (const follower of followers.get(id) ?? []) found.add(follower.id);
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
