import { actionText } from '../values/action.js';
import { NO_COST, addCosts } from '../values/cost.js';
import { parseSubgoalId, type NodeId } from '../values/ids.js';
import { isFailed, isStale } from '../acting/observation.js';
import type { PlanNode } from '../goals/plan.js';
import type { RunHistory } from './run-history.js';
import { numberSteps, type NumberedStep } from '../acting/run-steps.js';
import type { Outcome } from '../acting/step.js';
import { stepEvents, costOf } from '../acting/step.js';

/** Something of which each of two runs has its own; null where it has none. */
export interface Pair<T> {
  readonly a: T | null;
  readonly b: T | null;
}

/** A step as it is compared. */
export interface ComparedStep {
  /** Counts from 0 over the run. */
  readonly number: number;
  readonly node: NodeId;
  readonly action: string;
  /** `ok`, a failure's code, or `open` while there is none. */
  readonly outcome: string;
}

/** How a plan's node differs between two runs. */
export interface ChangedNode {
  readonly a: PlanNode;
  readonly b: PlanNode;
  /** Which of its fields. */
  readonly fields: readonly string[];
}

/** What one run has otherwise than another. */
export interface RunDiff {
  /** Fields of the goals that differ. */
  readonly goal: readonly ({ readonly field: string } & Pair<string>)[];
  readonly plan: {
    /** How many plans each made. */
    readonly versions: Pair<number>;
    /**
     * Nodes of the last plans, found by what they bring about: only in the one, only in the other, in both otherwise.
     */
    readonly dropped: readonly PlanNode[];
    readonly added: readonly PlanNode[];
    readonly changed: readonly ChangedNode[];
  };
  readonly steps: {
    /** How many of the first run's steps the second has too, each at its place in its subgoal. */
    readonly same: number;
    /** The first that differs; null where none does. */
    readonly diverged: Pair<ComparedStep> | null;
  };
  readonly outcome: Pair<Outcome> & { readonly reasonA: string; readonly reasonB: string };
  readonly costs: readonly { readonly name: string; readonly a: number; readonly b: number }[];
  /** Archive tools that were used by the one only, and by the other only. */
  readonly tools: { readonly onlyA: readonly string[]; readonly onlyB: readonly string[] };
  /** Same plans, steps and outcome; goals, costs and tools follow from them or are no business of theirs. */
  readonly isSame: boolean;
}

/** Compares two runs, pure. In which order agents that work side by side come to act is no difference. */
export function diffRuns(a: RunHistory, b: RunHistory): RunDiff {
  const plan = diffLastPlans(a, b);
  const steps = diffSteps(a, b);
  const outcome = {
    a: a.state.ended?.outcome ?? null,
    b: b.state.ended?.outcome ?? null,
    reasonA: a.state.ended?.reason ?? '',
    reasonB: b.state.ended?.reason ?? '',
  };
  const samePlan =
    plan.versions.a === plan.versions.b && plan.added.length + plan.dropped.length + plan.changed.length === 0;
  const used = [new Set(a.state.toolsUsed), new Set(b.state.toolsUsed)] as const;
  return {
    goal: diffGoals(a, b),
    plan,
    steps,
    outcome,
    costs: diffCosts(a, b),
    tools: { onlyA: [...used[0]].filter((t) => !used[1].has(t)), onlyB: [...used[1]].filter((t) => !used[0].has(t)) },
    isSame: samePlan && steps.diverged === null && outcome.a === outcome.b,
  };
}

