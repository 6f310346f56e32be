import { setTimeout as sleep } from 'node:timers/promises';
import { ERROR_TABLE, PraxisError, type RunSummary } from '@praxis/core';
import type { PlannerParts } from '../parts.js';

/** A run is told of at most four times a second, however often it changes. */
const QUIET_MS = 250;

/** Summaries asked for at once. */
const BATCH = 500;

/**
 * The summaries of runs that change. What changes while the reader is busy, or while it is quiet, is read once and
 * as it then is, so that neither a fast run nor a slow reader makes anything pile up.
 */
export async function* watchRuns(
  parts: Pick<PlannerParts, 'store' | 'log'>,
  signal: AbortSignal,
): AsyncGenerator<RunSummary, void, undefined> {
  for await (const runs of parts.store.feed.listenRuns(signal)) {
    for (let from = 0; from < runs.length; from += BATCH) {
      for (const summary of await read(parts, runs.slice(from, from + BATCH), signal)) {
        if (signal.aborted) return;
        yield summary;
      }
    }
    await pause(signal);
  }
}

/** Asks until the database answers: a lost connection delays a watcher and does not end it. */
async function read(
  { store, log }: Pick<PlannerParts, 'store' | 'log'>,
  runs: readonly string[],
  signal: AbortSignal,
): Promise<readonly RunSummary[]> {
  while (!signal.aborted) {
    try {
      return await store.runs.some(runs);
    } catch (thrown) {
      const error = PraxisError.from(thrown);
      if (ERROR_TABLE[error.code].retry === 'never') throw error;
      log.warn('whoever watches the runs cannot be told of changes; trying again', { err: error });
      await pause(signal);
    }
  }
  return [];
}

const pause = (signal: AbortSignal): Promise<void> =>
  sleep(QUIET_MS, undefined, { signal, ref: false }).catch(() => undefined);
