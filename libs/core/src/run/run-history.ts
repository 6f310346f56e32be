import { PraxisError } from '../values/errors.js';
import { makeSubgoalId, runStream, subgoalStream, type RunId } from '../values/ids.js';
import type { Journal, StoredEvent } from '../journal/journal.js';
import { runEvents, type RunEvent } from './run-event.js';
import type { SubgoalHistory } from '../acting/run-steps.js';
import { fold } from './fold-run.js';
import type { Run } from './run.js';

/** Everything a run and its subgoals wrote. */
export interface RunHistory {
  readonly run: RunId;
  readonly state: Run;
  readonly stored: readonly StoredEvent[];
  readonly events: readonly RunEvent[];
  readonly subgoals: readonly SubgoalHistory[];
}

/** Nobody knows this run. */
export function unknownRun(run: RunId): PraxisError {
  return new PraxisError('missing', `There is no run ${run}. See the runs there are with \`praxis runs\`.`);
}

/** Reads a run's stream and those of all its subgoals; fails with `missing` where there is no such run. */
export async function readRun(run: RunId, journal: Pick<Journal, 'read'>): Promise<RunHistory> {
  const stored = await journal.read(runStream(run));
  const events = stored.map((e) => runEvents.decode(e));
  const state = fold(events);
  if (!state) throw unknownRun(run);
  const subgoals: SubgoalHistory[] = [];
  for (const event of events) {
    if (event.type !== 'dispatched') continue;
    const subgoal = makeSubgoalId(run, event.node, event.attempt);
    subgoals.push({ subgoal, events: await journal.read(subgoalStream(subgoal)) });
  }
  return { run, state, stored, events, subgoals };
}
