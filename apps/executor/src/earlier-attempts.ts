import { makeSubgoalId, stepEvents, subgoalStream, type Journal, type Run, type RunEvent, type RunId } from '@praxis/core';
import { AttemptLog } from '@praxis/strategy';

type Dispatched = Extract<RunEvent, { type: 'dispatched' }>;

/** Which run, and how it stands. */
interface Subject {
  readonly runId: RunId;
  readonly run: Run;
  readonly events: readonly RunEvent[];
}

/**
 * What a run has tried in its earlier subgoals: how often each action failed in a row, what is in doubt, which approvals
 * are not used up. Subgoals in which nothing failed say nothing of these and are read only where something is in doubt: they
 * may have settled it.
 */
export async function earlierAttempts({ runId, run, events }: Subject, journal: Pick<Journal, 'read'>): Promise<AttemptLog> {
  const log = new AttemptLog();
  const clean = new AttemptLog();
  const read = async (into: AttemptLog, { node, attempt }: Dispatched): Promise<void> => {
    for (const stored of await journal.read(subgoalStream(makeSubgoalId(runId, node, attempt)))) into.see(stepEvents.decode(stored), stored.at);
    into.endStream();
  };
  for (const event of events) {
    if (event.type === 'retried') log.forgive();
    if (event.type === 'dispatched' && hasFailures(event, run, events)) await read(log, event);
  }
  if (!log.isInDoubt) return log;
  for (const event of events) if (event.type === 'dispatched' && isClean(event, events)) await read(clean, event);
  log.settleBy(clean);
  return log;
}

/** Whether an attempt at a subgoal failed somewhere; what is still under way has yet to be seen. */
function hasFailures(event: Dispatched, run: Run, events: readonly RunEvent[]): boolean {
  const at = run.nodes.get(event.node);
  if (at?.status === 'dispatched' && at.attempt === event.attempt) return false;
  return !isClean(event, events);
}

/** Whether an attempt at a subgoal ended as done, and nothing failed in it. */
function isClean({ node, attempt }: Dispatched, events: readonly RunEvent[]): boolean {
  const settled = events.find((e) => e.type === 'settled' && e.node === node && e.attempt === attempt);
  return settled?.type === 'settled' && settled.outcome === 'done' && settled.failedSteps === 0;
}
