import { z } from 'zod';
import { toolSchema, type Tool } from './archive.js';
import { eventCodec } from './event-codec.js';
import { failureSchema, type Failure } from './failure.js';
import { goalSchema, type Goal } from './goal.js';
import type { NodeId } from './ids.js';
import { dependents, planDiffSchema, planSchema, type Plan, type PlanNode } from './plan.js';
import { outcomeSchema, type Outcome } from './step.js';

/**
 * The life of a run, pure (S1): `fold` reads its stream, `next` says what to do.
 *
 * R1 `next` depends on the folded events alone; asking twice gives the same commands.
 * R2 A node is dispatched once per attempt, and only when all it waits for is done.
 * R3 After a failure, nothing that waits for the failed node is dispatched; what does not wait for it goes on. Only
 *    when no such work is left is the rest planned again, from the world as it then is.
 * R4 After `cancelling` nothing is planned or dispatched; the run ends when nothing is under way.
 * R5 After `ended` there are no commands.
 */
export const runEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('accepted'), goal: goalSchema }),
  /** The world is open; from here on the run is pinned to these rules and tools (S9). */
  z.object({
    type: z.literal('opened'),
    session: z.string(),
    domainName: z.string(),
    domain: z.string(),
    problem: z.string(),
    condition: z.string(),
    agents: z.array(z.string()),
    tools: z.array(toolSchema),
  }),
  z.object({
    type: z.literal('planned'),
    plan: planSchema,
    diff: planDiffSchema,
    reason: z.enum(['first', 'repair', 'goal-missed']),
    evaluated: z.number().int().nonnegative(),
  }),
  z.object({ type: z.literal('dispatched'), node: z.string(), attempt: z.number().int().positive() }),
  z.object({
    type: z.literal('settled'),
    node: z.string(),
    attempt: z.number().int().positive(),
    outcome: outcomeSchema,
    reason: z.string(),
    steps: z.number().int().nonnegative(),
    failedSteps: z.number().int().nonnegative(),
    replans: z.number().int().nonnegative(),
    toolsUsed: z.array(z.string()),
    failures: z.array(failureSchema),
  }),
  /** All nodes were done, and the world was asked whether the goal holds. */
  z.object({ type: z.literal('checked'), holds: z.boolean() }),
  z.object({ type: z.literal('cancelling'), reason: z.string() }),
  z.object({ type: z.literal('ended'), outcome: outcomeSchema, reason: z.string() }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

/** Reads and writes run events. */
export const runEvents = eventCodec<RunEvent>(runEventSchema);

export type NodeStatus = 'pending' | 'dispatched' | Outcome;

/** Where one node of the current plan stands. */
export interface NodeState {
  readonly status: NodeStatus;
  readonly attempt: number;
  readonly reason: string;
}

/** A run as its events tell it. */
export interface Run {
  readonly goal: Goal;
  readonly opened: Extract<RunEvent, { type: 'opened' }> | null;
  readonly plan: Plan | null;
  readonly nodes: ReadonlyMap<NodeId, NodeState>;
  readonly steps: number;
  readonly failedSteps: number;
  /** Plans after the first. */
  readonly replans: number;
  /** Local plans that executors made after their first. */
  readonly localReplans: number;
  readonly toolsUsed: readonly string[];
  readonly failures: readonly Failure[];
  readonly checked: boolean | null;
  readonly cancelling: string | null;
  readonly ended: { readonly outcome: Outcome; readonly reason: string } | null;
}

/** What the planner must do next. */
export type Command =
  | { readonly kind: 'open' }
  | { readonly kind: 'plan'; readonly reason: 'first' | 'repair' | 'goal-missed'; readonly keep: readonly NodeId[] }
  | { readonly kind: 'dispatch'; readonly node: PlanNode; readonly attempt: number }
  | { readonly kind: 'check' }
  | { readonly kind: 'end'; readonly outcome: Outcome; readonly reason: string };

const begin = (goal: Goal): Run => ({
  goal,
  opened: null,
  plan: null,
  nodes: new Map(),
  steps: 0,
  failedSteps: 0,
  replans: 0,
  localReplans: 0,
  toolsUsed: [],
  failures: [],
  checked: null,
  cancelling: null,
  ended: null,
});

/** Reads a run's events; null before `accepted`. */
export function fold(events: readonly RunEvent[]): Run | null {
  let run: Run | null = null;
  for (const event of events) {
    if (event.type === 'accepted') run = begin(event.goal);
    else if (run) run = apply(run, event);
  }
  return run;
}

function apply(run: Run, event: Exclude<RunEvent, { type: 'accepted' }>): Run {
  switch (event.type) {
    case 'opened':
      return { ...run, opened: event };
    case 'planned': {
      const fresh: NodeState = { status: 'pending', attempt: 0, reason: '' };
      const nodes = new Map(event.plan.nodes.map((n) => [n.id, run.nodes.get(n.id) ?? fresh]));
      return { ...run, plan: event.plan, nodes, replans: run.replans + (event.reason === 'first' ? 0 : 1), checked: null };
    }
    case 'dispatched':
      return setNode(run, event.node, { status: 'dispatched', attempt: event.attempt, reason: '' });
    case 'settled':
      return settle(run, event);
    case 'checked':
      return { ...run, checked: event.holds };
    case 'cancelling':
      return { ...run, cancelling: event.reason };
    case 'ended':
      return { ...run, ended: { outcome: event.outcome, reason: event.reason } };
  }
}

function setNode(run: Run, node: NodeId, state: NodeState): Run {
  return { ...run, nodes: new Map([...run.nodes, [node, state]]) };
}

function settle(run: Run, event: Extract<RunEvent, { type: 'settled' }>): Run {
  const next = setNode(run, event.node, { status: event.outcome, attempt: event.attempt, reason: event.reason });
  return {
    ...next,
    steps: run.steps + event.steps,
    failedSteps: run.failedSteps + event.failedSteps,
    localReplans: run.localReplans + event.replans,
    toolsUsed: [...new Set([...run.toolsUsed, ...event.toolsUsed])],
    failures: [...run.failures, ...event.failures],
  };
}

/** What to do now; empty while the run waits for something that is under way. */
export function next(run: Run): readonly Command[] {
  if (run.ended) return [];
  const busy = [...run.nodes.values()].some((n) => n.status === 'dispatched');
  if (run.cancelling !== null) return busy ? [] : [{ kind: 'end', outcome: 'cancelled', reason: run.cancelling }];
  if (!run.opened) return [{ kind: 'open' }];
  if (!run.plan) return [{ kind: 'plan', reason: 'first', keep: [] }];
  return advance(run, run.plan, busy);
}

function advance(run: Run, plan: Plan, busy: boolean): readonly Command[] {
  const status = (id: NodeId): NodeStatus => run.nodes.get(id)?.status ?? 'pending';
  const failed = plan.nodes.filter((n) => status(n.id) === 'failed' || status(n.id) === 'cancelled');
  const blocked = dependents(plan.nodes, failed.map((n) => n.id));
  const overBudget = run.steps >= run.goal.budget.steps;
  const ready = plan.nodes.filter((n) => status(n.id) === 'pending' && !blocked.has(n.id) && n.after.every((id) => status(id) === 'done'));
  if (ready.length > 0 && !overBudget) {
    return ready.map((node) => ({ kind: 'dispatch', node, attempt: 1 + (run.nodes.get(node.id)?.attempt ?? 0) }));
  }
  if (busy) return [];
  if (overBudget) return endOverBudget(run);
  if (failed.length === 0) return finish(run);
  return repair(run, failed, plan.nodes.filter((n) => !blocked.has(n.id)).map((n) => n.id));
}

function repair(run: Run, failed: readonly PlanNode[], keep: readonly NodeId[]): readonly Command[] {
  if (run.replans < run.goal.budget.replans) return [{ kind: 'plan', reason: 'repair', keep }];
  const last = run.nodes.get(failed.at(-1)!.id)!.reason;
  return [{ kind: 'end', outcome: 'failed', reason: `gave up after ${run.replans} repairs of the plan; last: ${last}` }];
}

function finish(run: Run): readonly Command[] {
  if (run.checked === null) return [{ kind: 'check' }];
  if (run.checked) return [{ kind: 'end', outcome: 'done', reason: 'the goal holds' }];
  if (run.replans >= run.goal.budget.replans) {
    return [{ kind: 'end', outcome: 'failed', reason: `the goal still does not hold after ${run.replans} repairs of the plan` }];
  }
  return [{ kind: 'plan', reason: 'goal-missed', keep: [...run.nodes.keys()] }];
}

function endOverBudget(run: Run): readonly Command[] {
  if (run.checked === null) return [{ kind: 'check' }];
  if (run.checked) return [{ kind: 'end', outcome: 'done', reason: 'the goal holds' }];
  return [{ kind: 'end', outcome: 'failed', reason: `the budget of ${run.goal.budget.steps} steps is spent; submit again with a larger one` }];
}

/** Tools that a run may use. */
export function toolsOf(run: Run): readonly Tool[] {
  return run.opened?.tools ?? [];
}
