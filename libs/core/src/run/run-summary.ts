import type { Outcome } from '../acting/step.js';

/** `waiting`: accepted, no plan yet. `paused`: a person holds it back. */
export type RunStatus = 'waiting' | 'running' | 'paused' | Outcome;

/** One line about a run, for lists. */
export interface RunSummary {
  readonly id: string;
  readonly title: string;
  readonly world: string;
  readonly space: string;
  readonly status: RunStatus;
  readonly reason: string;
  readonly planVersion: number;
  readonly subgoals: number;
  readonly subgoalsDone: number;
  readonly steps: number;
  readonly failedSteps: number;
  /** Repairs of the plan and local plans beyond the first, together. */
  readonly replans: number;
  readonly toolsUsed: readonly string[];
  readonly modelCalls: number;
  /** Open questions that wait for a person. */
  readonly questions: number;
  /** Milliseconds since 1970-01-01 UTC; `endedAt` is null while the run goes on. */
  readonly acceptedAt: number;
  readonly endedAt: number | null;
}
