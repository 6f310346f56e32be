import { makeSubgoalId, stepEvents, subgoalStream, type Journal, type Run, type RunEvent, type RunId } from '@praxis/core';
import { AttemptLog } from '@praxis/strategy';

/** Which run, and how it stands. */
interface Subject {
  readonly runId: RunId;
  readonly run: Run;
  readonly events: readonly RunEvent[];
}

/**
 * What a run has tried in its earlier subgoals: how often each action failed in a row, what is in doubt, which approvals
 * are not used up. Subgoals in which nothing failed say nothing of these and are not read.
 */
export async function earlierAttempts({ runId, run, events }: Subject, journal: Pick<Journal, 'read'>): Promise<AttemptLog> {
  const log = new AttemptLog();
  for (const event of events) {
    if (event.type === 'retried') log.forgive();
    if (event.type !== 'dispatched' || !hasFailures(event, run, events)) continue;
    const stream = subgoalStream(makeSubgoalId(runId, event.node, event.attempt));
    for (const stored of await journal.read(stream)) log.see(stepEvents.decode(stored), stored.at);
    log.endStream();
  }
  return log;
}

/** Whether an attempt at a subgoal failed somewhere; what is still under way has yet to be seen. */
function hasFailures({ node, attempt }: Extract<RunEvent, { type: 'dispatched' }>, run: Run, events: readonly RunEvent[]): boolean {
  const at = run.nodes.get(node);
  if (at?.status === 'dispatched' && at.attempt === attempt) return false;
  const settled = events.find((e) => e.type === 'settled' && e.node === node && e.attempt === attempt);
  return settled?.type !== 'settled' || settled.outcome !== 'done' || settled.failedSteps > 0;
}
