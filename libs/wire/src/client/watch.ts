import { setTimeout as sleep } from 'node:timers/promises';
import { PraxisError, type Cursor, type RunId } from '@praxis/core';
import { need } from '../convert/parse.js';
import { PlannerServiceService } from '../gen/praxis/v1/planner.js';
import { fromEvent, type WatchedEvent } from '../watched-event.js';
import type { Caller } from './caller.js';

/** Waits after a broken connection, in milliseconds: together long enough for a planner to be started again. */
const BACKOFF = [100, 200, 400, 800, 1600, 3200, 5000, 5000] as const;
/** A planner that never answered gets fewer chances, so that a mistyped address is noticed soon. */
const FIRST_CHANCES = 3;

/**
 * Follows a run over connections that may break.
 *
 * watch.1 Each event is given once, in the order of its stream, however often the connection breaks.
 * watch.2 It ends when the planner says that there is nothing more, or quietly on the signal: a run that failed may be
 *         reopened, so that an `ended` need not be the last event.
 * watch.3 It fails where the planner refuses, or stays away for longer than all waits together.
 */
export async function* watchRun(
  caller: Caller,
  run: RunId,
  after: Cursor,
  signal: AbortSignal,
): AsyncGenerator<WatchedEvent> {
  const cursor: Record<string, number> = { ...after };
  let failures = 0;
  let chances = chancesOf(caller);
  while (!signal.aborted) {
    try {
      for await (const response of caller.follow(PlannerServiceService.watch, { runId: run, after: cursor }, signal)) {
        const watched = fromEvent(need('event', response.event));
        if (watched.position < (cursor[watched.stream] ?? 0)) continue;
        cursor[watched.stream] = watched.position + 1;
        failures = 0;
        chances = BACKOFF.length;
        yield watched;
      }
      return;
    } catch (thrown) {
      if (!isBroken(thrown) || failures >= chances) throw thrown;
      await sleep(BACKOFF[failures++], undefined, { signal }).catch(() => undefined);
    }
  }
}

/**
 * Repeats a request over broken connections, with the waits of a watcher: undefined after a wait, to be asked again.
 * The number of failures counts anew after each success.
 */
export function mended(
  caller: Pick<Caller, 'hasAnswered'>,
  signal: AbortSignal,
): <T>(ask: () => Promise<T>) => Promise<T | undefined> {
  let failures = 0;
  let chances = chancesOf(caller);
  return async (ask) => {
    try {
      const answer = await ask();
      failures = 0;
      chances = BACKOFF.length;
      return answer;
    } catch (thrown) {
      if (signal.aborted || !isBroken(thrown) || failures >= chances) throw thrown;
      await sleep(BACKOFF[failures++], undefined, { signal }).catch(() => undefined);
      return undefined;
    }
  };
}

const chancesOf = ({ hasAnswered }: Pick<Caller, 'hasAnswered'>): number =>
  hasAnswered ? BACKOFF.length : FIRST_CHANCES;

/** A server that shuts down ends its streams as cancelled; our own cancelling never comes this far. */
function isBroken(thrown: unknown): boolean {
  const { code } = PraxisError.from(thrown);
  return code === 'unavailable' || code === 'cancelled';
}
