import type { RunStatus, RunSummary } from '../../../src/api.js';
import { visibleText } from './visible-text.js';
import type { EffectClass, NodeWork, PlanVersion, RunModel, StepEntry } from './run-model.js';

const NOT_STARTED: NodeWork = { status: 'pending', attempt: 0, reason: '', startedAt: null, endedAt: null, steps: 0, failed: 0 };

/** How a run stands: by its events, and by its summary until they come. */
export function runStatus(model: RunModel, summary: RunSummary | null): RunStatus {
  if (model.ended) return model.ended.outcome;
  if (model.startedAt === null) return summary?.status ?? 'waiting';
  return model.plans.length > 0 ? 'running' : 'waiting';
}

/** What was done for a node; nothing yet where no event spoke of it. */
export const workOf = (model: RunModel, node: string): NodeWork => model.nodes[node] ?? NOT_STARTED;

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

/** Who chose a step: the planner, the executor's search, or a tool (then its id is given back). */
export function chosenBy(origin: string): { readonly words: string; readonly tool: string | null } {
  if (origin === 'suggested') return { words: 'as the planner suggested', tool: null };
  if (origin === 'search') return { words: 'found by the executor’s own search', tool: null };
  return { words: 'put in by a learned tool', tool: origin };
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
export const tabTitle = (title: string): string => visibleText(title.slice(0, 80));
