import { actionText, parseSubgoalId, stepEvents, subgoalStream, type RunId, type StepEvent } from '@praxis/core';
import type { Postponement } from '@praxis/wire';
import type { PlannerParts } from '../parts.js';

/**
 * What a run waits for by itself: actions that failed for now, with the time of their next attempt, and those that give
 * way to another subgoal, of which no attempt has failed; the first to be due first.
 */
export async function postponements(
  run: RunId,
  { store }: Pick<PlannerParts, 'store'>,
): Promise<readonly Postponement[]> {
  const found: Postponement[] = [];
  for (const { id } of await store.work.postponed(run)) {
    const events = (await store.journal.read(subgoalStream(id))).map((e) => stepEvents.decode(e));
    const { node } = parseSubgoalId(id)!;
    found.push(
      ...waiting(events).map(({ until, attempt, code, ...event }) => ({
        node,
        until,
        attempt: code === 'stale' ? 0 : attempt,
        reason: reasonOf(event, events),
      })),
    );
  }
  return found.toSorted((a, b) => a.until - b.until);
}

type Postponed = Extract<StepEvent, { type: 'postponed' }>;

/** The postponed actions of a stream that is parked. */
function waiting(events: readonly StepEvent[]): readonly Postponed[] {
  const open = new Map<string, Postponed>();
  for (const event of events) {
    if (event.type === 'postponed') open.set(event.id, event);
    else if ('id' in event) open.delete(event.id);
  }
  return events.at(-1)?.type === 'parked' ? [...open.values()] : [];
}

function reasonOf({ id, message }: Pick<Postponed, 'id' | 'message'>, events: readonly StepEvent[]): string {
  const decided = events.findLast((e) => e.type === 'decided' && e.id === id);
  return decided?.type === 'decided' ? `${actionText(decided.action)}: ${message}` : message;
}
