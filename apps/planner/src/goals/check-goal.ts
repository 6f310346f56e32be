import { PraxisError, addCosts, type Run, type RunEvent, type RunId } from '@praxis/core';
import { judgeConstraints } from './check-constraints.js';
import { checkRun } from './check-run.js';
import type { PlannerParts } from '../parts.js';
import { sessionOf } from '../session-of.js';

/** A run all of whose subgoals are done. */
export interface FinishedRun {
  readonly run: RunId;
  readonly state: Run;
  /** Milliseconds since 1970-01-01 UTC by which the run has to be over; null: never. */
  readonly deadline: number | null;
  readonly signal: AbortSignal;
}

/**
 * Asks the world whether the goal holds and, where it does, a model whether the constraints of the request were kept.
 */
export async function checkGoal(finished: FinishedRun, parts: PlannerParts): Promise<RunEvent> {
  const { run, state } = finished;
  // What only takes back has no goal of its own.
  if (state.goal.undoes !== null) return { type: 'checked', holds: true };
  if (!state.opened) throw new PraxisError('bug', 'The world of a run was asked for before it was open.');
  const session = await sessionOf(run, state, parts);
  const { holds, problems, ...judged } = await checkRun(finished, session, parts);
  const paid = { ...(judged.call && { call: { ...judged.call } }), ...(judged.spent && { spent: judged.spent }) };
  if (!holds) return { type: 'checked', holds, ...(problems.length > 0 && { problems: [...problems] }), ...paid };
  if ((state.opened.constraints ?? []).length === 0) return { type: 'checked', holds, ...paid };
  const { constraints, call, spent } = await judgeConstraints({ ...finished, facts: await session.observe() }, parts);
  return {
    type: 'checked',
    holds,
    constraints: [...constraints],
    ...paid,
    ...(call && { call: { ...call } }),
    ...(spent && { spent: judged.spent ? addCosts(judged.spent, spent) : spent }),
  };
}
