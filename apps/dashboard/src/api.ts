import type { ErrorCode } from '@praxis/core';

/**
 * What the dashboard's server tells its page, as JSON:
 *
 * - `GET /api/session` → Session; `POST /api/session` {key} → Session, 401 where the key is wrong; `DELETE` signs out
 * - `GET /api/overview` → Overview
 * - `GET /api/runs?status=&world=&space=&text=&page=&size=` → RunPage
 * - `GET /api/runs/:id` → RunView
 * - `GET /api/runs/:id/why?subgoal=&step=` → Explanation of a step, with the conversations with models
 * - `GET /api/runs/:run/artifacts/:sha256?view=&name=` → the bytes of a file that the run refers to, to be saved under its
 *   name; with `view=1` to be shown, where it is an image or a text
 * - `GET /api/runs/:id/events` → server-sent `events`, each a list of WatchedEvent in order; after a break everything
 *   is sent again from the start, so a reader drops what it has; `end` after the last
 * - `GET /api/questions?run=&kind=` → OpenQuestion[], oldest first: what waits for people. The page shows how to answer
 *   and never does; who follows them asks again when a run that has some changes
 * - `GET /api/news` → server-sent `runs`, each a list of RunSummary that changed, `overview` every few seconds, and
 *   `state`, a NewsState, at the beginning and whenever it changes
 * - `GET /api/tools?space=` → Tool[]; `GET /api/tools/:id` → Tool
 *
 * Everything but `/api/session` and `/healthz` answers 401 while a key is needed and nobody is signed in. Errors are
 * Failure.
 */
export type {
  Action,
  Allowance,
  Answer,
  ApprovalRule,
  ArtifactRef,
  Check,
  ConstraintView,
  Cost,
  ForkOverrides,
  Goal,
  Json,
  NodeState,
  NodeStatus,
  Output,
  Outputs,
  Plan,
  PlanNode,
  Question,
  QuestionKind,
  RunEvent,
  RunStatus,
  RunSummary,
  StepEvent,
  Tool,
  Trust,
} from '@praxis/core';
export type {
  ExecutorState,
  Explanation,
  OpenQuestion,
  Overview,
  QueueState,
  RunPage,
  RunView,
  WatchedEvent,
} from '@praxis/wire';
export { viewTypeOf } from './artifacts/view-type.js';

/** Whether the caller may look, and at what. */
export interface Session {
  readonly needsKey: boolean;
  readonly signedIn: boolean;
  /** Of the product. */
  readonly version: string;
}

/** Why a request was not answered. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * Whether the planner can be reached; while it is `away`, nothing else is told, and what is `here` again may have
 * changed unheard.
 */
export interface NewsState {
  readonly planner: 'here' | 'away';
}
