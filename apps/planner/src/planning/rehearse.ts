import {
  actionText,
  orderNodes,
  subgoalName,
  type Action,
  type Literal,
  type NodeId,
  type Plan,
  type PlanNode,
  type Run,
  type StateChange,
  type WorldState,
} from '@praxis/core';
import type { BelievedRules } from '@praxis/search';

/** A rehearsal's world: what is believed, and where it starts. */
export interface RehearsalFrame {
  readonly run: Pick<Run, 'nodes' | 'opened'>;
  readonly from: WorldState;
  readonly rules: BelievedRules;
  /** Names of skills that may be called though they are no actions of the world. */
  readonly outside?: readonly string[];
}

/**
 * What came of carrying a plan's steps out in the believed world. `broken`: the first suggested step that cannot be
 * done. `missed`: all steps can be done, and the goal does not hold after them. `open`: steps are missing somewhere, so
 * that nothing can be said of what comes after. `reached`: they bring about the goal.
 */
export type Rehearsal =
  | { readonly kind: 'reached' | 'open' }
  | { readonly kind: 'missed'; readonly problem: string }
  | { readonly kind: 'broken'; readonly node: NodeId; readonly step: number; readonly problem: string };

/** A step that was rehearsed. */
interface Done {
  readonly where: string;
  readonly change: StateChange;
}

/** Carries the steps out in an order that the plan allows; subgoals that are done were. */
export async function rehearse(plan: Plan, { run, from, rules, outside = [] }: RehearsalFrame): Promise<Rehearsal> {
  const todo = orderNodes(plan.nodes)!.filter((n) => run.nodes.get(n.id)?.status !== 'done');
  const done: Done[] = [];
  let state = from;
  for (const node of todo) {
    const { id, steps, post } = node;
    if (steps.length === 0) return { kind: 'open' };
    const inWorld = await worldSteps(node, { rules, outside });
    const explained = await rules.explain(state, inWorld.map(callOf), '(and)');
    if ('brokenAt' in explained) {
      done.push(...(await doable(node, { state, rules, outside, plan, until: explained.brokenAt })));
      const step = inWorld[explained.brokenAt]?.at ?? steps.length - 1;
      const what = `${subgoalName(plan, node)} cannot do its step ${step + 1}, ${actionText(steps[step]!)}`;
      return { kind: 'broken', node: id, step, problem: `${what}: ${whyNot(explained.reason, done)}` };
    }
    done.push(
      ...explained.steps.map(({ expects }, i) => ({ where: whereOf(plan, node, inWorld[i]!.at), change: expects })),
    );
    state = explained.final;
    // Steps that stop short of what they are for are partial; who does the subgoal finds the rest.
    if (!(await rules.holds(post, state))) return { kind: 'open' };
  }
  const goal = await rules.explain(state, [], run.opened!.condition);
  if (!('brokenAt' in goal)) return { kind: 'reached' };
  return {
    kind: 'missed',
    problem: `after all steps the goal does not hold: ${goal.reason} is missing${since(goal.reason, done)}`,
  };
}

/**
 * A plan in which no step is suggested that cannot be done: each is cut with what follows it in its subgoal; and why.
 */
export async function cutSuggestions(
  plan: Plan,
  frame: RehearsalFrame,
): Promise<{ readonly plan: Plan; readonly note: string }> {
  const found = await rehearse(plan, frame);
  // What is kept of an older version stays as it was agreed on.
  if (found.kind !== 'broken' || !found.node.startsWith(`${plan.version}.`)) return { plan, note: '' };
  const nodes = plan.nodes.map((n) => (n.id === found.node ? { ...n, steps: n.steps.slice(0, found.step) } : n));
  const rest = await cutSuggestions({ ...plan, nodes }, frame);
  return {
    plan: rest.plan,
    note: `The suggested steps were cut, since ${found.problem}.${rest.note === '' ? '' : ` ${rest.note}`}`,
  };
}

interface Doing {
  readonly state: WorldState;
  readonly rules: BelievedRules;
  readonly outside: readonly string[];
  readonly plan: Plan;
  readonly until: number;
}

async function doable(node: PlanNode, { state, rules, outside, plan, until }: Doing): Promise<readonly Done[]> {
  const inWorld = (await worldSteps(node, { rules, outside })).slice(0, until);
  const explained = await rules.explain(state, inWorld.map(callOf), '(and)');
  if ('brokenAt' in explained) return [];
  return explained.steps.map(({ expects }, i) => ({ where: whereOf(plan, node, inWorld[i]!.at), change: expects }));
}

/** A suggested step that is an action of the world, and its place among all steps of its subgoal. */
interface WorldStep {
  readonly step: Action;
  readonly at: number;
}

/** A skill that is no action of the world changes nothing that the rules know of. */
async function worldSteps(
  { steps }: Pick<PlanNode, 'steps'>,
  { rules, outside = [] }: Pick<RehearsalFrame, 'rules' | 'outside'>,
): Promise<readonly WorldStep[]> {
  const actions = new Set((await rules.words()).parameters.keys());
  const free = new Set(outside.filter((name) => !actions.has(name)));
  return steps.flatMap((step, at) => (free.has(step.skill) ? [] : [{ step, at }]));
}

const callOf = ({ step }: WorldStep): { readonly action: string; readonly args: readonly string[] } => ({
  action: step.skill,
  args: Object.values(step.args).map(String),
});

const whereOf = (plan: Plan, node: Plan['nodes'][number], step: number): string =>
  `step ${step + 1} of ${subgoalName(plan, node)}, ${actionText(node.steps[step]!)}`;

/** Why a step cannot be done; where that is no condition, the rules say it in words. */
const whyNot = (reason: string, done: readonly Done[]): string =>
  reason.startsWith('(') ? `it needs ${reason}${since(reason, done)}` : reason;

/** Which rehearsed step made a literal false, where one did. */
function since(literal: Literal, done: readonly Done[]): string {
  const denied = /^\(not (\(.*\))\)$/.exec(literal)?.[1];
  const spoils = ({ change }: Done): boolean =>
    denied === undefined ? change.removed.includes(literal) : change.added.includes(denied);
  const by = done.findLast(spoils);
  return by === undefined ? ', which is not true then' : `, which is not true since ${by.where}`;
}
