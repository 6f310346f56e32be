import type { Tool } from '../learning/archive.js';
import type { ConstraintVerdict, ConstraintView } from '../goals/constraint.js';
import type { Allowance, Cost } from '../values/cost.js';
import type { Failure } from '../acting/failure.js';
import type { Goal } from '../goals/goal.js';
import type { NodeId } from '../values/ids.js';
import type { Plan } from '../goals/plan.js';
import type { Answer, Question } from '../acting/question.js';
import type { ForkOverrides, RunEvent } from './run-event.js';
import type { SkillAnswer } from '../acting/skill-answer.js';
import type { Checks } from '../acting/check.js';
import type { Output, Outputs } from '../acting/output.js';
import type { Outcome } from '../acting/step.js';

export type NodeStatus = 'pending' | 'dispatched' | Outcome;

/** Where one node of the current plan stands. */
export interface NodeState {
  readonly status: NodeStatus;
  readonly attempt: number;
  readonly reason: string;
  /** What it may spend, with what was granted since; counts only while it is dispatched. */
  readonly allowance: Allowance;
}

/** What the run asked for itself, and the answer once there is one. */
export interface RunQuestion {
  readonly question: Question;
  readonly answer: Answer | null;
}

/** What a run that was reopened had used up when it failed. */
export interface Reopening {
  readonly replans: number;
  readonly asked: number;
  /** Plannings that came to nothing since the latest plan: their versions are taken. */
  readonly plannings: number;
}

/** A run as its events tell it. */
export interface Run {
  readonly goal: Goal;
  readonly opened: Extract<RunEvent, { type: 'opened' }> | null;
  readonly plan: Plan | null;
  /** A part of the plan was made by a model. */
  readonly isModelsPlan: boolean;
  readonly nodes: ReadonlyMap<NodeId, NodeState>;
  readonly steps: number;
  readonly failedSteps: number;
  /** Plans after the first. */
  readonly replans: number;
  /** Local plans that executors made after their first. */
  readonly localReplans: number;
  readonly toolsUsed: readonly string[];
  readonly failures: readonly Failure[];
  /** What skills outside the world answered in settled subgoals. */
  readonly heard: readonly SkillAnswer[];
  /** What settled subgoals left, by name. */
  readonly outputs: Outputs;
  readonly checked: boolean | null;
  /** What did not hold when the goal was last checked, one sentence each. */
  readonly problems: readonly string[];
  /** What came of the constraints of the request when the goal was last found to hold. */
  readonly constraints: readonly ConstraintVerdict[];
  /** What openings, plannings and settled subgoals have spent, those that led to nothing among them. */
  readonly spent: Cost;
  /** What people granted beyond the goal's budget. */
  readonly granted: Cost;
  readonly asked: readonly RunQuestion[];
  /** Answers to questions of subgoals, by question. */
  readonly answers: ReadonlyMap<string, Answer>;
  readonly overtime: boolean;
  /** How often people gave the run its time once more. */
  readonly extensions: number;
  /** Why the run cannot go on for now, while it is tried again; null once it went on. */
  readonly blocked: string | null;
  readonly paused: string | null;
  readonly cancelling: { readonly reason: string; readonly outcome: 'failed' | 'cancelled' } | null;
  /** How often people asked it to try again. */
  readonly retries: number;
  /** Where it began anew after it had failed: what was counted by then does not count against it. */
  readonly reopened: Reopening;
  readonly forked: { readonly parent: string; readonly overrides: ForkOverrides } | null;
  readonly ended: { readonly outcome: Outcome; readonly reason: string; readonly result?: Output } | null;
}

/** The version of the next plan; plannings that failed before the run was reopened have used up theirs. */
export const nextPlanVersion = ({ plan, reopened }: Pick<Run, 'plan' | 'reopened'>): number =>
  (plan?.version ?? 0) + 1 + reopened.plannings;

/** All named checks that the conditions of a run refer to. */
export const checksOfRun = ({ goal, opened, plan }: Pick<Run, 'goal' | 'opened' | 'plan'>): Checks => ({
  ...goal.checks,
  ...opened?.checks,
  ...Object.fromEntries((plan?.nodes ?? []).flatMap((n) => Object.entries(n.checks ?? {}))),
});

/** Tools that a run may use. */
export function toolsOf(run: Run): readonly Tool[] {
  return run.opened?.tools ?? [];
}

/** The constraints of a run's request, with what is known of each. */
export function constraintsOf({ opened, constraints }: Pick<Run, 'opened' | 'constraints'>): readonly ConstraintView[] {
  return (opened?.constraints ?? []).map(
    (text) => constraints.find((v) => v.text === text) ?? { text, verdict: 'pending', why: '' },
  );
}

/**
 * Where untrusted parts of whatever is done for a run come from: a model's words decide what is to be reached, or how.
 */
export const taintOf = ({ opened, isModelsPlan }: Pick<Run, 'opened' | 'isModelsPlan'>): readonly string[] =>
  isModelsPlan || opened?.call !== undefined ? ['model'] : [];
