import type { Allowance, ForkOverrides, NodeStatus, RunStatus, RunSummary } from '../../../src/api.js';
import { waitOf } from './questions.js';
import { visibleText } from './visible-text.js';
import type { EffectClass, NodeWork, PlanVersion, RunModel, StepEntry } from './run-model.js';

const UNBOUNDED: Allowance = { steps: null, calls: null, tokens: null, money: null, risk: null };

/** A node that nothing was done for. */
export const NOT_STARTED: NodeWork = { status: 'pending', attempt: 0, reason: '', allowance: UNBOUNDED, startedAt: null, endedAt: null, steps: 0, failed: 0 };

/** How a run stands: by its events, and by its summary until they come. */
export function runStatus(model: RunModel, summary: RunSummary | null): RunStatus {
  if (model.ended) return model.ended.outcome;
  if (model.startedAt === null) return summary?.status ?? 'waiting';
  if (model.paused !== null) return 'paused';
  return model.plans.length > 0 ? 'running' : 'waiting';
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

/** Who chose a step: the planner, the executor's search, a person, or a tool (then its id is given back). */
export function chosenBy(origin: string): { readonly words: string; readonly tool: string | null } {
  if (origin === 'suggested') return { words: 'as the planner suggested', tool: null };
  if (origin === 'search') return { words: 'found by the executor’s own search', tool: null };
  if (origin === 'person') return { words: 'as a person changed it', tool: null };
  if (origin === 'fork') return { words: 'as the fork was told to', tool: null };
  return { words: 'put in by a learned tool', tool: origin };
}

/** What a fork does otherwise than the run it comes from. */
export function overrideWords({ seed, strategy, tools, action }: ForkOverrides): readonly string[] {
  return [
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(strategy === null ? [] : [`strategy ${strategy}`]),
    ...(tools === null ? [] : ['the archive as it was then']),
    ...(action === null ? [] : [`${actionWords(action.action.skill, action.action.args)} as step ${action.step + 1} of subgoal ${action.node}`]),
  ];
}

/** How many steps a fork shares with its parent. */
export function sharedSteps({ entries, forked }: RunModel): number {
  return forked === null ? 0 : entries.filter((e) => e.kind === 'step' && e.endedAt !== null && e.endedAt <= forked.at).length;
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
