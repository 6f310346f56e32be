import type { Action, RunId, SubgoalId } from '@praxis/core';

/**
 * Where to begin otherwise: the given step of a subgoal's attempt, or the step with this number in the order of the
 * whole run (from 0).
 */
export type ForkPoint = { readonly subgoal: SubgoalId; readonly step: number } | { readonly step: number };

/** What a fork does otherwise; what is null stays as it was. */
export interface ForkRequest {
  readonly run: RunId;
  readonly at: ForkPoint;
  readonly seed: string | null;
  readonly strategy: string | null;
  /** Use the archive as it now is, not as it was when the run began. */
  readonly freshArchive: boolean;
  /** Decide so at the step, whatever the strategy says. */
  readonly action: Action | null;
}

/** What to explain: a step, or a planning by the version of its plan; null is the latest one. */
export interface ExplainRequest {
  readonly run: RunId;
  readonly at: ForkPoint | { readonly plan: number | null };
  /** Tell the conversations too that models were asked with. */
  readonly prompts: boolean;
}

/** What is taken back when a run is rolled back, and what cannot be. */
export interface Rollback {
  /** The run that takes it back. */
  readonly run: RunId;
  /** What will be undone, in order. */
  readonly undone: readonly { readonly action: Action; readonly by: Action }[];
  /** What cannot be taken back, and why. */
  readonly left: readonly { readonly action: Action; readonly why: string }[];
}

/**
 * What to clear away: ended runs older than this, and the oldest ones beyond this size; null: the deployment's
 * settings.
 */
export interface GcRequest {
  readonly maxAgeMs: number | null;
  readonly maxBytes: number | null;
  /** Only tell what would go. */
  readonly dryRun: boolean;
}

/** What was cleared away, or would be. */
export interface GcReport {
  readonly runs: readonly RunId[];
  /** Ended runs that stay because a fork of theirs lives. */
  readonly kept: readonly RunId[];
  readonly events: number;
  readonly blobs: number;
  readonly artifacts: number;
  readonly sessions: number;
  /** Bytes of event data, blobs and artifacts, before and after. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}
