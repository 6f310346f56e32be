import type { Run, RunEvent } from '@praxis/core';
import { standingOf } from '@praxis/wire';
import type { PlannerParts } from './parts.js';
import type { SubgoalStanding } from './read-subgoal.js';

/** An executor that just starts, or restarts, takes its lanes within this time. */
const PATIENCE_MS = 5_000;

/** Most reasons in a row: one that changes with every pass would fill the journal. */
const MOST_IN_A_ROW = 10;

interface Waiting {
  readonly state: Run;
  readonly standings: readonly SubgoalStanding[];
  readonly history: readonly { readonly event: RunEvent; readonly at: number }[];
}

/** Why a run waits where no live executor takes the lane of one of its subgoals. */
export const laneReason = (lane: string, title: string, taken: readonly string[]): string =>
  `No executor takes the lane ${lane}, which the subgoal “${title}” needs. Start one with executor.lanes or executor.resources that make this lane; there are ${[...new Set(taken)].sort().join(', ') || 'no executors'}.`;

/**
 * The event that says for which lane a run waits; null where it waits for none, or says so already.
 *
 * lane-shortage.1 A subgoal that was dispatched some seconds ago, that nobody began, and whose lane no live executor
 *                 takes is told once, with what to do.
 */
export async function laneShortage(
  { state, standings, history }: Waiting,
  { store, clock }: Pick<PlannerParts, 'clock'> & { readonly store: Pick<PlannerParts['store'], 'executors'> },
): Promise<RunEvent | null> {
  const now = clock.now();
  const waiting = standings.filter((s) => !s.isBegun && s.settled === null);
  if (waiting.length === 0 || now - (history.at(-1)?.at ?? now) < PATIENCE_MS) return null;
  const live = (await store.executors.list()).filter((e) => standingOf(e, now) !== 'gone' && !e.draining);
  const taken = live.flatMap((e) => e.lanes);
  const lost = waiting.find((s) => !taken.includes(s.lane));
  if (!lost) return null;
  const title = state.plan?.nodes.find((n) => n.id === lost.node)?.title ?? lost.node;
  const reason = laneReason(lost.lane, title, taken);
  const isFull = history.slice(-MOST_IN_A_ROW).filter((h) => h.event.type === 'blocked').length === MOST_IN_A_ROW;
  return state.blocked === reason || isFull ? null : { type: 'blocked', reason };
}
