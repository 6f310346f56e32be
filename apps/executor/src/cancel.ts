import { PraxisError, runEvents, runStream, type EventFeed, type Logger } from '@praxis/core';

/** A signal that fires when the user cancels the run (`cancelled`) or the process stops (its own reason). */
export interface CancelWatch {
  readonly signal: AbortSignal;
  stop(): void;
}

/** Follows a run's own stream for `cancelling` while one of its subgoals is under way. */
export function watchForCancel(run: string, parts: { readonly store: { readonly feed: EventFeed }; readonly log: Logger }, stopping: AbortSignal): CancelWatch {
  const cancelled = new AbortController();
  const done = new AbortController();
  const follow = async (): Promise<void> => {
    for await (const event of parts.store.feed.follow(run, {}, AbortSignal.any([done.signal, stopping]))) {
      if (event.stream !== runStream(run) || event.type !== 'cancelling') continue;
      const decoded = runEvents.decode(event);
      if (decoded.type === 'cancelling') cancelled.abort(new PraxisError('cancelled', decoded.reason));
    }
  };
  follow().catch((err: unknown) => {
    if (!done.signal.aborted && !stopping.aborted) parts.log.warn('cannot follow the run; a cancel is seen only at the end of the subgoal', { run, err });
  });
  return { signal: AbortSignal.any([cancelled.signal, stopping]), stop: () => done.abort() };
}
