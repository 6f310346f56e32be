import { PraxisError, runEvents, runStream, type EventFeed, type Logger } from '@praxis/core';

/** What a run's stream says to whoever works on one of its subgoals, or plans it. */
export interface RunWatch {
  /** Fires when the run is cancelled (`cancelled`) or the process stops (its own reason). */
  readonly signal: AbortSignal;
  /** Fires when the run is paused or its time is over: the work is left to be taken up again. */
  readonly hold: AbortSignal;
  stop(): void;
}

export interface WatchOptions {
  readonly run: string;
  /** How many events of the run's stream are known already. */
  readonly from: number;
  readonly feed: EventFeed;
  readonly log: Logger;
  readonly stopping: AbortSignal;
}

/** Follows a run's own stream while one of its subgoals, or its planning, is under way. */
export function watchRun({ run, from, feed, log, stopping }: WatchOptions): RunWatch {
  const cancelled = new AbortController();
  const held = new AbortController();
  const done = new AbortController();
  const follow = async (): Promise<void> => {
    for await (const stored of feed.followStream(runStream(run), from, AbortSignal.any([done.signal, stopping]))) {
      const event = runEvents.decode(stored);
      if (event.type === 'cancelling') cancelled.abort(new PraxisError('cancelled', event.reason));
      if (event.type === 'paused' || event.type === 'overtime')
        held.abort(
          new PraxisError('unavailable', 'The run is held back; the subgoal is taken up again when it goes on.'),
        );
    }
  };
  follow().catch((err: unknown) => {
    if (!done.signal.aborted && !stopping.aborted)
      log.warn('cannot follow the run; a cancel is seen only at the end of the subgoal', { run, err });
  });
  return { signal: AbortSignal.any([cancelled.signal, stopping]), hold: held.signal, stop: () => done.abort() };
}
