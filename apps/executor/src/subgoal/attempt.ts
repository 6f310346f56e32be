import {
  ERROR_TABLE,
  PraxisError,
  stepEvents,
  subgoalStream,
  type Journal,
  type StoredEvent,
  type SubgoalId,
} from '@praxis/core';
import { attemptSpan, isTracing, writeSpan, type SpanRecord } from '@praxis/platform';

/** Whose work on what is told. */
export interface Attempt {
  readonly subgoal: SubgoalId;
  /** The executor's name. */
  readonly by: string;
  readonly journal: Journal;
}

/**
 * Tells the trace how an executor worked on a subgoal. Work that went on where somebody else stopped links to the
 * first attempt and writes that one's span too, from the journal: a killed process could not, and one that was stopped
 * leaves it to its successor.
 */
export async function traceAttempt({ subgoal, by, journal }: Attempt, work: () => Promise<void>): Promise<void> {
  if (!isTracing()) return work();
  const history = await journal.read(subgoalStream(subgoal));
  const startedAt = Date.now();
  const failure = await work().then(
    () => null,
    (thrown: unknown) => PraxisError.from(thrown),
  );
  const isOver = failure === null || (ERROR_TABLE[failure.code].retry === 'never' && failure.code !== 'cancelled');
  if (isOver && history.at(-1)?.type !== 'ended') {
    const links = history.length > 0 ? [attemptSpan(subgoal, 0)] : [];
    const attributes = { 'praxis.subgoal.id': subgoal, 'praxis.executor': by, 'praxis.resumed': history.length > 0 };
    if (history.length > 0) writeSpan(attemptSpan(subgoal, 0), cutOff(subgoal, history));
    writeSpan(attemptSpan(subgoal, history.length), {
      name: 'attempt',
      startedAt,
      endedAt: Date.now(),
      attributes,
      links,
      failure: failure?.code ?? null,
    });
  }
  if (failure) throw failure;
}

/** The first attempt, as the journal tells it. */
function cutOff(subgoal: SubgoalId, history: readonly StoredEvent[]): SpanRecord {
  const first = history[0]!;
  const opened = stepEvents.decode(first);
  const by = opened.type === 'opened' ? opened.by : '';
  const attributes = { 'praxis.subgoal.id': subgoal, 'praxis.executor': by, 'praxis.resumed': false };
  return { name: 'attempt', startedAt: first.at, endedAt: history.at(-1)!.at, attributes, failure: 'cut-off' };
}
