import { setTimeout as sleep } from 'node:timers/promises';
import { PraxisError, type Logger, type RunId } from '@praxis/core';
import type { Seen } from '../parts.js';
import { batches } from './batches.js';
import type { EventStream } from './event-stream.js';

/** A run whose first event takes longer than this is shown as a stream without any, rather than as nothing at all. */
const FIRST_MS = 1_000;

/**
 * Tells a run's events from its beginning, `end` after the last. Fails where the run cannot be followed and nothing was
 * told yet; a stream that breaks later just ends, and the browser comes back.
 */
export async function streamRunEvents(
  run: RunId,
  stream: EventStream,
  { planner, batchMs, log }: { readonly planner: Seen; readonly batchMs: number; readonly log: Logger },
): Promise<void> {
  const opening = new AbortController();
  void sleep(FIRST_MS, null, { signal: opening.signal }).then(
    () => stream.open(),
    () => undefined,
  );
  try {
    for await (const events of batches(planner.watch(run, {}, stream.signal), batchMs)) {
      opening.abort();
      await stream.send('events', events);
    }
    if (!stream.signal.aborted) await stream.send('end', '{}');
  } catch (thrown) {
    if (!stream.isOpen) throw thrown;
    log.info('a watch broke; the browser asks again', { run, err: PraxisError.from(thrown) });
  } finally {
    opening.abort();
  }
  stream.end();
}