function diffGoals(a: RunHistory, b: RunHistory): RunDiff['goal'] {
  const [left, right] = [fieldsOf(a), fieldsOf(b)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((field) => {
    const pair = { a: left.get(field) ?? null, b: right.get(field) ?? null };
    return pair.a === pair.b ? [] : [{ field, ...pair }];
  });
}

function fieldsOf({ state: { goal } }: RunHistory): ReadonlyMap<string, string> {
  const { budget, archive, ...plain } = goal;
  const nested = [
    ...Object.entries(budget).map(([k, v]) => [`budget.${k}`, v] as const),
    ...Object.entries(archive).map(([k, v]) => [`archive.${k}`, v] as const),
  ];
  return new Map(
    [...Object.entries(plain), ...nested].map(([field, value]) => [
      field,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

function diffLastPlans(a: RunHistory, b: RunHistory): RunDiff['plan'] {
  const rest = [...(b.state.plan?.nodes ?? [])];
  const dropped: PlanNode[] = [];
  const changed: ChangedNode[] = [];
  for (const node of a.state.plan?.nodes ?? []) {
    const at = bestMatch(node, rest);
    if (at === -1) {
      dropped.push(node);
      continue;
    }
    const [other] = rest.splice(at, 1);
    const fields = changedFields(node, other!);
    if (fields.length > 0) changed.push({ a: node, b: other!, fields });
  }
  const made = ({ state }: RunHistory): number => (state.plan === null ? 0 : 1 + state.replans);
  return { versions: { a: made(a), b: made(b) }, dropped, added: rest, changed };
}

/** The node that brings about the same, best by the same agent. */
function bestMatch(node: PlanNode, others: readonly PlanNode[]): number {
  const byBoth = others.findIndex((o) => o.post === node.post && o.owner === node.owner);
  return byBoth === -1 ? others.findIndex((o) => o.post === node.post) : byBoth;
}

function changedFields(a: PlanNode, b: PlanNode): readonly string[] {
  const told = (node: PlanNode): Readonly<Record<string, string>> => ({
    title: node.title,
    owner: node.owner ?? '',
    lane: node.lane,
    steps: node.steps.map(actionText).join(' '),
  });
  return Object.keys(told(a)).filter((field) => told(a)[field] !== told(b)[field]);
}

function diffSteps(a: RunHistory, b: RunHistory): RunDiff['steps'] {
  const rest = numberSteps(b.subgoals);
  const bySubgoal = new Map(rest.map((step) => [placeOf(step), step]));
  const unseen = new Set(rest);
  let same = 0;
  for (const step of numberSteps(a.subgoals)) {
    const other = bySubgoal.get(placeOf(step));
    if (!other || textOf(step) !== textOf(other))
      return { same, diverged: { a: compared(step), b: other ? compared(other) : null } };
    unseen.delete(other);
    same++;
  }
  const [extra] = unseen;
  return { same, diverged: extra ? { a: null, b: compared(extra) } : null };
}

/** Where a step stands, whatever its run is called. */
function placeOf({ subgoal, step }: NumberedStep): string {
  const { node, attempt } = parseSubgoalId(subgoal)!;
  return `${node}.${attempt}#${step}`;
}

const outcomeOf = ({ result }: NumberedStep): string => (result === null ? 'open' : result.ok ? 'ok' : result.code);
const textOf = (step: NumberedStep): string => `${actionText(step.action)} ${outcomeOf(step)}`;
const compared = (step: NumberedStep): ComparedStep => ({
  number: step.number,
  node: parseSubgoalId(step.subgoal)!.node,
  action: actionText(step.action),
  outcome: outcomeOf(step),
});

function diffCosts(a: RunHistory, b: RunHistory): RunDiff['costs'] {
  const [left, right] = [costsOf(a), costsOf(b)];
  return Object.keys(left).map((name) => ({ name, a: left[name]!, b: right[name]! }));
}

/** In counts that do not depend on the machine, apart from the time it took. */
function costsOf({ state, subgoals, events, stored }: RunHistory): Readonly<Record<string, number>> {
  const spent = subgoals.flatMap((s) => s.events.map((e) => costOf(stepEvents.decode(e)))).reduce(addCosts, NO_COST);
  const steps = numberSteps(subgoals);
  return {
    steps: steps.filter((s) => s.result === null || !isStale(s.result)).length,
    'failed steps': steps.filter((s) => s.result !== null && isFailed(s.result)).length,
    replans: state.replans + state.localReplans,
    evaluated: events.reduce((sum, e) => sum + (e.type === 'planned' ? e.evaluated : 0), 0),
    calls: spent.calls,
    tokens: spent.tokens,
    money: spent.money,
    risk: spent.risk,
    milliseconds: (stored.at(-1)?.at ?? 0) - (stored[0]?.at ?? 0),
  };
}
