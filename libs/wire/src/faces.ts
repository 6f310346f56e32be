import type { Archive, Cursor, Goal, NodeId, NodeState, Plan, RunId, RunStatus, RunSummary, SkillManifest, SubgoalId, Tool, Trust, WorldInfo } from '@praxis/core';
import type { WatchedEvent } from './watched-event.js';

/** A run as a page shows it: how it stands, what it is after, its plan and what it may use. */
export interface RunView {
  readonly summary: RunSummary;
  readonly goal: Goal;
  /** Null before the first plan. */
  readonly plan: Plan | null;
  /** Where the current plan's nodes stand. */
  readonly nodes: Readonly<Record<NodeId, NodeState>>;
  /** The tools that the run is pinned to. */
  readonly tools: readonly Tool[];
}

/** Which runs to list; what is null does not filter. */
export interface RunFilter {
  readonly status: RunStatus | null;
  readonly world: string | null;
  readonly space: string | null;
  /** Found in titles, whatever the case, and at the beginning of ids. */
  readonly text: string | null;
}

/** How many runs to list (0 means the planner's default) and where to go on; null is the first page. */
export interface PageRequest {
  readonly size: number;
  readonly token: string | null;
}

/** Runs, newest first, and where to go on; null on the last page. */
export interface RunPage {
  readonly runs: readonly RunSummary[];
  readonly next: string | null;
}

/** An executor as it last announced itself. */
export interface ExecutorState {
  /** Unique in the cluster. */
  readonly name: string;
  readonly address: string;
  readonly lanes: readonly string[];
  /** Subgoals it works on at a time, per lane. */
  readonly concurrency: number;
  readonly busy: readonly SubgoalId[];
  readonly draining: boolean;
  /** Milliseconds since 1970-01-01 UTC; one that was not seen for a while is gone. */
  readonly startedAt: number;
  readonly seenAt: number;
}

/** A queue and what is in it. */
export interface QueueState {
  readonly queue: 'advance' | 'execute' | 'reflect';
  /** Null for queues without lanes. */
  readonly lane: string | null;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  /** When the job that waits longest was added, in milliseconds since 1970-01-01 UTC; null where none waits. */
  readonly oldestAt: number | null;
}

/** How the whole cluster stands. */
export interface Overview {
  readonly backend: 'postgres' | 'redis';
  readonly runs: Readonly<Record<RunStatus, number>>;
  readonly tools: Readonly<Record<Trust, number>>;
  readonly executors: readonly ExecutorState[];
  /** Null where the store of the queues is away. */
  readonly queues: readonly QueueState[] | null;
}

/**
 * What a planner answers: implemented by the planner's service, and by `connectPlanner` for everybody else.
 * The signal fires when the caller is gone or its deadline has passed.
 */
export interface PlannerFace {
  /** One request id gives one run, however often it is submitted; null always starts a new run. */
  submit(goal: Goal, requestId: string | null, signal?: AbortSignal): Promise<RunId>;
  get(run: RunId, signal?: AbortSignal): Promise<RunView>;
  list(filter: RunFilter, page: PageRequest, signal?: AbortSignal): Promise<RunPage>;
  /** Events from the cursor on; ends after the run's `ended`, or at once where the cursor is past it, or on the signal. */
  watch(run: RunId, after: Cursor, signal: AbortSignal): AsyncIterable<WatchedEvent>;
  /** Runs whose summaries changed from now on, each as it then is; a run that changes often is told a few times a second. */
  watchRuns(signal: AbortSignal): AsyncIterable<RunSummary>;
  cancel(run: RunId, reason: string, signal?: AbortSignal): Promise<void>;
  overview(signal?: AbortSignal): Promise<Overview>;
}

/** What an executor offers and what it has under way. */
export interface ExecutorInfo {
  readonly name: string;
  readonly lanes: readonly string[];
  readonly worlds: readonly WorldInfo[];
  /** Skills besides those of the worlds. */
  readonly skills: readonly SkillManifest[];
  readonly strategies: readonly { readonly id: string; readonly version: number }[];
  readonly busy: readonly SubgoalId[];
  readonly draining: boolean;
}

/** What an executor answers: implemented by the executor's service and by `connectExecutor`. */
export interface ExecutorFace {
  describe(signal?: AbortSignal): Promise<ExecutorInfo>;
  /** Takes no more work, answers at once with what is still under way. */
  drain(signal?: AbortSignal): Promise<readonly SubgoalId[]>;
}

/** What the reflector answers about the archive; core's Archive fits. A world's face is core's World. */
export type ArchiveFace = Pick<Archive, 'find' | 'get' | 'list'>;
