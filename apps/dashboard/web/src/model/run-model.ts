import type { NodeState, Plan, RunEvent, Tool, WatchedEvent } from '../../../src/api.js';
import { learnRunEvent } from './learn-run.js';
import { learnStepEvent } from './learn-step.js';

/**
 * A run as its page shows it, folded from its events; pure.
 *
 * M1 Folding in batches gives what folding one by one gives, and an earlier model is never changed.
 * M2 Every decided step is one entry of the timeline, wherever its outcome comes.
 * M3 A step whose attempt ended without an observation is `unknown`, never left as under way.
 */
export interface RunModel {
  readonly id: string;
  readonly goal: Extract<RunEvent, { type: 'accepted' }>['goal'] | null;
  readonly opened: Extract<RunEvent, { type: 'opened' }> | null;
  readonly plans: readonly PlanVersion[];
  readonly nodes: Readonly<Record<string, NodeWork>>;
  readonly attempts: Readonly<Record<string, Attempt>>;
  readonly entries: readonly Entry[];
  /** Where each step stands in `entries`. */
  readonly places: Readonly<Record<string, number>>;
  readonly totals: Totals;
  readonly toolsUsed: readonly string[];
  /** Refused actions, with what was true of their arguments; known once their subgoal has settled. */
  readonly failures: Extract<RunEvent, { type: 'settled' }>['failures'];
  /** Version being planned; null while none is. */
  readonly planning: number | null;
  readonly cancelling: string | null;
  readonly ended: { readonly outcome: StepOutcome; readonly reason: string } | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** A version of the plan and how it came to be. */
export type PlanVersion = Omit<Extract<RunEvent, { type: 'planned' }>, 'type' | 'plan'> & { readonly plan: Plan; readonly at: number };

/** A node of the plan and what was done for it, over all attempts. */
export interface NodeWork extends NodeState {
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly steps: number;
  readonly failed: number;
}

/** One attempt at a node. */
export interface Attempt {
  readonly id: string;
  readonly node: string;
  readonly number: number;
  /** The executor. */
  readonly by: string;
  /** Local plans so far. */
  readonly plans: number;
}

export interface Totals {
  readonly steps: number;
  readonly failed: number;
  /** Local plans after the first of each attempt, and repairs of the whole plan. */
  readonly replans: number;
}

export type StepOutcome = 'done' | 'failed' | 'cancelled';
export type EffectClass = 'pure' | 'reversible' | 'compensable' | 'irreversible' | 'unknown';
type Change = { readonly added: readonly string[]; readonly removed: readonly string[]; readonly numbers: Readonly<Record<string, number | null>> };

/** A decision and what came of it. */
export interface StepEntry {
  readonly kind: 'step';
  readonly key: string;
  readonly at: number;
  readonly endedAt: number | null;
  readonly node: string;
  readonly attempt: number;
  readonly by: string;
  readonly number: number;
  readonly skill: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly why: string;
  /** `suggested`, `search`, or the id of a tool. */
  readonly origin: string;
  /** Null until it is tried; pure actions are never announced. */
  readonly effect: EffectClass | null;
  readonly outcome: 'running' | 'done' | 'failed' | 'unknown';
  readonly code: string | null;
  readonly message: string;
  readonly change: Change | null;
}

/** Something else that happened. */
export interface MomentEntry {
  readonly kind: 'moment';
  readonly key: string;
  readonly at: number;
  readonly node: string | null;
  readonly tone: 'plain' | 'plan' | 'good' | 'bad' | 'warn';
  readonly text: string;
  readonly detail: string;
}

export type Entry = StepEntry | MomentEntry;

/** A model that is being changed: its own copy of everything that a batch may touch. */
export type Draft = { -readonly [K in keyof RunModel]: RunModel[K] } & {
  nodes: Record<string, NodeWork>;
  attempts: Record<string, Attempt>;
  entries: Entry[];
  places: Record<string, number>;
};

/** A run of which nothing is known yet. */
export function newRunModel(id: string): RunModel {
  return {
    id, goal: null, opened: null, plans: [], nodes: {}, attempts: {}, entries: [], places: {}, totals: { steps: 0, failed: 0, replans: 0 },
    toolsUsed: [], failures: [], planning: null, cancelling: null, ended: null, startedAt: null, endedAt: null,
  };
}

/** The model after some more events. */
export function learn(model: RunModel, events: readonly WatchedEvent[]): RunModel {
  const draft: Draft = { ...model, nodes: { ...model.nodes }, attempts: { ...model.attempts }, entries: [...model.entries], places: { ...model.places } };
  for (const watched of events) {
    if (watched.kind === 'run') learnRunEvent(draft, watched);
    else learnStepEvent(draft, watched);
  }
  return draft;
}

/** The tools that the run may use, by id. */
export function pinnedTools(model: RunModel): ReadonlyMap<string, Tool> {
  return new Map((model.opened?.tools ?? []).map((tool) => [tool.id, tool]));
}
