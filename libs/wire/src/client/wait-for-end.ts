import type { RunId } from '@praxis/core';
import { fromRunEnd } from '../convert/run.js';
import { PlannerServiceService } from '../gen/praxis/v1/planner.js';
import type { RunEnd } from '../service-apis.js';
import { stopped, type Caller } from './caller.js';
import { mended } from './watch.js';

/** Beside the wait itself, how long an answer may take, in milliseconds. */
const GRACE_MS = 10_000;

/**
 * Asks again and again until a run has ended, over connections that may break; it fails where the planner refuses, or
 * stays away for longer than a watcher waits (watch.3).
 */
export async function waitForEnd(
  caller: Caller,
  { run, waitMs }: { readonly run: RunId; readonly waitMs: number },
  signal: AbortSignal = new AbortController().signal,
): Promise<RunEnd> {
  const rules = { repeatable: false, signal, deadlineMs: waitMs + GRACE_MS };
  const ask = async (): Promise<RunEnd> =>
    fromRunEnd(await caller.ask(PlannerServiceService.wait, { runId: run, waitMs }, rules));
  const mend = mended(caller, signal);
  while (!signal.aborted) {
    const end = await mend(ask);
    if (end?.ended === true) return end;
  }
  throw stopped(signal);
}
