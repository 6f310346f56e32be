import { fold, runEvents, runStream, unknownRun, type RunId } from '@praxis/core';
import type { RunEnd } from '@praxis/wire';
import type { PlannerParts } from '../parts.js';

/** Waits until a run has ended, for so long, or until the signal; tells how it then stands. */
export async function waitForEnd(
  run: RunId,
  { store, waitMs }: Pick<PlannerParts, 'store'> & { readonly waitMs: number },
  signal: AbortSignal,
): Promise<RunEnd> {
  // A signal of `AbortSignal.timeout` that only `AbortSignal.any` refers to may be collected before its time comes.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), waitMs);
  try {
    return await endOf(run, store, AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}

async function endOf(run: RunId, store: PlannerParts['store'], signal: AbortSignal): Promise<RunEnd> {
  const stream = runStream(run);
  const known = await store.journal.read(stream);
  if (known.length === 0) throw unknownRun(run);
  // A run that failed may have been reopened: only an end that is its last event is one.
  let isOver = known.at(-1)!.type === 'ended';
  if (!isOver)
    for await (const { type } of store.feed.followStream(stream, known.length, signal))
      if (type === 'ended') {
        isOver = true;
        break;
      }
  const events = isOver ? (await store.journal.read(stream)).map((e) => runEvents.decode(e)) : [];
  const ended = fold(events)?.ended ?? null;
  return { ended: ended !== null, summary: await store.runs.get(run), result: ended?.result ?? null };
}
