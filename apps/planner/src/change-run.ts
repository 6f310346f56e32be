import { PraxisError, fold, runEvents, runStream, unknownRun, type Run, type RunEvent, type RunId } from '@praxis/core';
import type { PlannerParts } from './parts.js';

type Parts = Pick<PlannerParts, 'store' | 'queues'>;

/**
 * Writes what somebody outside wants of a run, and wakes the planner (S2). `decide` gives the events for the run as it
 * stands, none where nothing is to change; it is asked again where somebody else wrote first.
 */
export async function changeRun(run: RunId, parts: Parts, decide: (state: Run) => readonly RunEvent[]): Promise<void> {
  for (;;) {
    const stored = await parts.store.journal.read(runStream(run));
    const state = fold(stored.map((e) => runEvents.decode(e)));
    if (!state) throw unknownRun(run);
    const events = decide(state);
    if (events.length === 0) return;
    const written = await parts.store.journal
      .append(
        runStream(run),
        stored.length,
        events.map((e) => runEvents.encode(e)),
      )
      .catch(retryOnConflict);
    if (written === null) continue;
    await parts.queues.add('advance', { run });
    return;
  }
}

function retryOnConflict(error: unknown): null {
  if (PraxisError.from(error).code === 'conflict') return null;
  throw error;
}
