import {
  makeSubgoalId,
  stepEvents,
  subgoalStream,
  type Journal,
  type Run,
  type RunEvent,
  type RunId,
} from '@praxis/core';
import { AttemptLog } from '@praxis/strategy';

type Dispatched = Extract<RunEvent, { type: 'dispatched' }>;

/** Which run, and how it stands. */
interface Subject {
  readonly runId: RunId;
  readonly run: Run;
  readonly events: readonly RunEvent[];
}

/**
 * What a run has tried in its earlier subgoals: how often each action failed in a row, what is in doubt, which
 * approvals are not used up. Subgoals in which nothing failed say nothing of these and are read only where something is
 * in doubt: they may have settled it.
 */
export async function earlierAttempts(
  { runId, run, events }: Subject,
  journal: Pick<Journal, 'read'>,
): Promise<AttemptLog> {
  const log = new AttemptLog();
  const quiet = new AttemptLog();
  const clean = cleanAttempts(events);
  const read = async (into: AttemptLog, { node, attempt }: Dispatched): Promise<void> => {
    const stream = subgoalStream(makeSubgoalId(runId, node, attempt));
    for (const stored of await journal.read(stream)) into.see(stepEvents.decode(stored), stored.at);
    into.endStream();
  };
  for (const event of events) {
    if (event.type === 'retried') log.forgive();
    if (event.type === 'dispatched' && !isUnderWay(event, run) && !clean.has(keyOf(event))) await read(log, event);
  }
  if (!log.isInDoubt) return log;
  for (const event of events) if (event.type === 'dispatched' && clean.has(keyOf(event))) await read(quiet, event);
  log.settleBy(quiet);
  return log;
}

type Attempt = Pick<Dispatched, 'node' | 'attempt'>;

const keyOf = ({ node, attempt }: Attempt): string => `${node} ${attempt}`;

/** Attempts in which nothing failed; found in one go over the run's events, however many subgoals it has. */
function cleanAttempts(events: readonly RunEvent[]): ReadonlySet<string> {
  const settled = events.flatMap((e) => (e.type === 'settled' ? [e] : []));
  return new Set(settled.filter((e) => e.outcome === 'done' && e.failedSteps === 0).map(keyOf));
}

/** What is still under way has yet to be seen. */
function isUnderWay({ node, attempt }: Attempt, { nodes }: Run): boolean {
  const at = nodes.get(node);
  return at?.status === 'dispatched' && at.attempt === attempt;
}
