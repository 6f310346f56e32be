import {
  makeAction,
  splitConjunction,
  type Failure,
  type Plan,
  type PlanNode,
  type Tool,
  type WorldState,
} from '@praxis/core';
import { guardsOf } from '@praxis/actions';
import { loopShare, type LoopShare } from '@praxis/platform';
import { BelievedRules, type ExplainedPlan, type PlanRequest, type SearchResult } from '@praxis/search';
import { ruleDenies } from '@praxis/strategy';
import { cluster, type Cluster } from './cluster.js';
import { deOrder } from './de-order.js';

/** A subgoal has at least this many steps before it ends at a landmark, and at most that many in all. */
const CLUSTER = { least: 3, most: 12 };

/** What is to be planned. */
export interface PlanningTask {
  readonly domain: string;
  readonly problem: string;
  readonly condition: string;
  readonly agents: readonly string[];
  readonly tools: readonly Tool[];
  readonly state: WorldState;
  readonly failures: readonly Failure[];
  readonly version: number;
  /** Nodes of the version before that stay as they are; the new ones come after them. */
  readonly keep: readonly PlanNode[];
  readonly evaluated: number;
  /** Skills that the rules deny. */
  readonly denied?: readonly string[] | undefined;
  /** Whose planning it is: the run's id. */
  readonly turn?: string | undefined;
}

/** A plan, or why there is none. */
export type Planning =
  | { readonly plan: Plan; readonly evaluated: number }
  | { readonly plan: null; readonly reason: string; readonly evaluated: number };

/** Searches the pool is asked for. */
export type Search = (request: PlanRequest, signal: AbortSignal) => Promise<SearchResult>;

/**
 * Plans without a model: a whole plan by search, de-ordered by causal links, clustered at goal facts and landmarks
 * into a graph of subgoals with pre- and post-conditions.
 */
export async function planBySearch(task: PlanningTask, search: Search, signal: AbortSignal): Promise<Planning> {
  const share = loopShare();
  const guards = guardsOf(task.tools);
  const rules = new BelievedRules(task, guards, { turn: task.turn, signal });
  const request: PlanRequest = {
    domain: task.domain,
    problem: task.problem,
    state: task.state,
    goal: task.condition,
    guards,
    landmarks: true,
    ...(task.denied && task.denied.length > 0 && { forbidden: task.denied }),
    budget: { evaluated: task.evaluated },
    ...(task.turn !== undefined && { turn: task.turn }),
  };
  let result = await search({ ...request, avoid: await rules.avoid(task.failures) }, signal);
  // Failures are remembered per attempt; where they leave no way at all, the world may have changed enough to try
  // again.
  const permanent = task.failures.filter((f) => f.permanent === true);
  const isMendable = task.failures.length > permanent.length;
  if (result.kind === 'unsolvable' && isMendable) {
    result = await search({ ...request, ...(permanent.length > 0 && { avoid: await rules.avoid(permanent) }) }, signal);
  }
  const { evaluated } = result.stats;
  if (result.kind !== 'solved') return { plan: null, reason: reasonOf(result, task), evaluated };
  const explained = await rules.explain(task.state, result.steps, task.condition);
  if ('brokenAt' in explained)
    return {
      plan: null,
      reason: `the plan that was found fails the check at step ${explained.brokenAt + 1}: ${explained.reason}`,
      evaluated,
    };
  const { parameters } = await rules.words();
  // The search's answer may just have taken its time to be read.
  await share();
  return { plan: await toPlan(task, parameters, explained, result.landmarks ?? [], share), evaluated };
}

async function toPlan(
  task: PlanningTask,
  parameters: ReadonlyMap<string, readonly string[]>,
  explained: ExplainedPlan,
  landmarks: readonly string[],
  share: LoopShare,
): Promise<Plan> {
  const marks = new Set([...landmarks, ...explained.goal]);
  const order = deOrder(explained);
  await share();
  const clusters = cluster(explained, order, { agents: task.agents, marks, ...CLUSTER });
  await share();
  const id = (c: number): string => `${task.version}.${c + 1}`;
  const nodes = clusters.map((c, i): PlanNode => ({
    id: id(i),
    title: titleOf(c),
    pre: [...c.pre],
    post: c.post,
    after: c.after.map(id),
    owner: c.owner,
    lane: 'default',
    steps: c.steps.map((s) =>
      makeAction(
        explained.steps[s]!.action,
        parameters.get(explained.steps[s]!.action) ?? [],
        explained.steps[s]!.args,
      ),
    ),
    cost: c.steps.reduce((sum, s) => sum + explained.steps[s]!.cost, 0),
  }));
  return { version: task.version, nodes: [...task.keep, ...nodes] };
}

function titleOf(c: Cluster): string {
  const parts = splitConjunction(c.post);
  const shown = parts.slice(0, 2).join(' ');
  return parts.length > 2 ? `${shown} and ${parts.length - 2} more` : shown;
}

/** What the plan had to do without, where that may be why there is none. */
function refusalsOf({ failures, denied = [] }: PlanningTask): string {
  const reasons = [
    ...failures.flatMap((f) => (f.permanent === true ? [`${f.action} ${f.reason ?? 'is refused'}`] : [])),
    ...denied.map(ruleDenies),
  ];
  return reasons.length === 0 ? '' : `${[...new Set(reasons)].join('; ')}; there is no other way: `;
}

function reasonOf(result: Exclude<SearchResult, { kind: 'solved' }>, task: PlanningTask): string {
  switch (result.kind) {
    case 'unsolvable':
      return `${refusalsOf(task)}proved unsolvable in the rules that are known: ${result.reason}`;
    case 'spent':
      return result.budget === 'evaluated'
        ? `no plan found within ${task.evaluated} evaluated states, and none proved impossible; submit again with a larger budget (--evaluated)`
        : `no plan found within the budget of ${result.budget}, and none proved impossible`;
    case 'cancelled':
      return 'the planning was cancelled';
  }
}
