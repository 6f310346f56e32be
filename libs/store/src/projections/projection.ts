import { runEvents, runOfStream, stepEvents, type NewEvent, type RunId, type SubgoalId } from '@praxis/core';
import { projectRun, type RunRow } from './run-row.js';
import { changeByRun, changeByStep, mergeChanges, TELLING, type SubgoalChange } from './subgoal-change.js';

/** What some events of one stream do to the read models. */
export interface Projection {
  /** The run's row after them; null where they say nothing about it. */
  readonly run: RunRow | null;
  /** At most one change per subgoal. */
  readonly subgoals: readonly SubgoalChange[];
}

const NOTHING: Projection = { run: null, subgoals: [] };

/** Whether a stream's projection starts from the run's row. */
export const needsRunRow = (stream: string): boolean => stream.startsWith('run/');

/**
 * Reads what events mean for the lists and the sweep. Pure, so that a rebuild from the journal gives the same rows.
 * Fails with `invalid` on an event that this release could not read back.
 */
export function project(stream: string, events: readonly NewEvent[], now: number, row: RunRow | null): Projection {
  if (needsRunRow(stream)) return projectRunStream(runOfStream(stream), events, now, row);
  if (stream.startsWith('subgoal/')) return { run: null, subgoals: projectSteps(stream.slice('subgoal/'.length), events, now) };
  return NOTHING;
}

function projectRunStream(id: RunId, events: readonly NewEvent[], now: number, before: RunRow | null): Projection {
  const changes: SubgoalChange[] = [];
  let row = before;
  for (const stored of events) {
    const event = runEvents.decode(stored);
    const change = row && changeByRun(row, event, Math.max(now, row.touchedAt));
    if (change) changes.push(change);
    row = projectRun(row, event, id, now);
  }
  return { run: row, subgoals: mergeById(changes) };
}

function projectSteps(subgoal: SubgoalId, events: readonly NewEvent[], now: number): readonly SubgoalChange[] {
  const telling = events.filter((e) => TELLING.has(e.type));
  return mergeById(telling.flatMap((stored) => changeByStep(subgoal, stepEvents.decode(stored), now) ?? []));
}

/** One change per subgoal, in the order of the ids: rows are always locked in that order, so that nobody deadlocks. */
export function mergeById(changes: Iterable<SubgoalChange>): readonly SubgoalChange[] {
  const byId = new Map<SubgoalId, SubgoalChange>();
  for (const change of changes) {
    const before = byId.get(change.id);
    byId.set(change.id, before ? mergeChanges(before, change) : change);
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
