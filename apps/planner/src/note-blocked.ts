import { PraxisError, fold, runEvents, runStream, type ErrorCode, type RunId } from '@praxis/core';
import type { PlannerParts } from './parts.js';

/** What goes by by itself: somebody or something that the run needs is not there now. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['unavailable', 'timeout']);

/** Most reasons in a row: one that changes with every attempt would fill the journal. */
const MOST_IN_A_ROW = 10;

/**
 * Writes into a run's stream why it cannot go on for now, so that people see for what it waits while it is tried again.
 * The same reason is written once. Whoever writes to the stream meanwhile has news, and goes first.
 */
export async function noteBlocked(
  run: RunId,
  thrown: unknown,
  { store, log }: Pick<PlannerParts, 'log'> & { readonly store: Pick<PlannerParts['store'], 'journal'> },
): Promise<void> {
  const { code, message } = PraxisError.from(thrown);
  if (!PASSING.has(code)) return;
  try {
    const stored = await store.journal.read(runStream(run));
    const events = stored.map((e) => runEvents.decode(e));
    const state = fold(events);
    if (!state || state.ended || state.blocked === message) return;
    if (events.slice(-MOST_IN_A_ROW).filter((e) => e.type === 'blocked').length === MOST_IN_A_ROW) return;
    await store.journal.append(runStream(run), stored.length, [runEvents.encode({ type: 'blocked', reason: message })]);
  } catch (err) {
    log.debug('why a run cannot go on was not written', { run, err });
  }
}
