import type {
  Answer,
  ConstraintView,
  Cost,
  ForkOverrides,
  NodeState,
  Output,
  Outputs,
  Plan,
  Question,
  RunEvent,
  Tool,
  WatchedEvent,
} from '../../../src/api.js';
import { NO_COST } from './cost.js';
import { applyAsking } from './apply-asking.js';
import { applyRunEvent } from './apply-run.js';
import { attemptOf, applyPlanning, applyStepEvent } from './apply-step.js';
import type { Entry, StepOutcome } from './timeline-entry.js';

/**
 * A run as its page shows it, folded from its events; pure.
 *
 * run-model.1 Folding in batches gives what folding one by one gives, and an earlier model is never changed.
 * run-model.2 Every decided step is one entry of the timeline, wherever its outcome comes.
 * run-model.3 A step whose attempt ended without an observation is `unknown`, never left as under way; one that had not
 *             been allowed yet is `cancelled`.
 * run-model.4 A question is open until it is answered, or its subgoal or its run is over, in whatever order their
 *             streams are told.
 * run-model.5 What the page counts is what `praxis show` and the list count: of an attempt that has settled, what the
 *             run's own event says; of one that goes on, what its stream says so far. A thought of a model is no plan.
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
  /** Why a person holds it back; null where nobody does. */
  readonly paused: string | null;
  readonly cancelling: { readonly reason: string; readonly outcome: 'failed' | 'cancelled' } | null;
  /** How it ended, and what it gave then. */
  readonly ended: {
    readonly outcome: StepOutcome;
    readonly reason: string;
    readonly result: Output | null;
  } | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** The constraints of the request, with what is known of each. */
  readonly constraints: readonly ConstraintView[];
  /** Everything that was ever asked, and what was said to it, by question. */
  readonly asked: Readonly<Record<string, AskedQuestion>>;
  readonly answers: Readonly<Record<string, Answer>>;
  /** What openings, plannings and settled subgoals have spent. */
  readonly spent: Cost;
  /** What of it models have cost, those of subgoals under way included. */
  readonly models: Cost;
  /** What people granted beyond the goal's budget. */
  readonly granted: Cost;
  readonly overtime: boolean;
  /** How often people gave the run its time once more. */
  readonly extensions: number;
  /** What holds the run's clock now, since when, and how long it was held before. */
  readonly held: { readonly by: readonly string[]; readonly since: number | null; readonly ms: number };
  /** The run whose events this one began with, what it does otherwise, and when it parted. */
  readonly forked: { readonly parent: string; readonly overrides: ForkOverrides; readonly at: number } | null;
}

/** A version of the plan and how it came to be. */
export type PlanVersion = Omit<Extract<RunEvent, { type: 'planned' }>, 'type' | 'plan'> & {
  readonly plan: Plan;
  readonly at: number;
};

/** A node of the plan and what was done for it, over all attempts. */
export interface NodeWork extends NodeState {
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly steps: number;
  readonly failed: number;
  /** What it left when it last settled, by name. */
  readonly outputs: Outputs;
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
  /** What its stream says was done, for as long as the run has not counted it. */
  readonly counted: Counted;
  /** The run has counted it: what its stream still tells is not counted again. */
  readonly isSettled: boolean;
  readonly spent: Cost;
  /** What it waits for, holding nothing; empty while somebody works on it. */
  readonly parked: readonly string[];
  /** When what it postponed is due, in milliseconds since 1970-01-01 UTC; null where it waits for no time. */
  readonly until: number | null;
  readonly isOver: boolean;
}

/** A question and where it came from. */
export interface AskedQuestion {
  readonly question: Question;
  /** Null where the run itself asks. */
  readonly subgoal: string | null;
  readonly askedAt: number;
  readonly reminders: number;
}

/** Steps and local plans after the first. */
export interface Counted {
  readonly steps: number;
  readonly failed: number;
  readonly replans: number;
}

export interface Totals {
  readonly steps: number;
  readonly failed: number;
  /** Of the failed ones, those that were not allowed: they were never begun and cost nothing. */
  readonly denied: number;
  /** Local plans after the first of each attempt, and repairs of the whole plan. */
  readonly replans: number;
}

/** A model that is being changed: its own copy of everything that a batch may touch. */
export type Draft = { -readonly [K in keyof RunModel]: RunModel[K] } & {
  nodes: Record<string, NodeWork>;
  attempts: Record<string, Attempt>;
  entries: Entry[];
  places: Record<string, number>;
  asked: Record<string, AskedQuestion>;
  answers: Record<string, Answer>;
};

/** A run of which nothing is known yet. */
export function newRunModel(id: string): RunModel {
  return {
    id,
    goal: null,
    opened: null,
    plans: [],
    nodes: {},
    attempts: {},
    entries: [],
    places: {},
    totals: { steps: 0, failed: 0, denied: 0, replans: 0 },
    toolsUsed: [],
    failures: [],
    planning: null,
    paused: null,
    cancelling: null,
    ended: null,
    startedAt: null,
    endedAt: null,
    constraints: [],
    asked: {},
    answers: {},
    spent: NO_COST,
    models: NO_COST,
    granted: NO_COST,
    overtime: false,
    extensions: 0,
    held: { by: [], since: null, ms: 0 },
    forked: null,
  };
}

/** The model after some more events. */
export function applyEvents(model: RunModel, events: readonly WatchedEvent[]): RunModel {
  const { nodes, attempts, entries, places, asked, answers } = model;
  const draft: Draft = {
    ...model,
    nodes: { ...nodes },
    attempts: { ...attempts },
    entries: [...entries],
    places: { ...places },
    asked: { ...asked },
    answers: { ...answers },
  };
  for (const watched of events) {
    if (watched.kind === 'run') applyRunEvent(draft, watched);
    else applyStream(draft, watched);
  }
  return draft;
}

function applyStream(draft: Draft, watched: Extract<WatchedEvent, { kind: 'step' }>): void {
  const attempt = attemptOf(draft, watched);
  if (!attempt) return applyPlanning(draft, watched);
  applyStepEvent(draft, attempt, watched);
  applyAsking(draft, draft.attempts[attempt.id]!, watched);
}

/** The tools that the run may use, by id. */
export function pinnedTools(model: RunModel): ReadonlyMap<string, Tool> {
  return new Map((model.opened?.tools ?? []).map((tool) => [tool.id, tool]));
}
