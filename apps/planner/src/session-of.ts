import type { Run, RunId, WorldSession } from '@praxis/core';
import { resumeWorld } from '@praxis/environments';
import type { PlannerParts } from './parts.js';

/** The open world of a run; brought back from the journal where it was lost. */
export function sessionOf(
  run: RunId,
  { goal, opened }: Run,
  parts: Pick<PlannerParts, 'store' | 'worlds'>,
): Promise<WorldSession> {
  return resumeWorld({ goal, session: opened!.session, run, journal: parts.store.journal }, parts.worlds);
}
