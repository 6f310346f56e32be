import { stepEvents, subgoalStream, type ErrorCode, type PraxisError, type SubgoalId } from '@praxis/core';
import type { ExecutorParts } from './parts.js';

/** What goes by by itself: somebody or something that the subgoal needs is not there now. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['unavailable', 'timeout']);

/** Most reasons in a row: one that changes with every attempt would fill the journal. */
const MOST_IN_A_ROW = 10;

/**
 * Writes into a subgoal's stream why nobody can go on with it for now, so that people see for what it waits. The same
 * reason is written once.
 */
export async function noteBlocked(
  subgoal: SubgoalId,
  { code, message }: PraxisError,
  { store, log }: Pick<ExecutorParts, 'store' | 'log'>,
): Promise<void> {
  if (!PASSING.has(code)) return;
  try {
    const stream = subgoalStream(subgoal);
    const events = (await store.journal.read(stream)).map((e) => stepEvents.decode(e));
    const last = events.at(-1);
    // A stream begins with `opened`, and nothing follows its end.
    if (!last || last.type === 'ended' || (last.type === 'blocked' && last.reason === message)) return;
    if (events.slice(-MOST_IN_A_ROW).filter((e) => e.type === 'blocked').length === MOST_IN_A_ROW) return;
    await store.journal.append(stream, events.length, [stepEvents.encode({ type: 'blocked', reason: message })]);
  } catch (err) {
    log.debug('why a subgoal cannot go on was not written', { subgoal, err });
  }
}
