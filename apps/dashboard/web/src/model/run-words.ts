import type { Allowance, ForkOverrides, NodeStatus, Output, RunStatus, RunSummary, RunView } from '../../../src/api.js';
import { waitOf } from './questions.js';
import { visibleText } from './visible-text.js';
import type { NodeWork, PlanVersion, RunModel, Totals } from './run-model.js';
import type { EffectClass, StepEntry } from './timeline-entry.js';

const UNBOUNDED: Allowance = { steps: null, calls: null, tokens: null, money: null, risk: null };

/** A node that nothing was done for. */
export const NOT_STARTED: NodeWork = {
  status: 'pending',
  attempt: 0,
  reason: '',
  allowance: UNBOUNDED,
  startedAt: null,
  endedAt: null,
  steps: 0,
  failed: 0,
  outputs: {},
};

/**
 * Whether the events that were told so far are older than the summary: then the summary says how the run stands. A run
 * that has ended is shown as ended from the first moment on, and one that goes on never jumps back to its beginning.
 */
export function isBehind({ ended, plans, totals }: RunModel, summary: RunSummary | null): boolean {
  if (summary === null || ended !== null) return false;
  if (summary.endedAt !== null) return true;
  return (plans.at(-1)?.plan.version ?? 0) < summary.planVersion || totals.steps < summary.steps;
}

/** How a run stands: by its summary until its events have caught up, then by these. */
export function runStatus(model: RunModel, summary: RunSummary | null): RunStatus {
  if (model.ended) return model.ended.outcome;
  if (summary !== null && (model.startedAt === null || isBehind(model, summary))) return summary.status;
  if (model.paused !== null) return 'paused';
  return model.plans.length > 0 ? 'running' : 'waiting';
}

/** What a run has come to, as its list counts it too (run-model.5): by its summary until its events have caught up. */
export function runCounts(
  model: RunModel,
  summary: RunSummary,
): Pick<Totals, 'steps' | 'failed' | 'replans'> & {
  readonly done: number;
  readonly all: number;
  readonly tools: number;
} {
  if (isBehind(model, summary))
    return {
      steps: summary.steps,
      failed: summary.failedSteps,
      replans: summary.replans,
      done: summary.subgoalsDone,
      all: summary.subgoals,
      tools: summary.toolsUsed.length,
    };
  const plan = planVersion(model, null);
  const { steps, failed, replans } = model.totals;
  return {
    steps,
    failed,
    replans,
    done: doneIn(model, plan),
    all: plan?.plan.nodes.length ?? 0,
    tools: model.toolsUsed.length,
  };
}

/** What a run gave: by its view until its events have caught up. */
export function resultOf(model: RunModel, { summary, result }: Pick<RunView, 'summary' | 'result'>): Output | null {
  return isBehind(model, summary) ? result : (model.ended?.result ?? null);
}

/** What was done for a node; nothing yet where no event spoke of it. */
export const workOf = (model: RunModel, node: string): NodeWork => model.nodes[node] ?? NOT_STARTED;

/** How a node stands: one that is under way may be parked until somebody has answered. */
export function standingOf(model: RunModel, node: string): NodeStatus | 'asking' | 'waiting' {
  const { status, attempt } = workOf(model, node);
  const under = status === 'dispatched' ? model.attempts[`${model.id}.${node}.${attempt}`] : undefined;
  return (under && waitOf(model, under)) ?? status;
}

/** The version of the plan that is asked for, or the latest. */
export function planVersion(model: RunModel, version: number | null): PlanVersion | null {
  return model.plans.find((p) => p.plan.version === version) ?? model.plans.at(-1) ?? null;
}

/** What the run is after, as it was asked for or as the world's scenario says. */
export const wantedOf = (model: RunModel): string => model.goal?.condition || model.opened?.condition || '';

/** How many nodes of a version are done. */
export function doneIn(model: RunModel, version: PlanVersion | null): number {
  return version?.plan.nodes.filter((n) => workOf(model, n.id).status === 'done').length ?? 0;
}

/** An action in one line, without brackets: `pick-up robby mug`. */
export function actionWords(skill: string, args: Readonly<Record<string, unknown>>): string {
  return [skill, ...Object.values(args).map(argumentText)].join(' ');
}

/** An argument as text. */
export const argumentText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** As the journal writes an action, to find its failure again. */
export const actionKey = ({ skill, args }: StepEntry): string => `(${actionWords(skill, args)})`;

const CHOSEN_BY: Readonly<Record<string, string>> = {
  model: 'chosen by the model',
  suggested: 'as the planner suggested',
  search: 'found by the executor’s own search',
  person: 'as a person changed it',
  fork: 'as the fork was told to',
};

/**
 * Who chose a step: a model, the planner, the executor's search, a person, or one of the run's tools (then its id is
 * given back).
 */
export function chosenBy(
  origin: string,
  tools: ReadonlyMap<string, unknown>,
): { readonly words: string; readonly tool: string | null } {
  if (Object.hasOwn(CHOSEN_BY, origin)) return { words: CHOSEN_BY[origin]!, tool: null };
  return tools.has(origin)
    ? { words: 'put in by a learned tool', tool: origin }
    : { words: `chosen by ${visibleText(origin.slice(0, 80))}`, tool: null };
}

/** What a fork does otherwise than the run it comes from. */
export function overrideWords({ seed, strategy, tools, action }: ForkOverrides): readonly string[] {
  return [
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(strategy === null ? [] : [`strategy ${strategy}`]),
    ...(tools === null ? [] : ['the archive as it was then']),
    ...(action === null
      ? []
      : [
          `${actionWords(action.action.skill, action.action.args)} as step ${action.step + 1} of subgoal ${action.node}`,
        ]),
  ];
}

/** How many steps a fork shares with its parent. */
export function sharedSteps({ entries, forked }: RunModel): number {
  return forked === null
    ? 0
    : entries.filter((e) => e.kind === 'step' && e.endedAt !== null && e.endedAt <= forked.at).length;
}

/** What the effect classes mean. */
export const EFFECT_WORDS: Readonly<Record<EffectClass, string>> = {
  pure: 'changes nothing',
  reversible: 'can be undone by further actions',
  compensable: 'has a named undo',
  irreversible: 'cannot be taken back',
  unknown: 'nobody said what it changes; treated as irreversible',
};

/** A title for the browser's tab. */
export const tabTitle = (title: string): string => visibleText([...title].slice(0, 80).join(''));
