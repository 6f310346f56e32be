import type {
  Answer,
  Archive,
  ConstraintView,
  Cost,
  Cursor,
  Goal,
  NodeId,
  NodeState,
  Plan,
  Question,
  QuestionKind,
  RunId,
  RunStatus,
  RunSummary,
  SkillManifest,
  SubgoalId,
  Tool,
  Trust,
  WorldInfo,
  Output,
  Outputs,
} from '@praxis/core';
import type { Explanation } from './explanation.js';
import type { ExplainRequest, ForkRequest, GcReport, GcRequest, Rollback } from './history-requests.js';
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
  /** The constraints of its request, with what is known of each. */
  readonly constraints: readonly ConstraintView[];
  /** What it has spent so far, without its subgoals that are under way. */
  readonly spent: Cost;
  /** Actions that failed for now and are attempted again later, by themselves. */
  readonly postponed: readonly Postponement[];
  /** What it gave; null where it gave nothing, or has not ended. */
  readonly result: Output | null;
  /** What its settled subgoals left, by name. */
  readonly outputs: Outputs;
}

/** What a run came to; `ended` is false where it was only not waited for any longer. */
export interface RunEnd {
  readonly ended: boolean;
  readonly summary: RunSummary;
  readonly result: Output | null;
}

/** An action that is attempted again later: where, when (milliseconds since 1970-01-01 UTC), and why. */
export interface Postponement {
  readonly node: NodeId;
  readonly until: number;
  /** Failed attempts in a row. */
  readonly attempt: number;
  readonly reason: string;
}

/** What is tried again. */
export interface Retried {
  /** The run had failed, and goes on. */
  readonly reopened: boolean;
  /** How many subgoals waited for a time, and go on now. */
  readonly woken: number;
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
  /** Open questions that wait for a person. */
  readonly questions: number;
}

/** A question that waits for a person, and where it stands. */
export interface OpenQuestion {
  readonly run: RunId;
  /** Title of the run's goal. */
  readonly title: string;
  /** Who asks; null: the run itself. */
  readonly subgoal: SubgoalId | null;
  readonly question: Question;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly askedAt: number;
  /** How often people were reminded. */
  readonly reminders: number;
}

/** Which open questions to list; what is null does not filter. */
export interface QuestionFilter {
  readonly run: RunId | null;
  readonly kind: QuestionKind | null;
}

/** When a goal is to be submitted: once at a time, every so often, or by a cron expression in a time zone. */
export type ScheduleTiming =
  | { readonly kind: 'at'; readonly at: number }
  | { readonly kind: 'every'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: string; readonly timezone: string };

/** A goal that is submitted again and again, or later. */
export interface Schedule {
  /** A lower-case word, chosen by whoever made it. */
  readonly id: string;
  readonly goal: Goal;
  readonly timing: ScheduleTiming;
  readonly createdAt: number;
  /** Null where it is over. */
  readonly nextAt: number | null;
  readonly lastRun: RunId | null;
}

/**
 * What a planner answers: implemented by the planner's service, and by `connectPlanner` for everybody else.
 * The signal fires when the caller is gone or its deadline has passed.
 */
export interface PlannerApi {
  /** One request id gives one run, however often it is submitted; null always starts a new run. */
  submit(goal: Goal, requestId: string | null, signal?: AbortSignal): Promise<RunId>;
  get(run: RunId, signal?: AbortSignal): Promise<RunView>;
  list(filter: RunFilter, page: PageRequest, signal?: AbortSignal): Promise<RunPage>;
  /**
   * Events from the cursor on; ends after the run's `ended`, or at once where the cursor is past it, or on the signal.
   */
  watch(run: RunId, after: Cursor, signal: AbortSignal): AsyncIterable<WatchedEvent>;
  /**
   * Runs whose summaries changed from now on, each as it then is; a run that changes often is told a few times a
   * second.
   */
  watchRuns(signal: AbortSignal): AsyncIterable<RunSummary>;
  /**
   * What a run came to, once it has ended; by a client, however long that takes and however often the connection breaks.
   * `waitMs` (30 s, at most 60 s) is how long one request may be under way.
   */
  wait(run: RunId, waitMs: number, signal?: AbortSignal): Promise<RunEnd>;
  cancel(run: RunId, reason: string, signal?: AbortSignal): Promise<void>;
  /** Holds a run back: what is under way is stopped where it can be taken up again, nothing new begins. */
  pause(run: RunId, reason: string, signal?: AbortSignal): Promise<void>;
  /** Lets a paused run go on. */
  resume(run: RunId, signal?: AbortSignal): Promise<void>;
  /**
   * What is postponed is attempted at once; a run that failed is reopened. `conflict` where it is done or cancelled.
   */
  retry(run: RunId, by: string, signal?: AbortSignal): Promise<Retried>;
  /** Open questions, oldest first. */
  questions(filter: QuestionFilter, signal?: AbortSignal): Promise<readonly OpenQuestion[]>;
  /** Answers an open question; `invalid` where the answer does not fit it, `conflict` where it is no longer open. */
  answer(question: string, answer: Answer, signal?: AbortSignal): Promise<void>;
  /** A new run that shares the parent's events up to a step and goes on otherwise from there. */
  fork(request: ForkRequest, signal?: AbortSignal): Promise<RunId>;
  /** Takes back what an ended run did, latest first, as a run of its own; asking again gives the same run. */
  rollback(run: RunId, signal?: AbortSignal): Promise<Rollback>;
  /** A run as one file: JSON lines. */
  exportRun(run: RunId, signal: AbortSignal): AsyncIterable<string>;
  /** Takes in what `exportRun` gave; a run that is here already is left as it is. */
  importRun(lines: AsyncIterable<string>, signal: AbortSignal): Promise<RunId>;
  collectGarbage(request: GcRequest, signal?: AbortSignal): Promise<GcReport>;
  schedules(signal?: AbortSignal): Promise<readonly Schedule[]>;
  /** Adds a schedule or changes the one with this id. */
  putSchedule(schedule: Pick<Schedule, 'id' | 'goal' | 'timing'>, signal?: AbortSignal): Promise<Schedule>;
  removeSchedule(id: string, signal?: AbortSignal): Promise<void>;
  /** Why a step was decided, or how a plan was made; `missing` where there is no such run, step or planning. */
  explain(request: ExplainRequest, signal?: AbortSignal): Promise<Explanation>;
  overview(signal?: AbortSignal): Promise<Overview>;
}

/** What an executor offers and what it has under way. */
export interface ExecutorInfo {
  readonly name: string;
  readonly lanes: readonly string[];
  readonly worlds: readonly WorldInfo[];
  /** Skills besides those of the worlds. */
  readonly skills: readonly SkillManifest[];
  /** Skills that are left out, and why. */
  readonly quarantined?: readonly { readonly name: string; readonly source: string; readonly reason: string }[];
  /** How the sources of its skills are. */
  readonly sources?: readonly { readonly name: string; readonly isUp: boolean; readonly note: string }[];
  readonly strategies: readonly { readonly id: string; readonly version: number }[];
  readonly busy: readonly SubgoalId[];
  readonly draining: boolean;
}

/** What an executor answers: implemented by the executor's service and by `connectExecutor`. */
export interface ExecutorApi {
  describe(signal?: AbortSignal): Promise<ExecutorInfo>;
  /** Takes no more work, answers at once with what is still under way. */
  drain(signal?: AbortSignal): Promise<readonly SubgoalId[]>;
}

/** What the reflector answers about the archive; core's Archive fits. A world's face is core's World. */
export type ArchiveApi = Pick<Archive, 'find' | 'get' | 'list'>;
