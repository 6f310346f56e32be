import { fold, makeSubgoalId, runEvents, runStream, stepEvents, subgoalStream } from '@praxis/core';
import type { Action, Journal, RunId, StepEvent, SubgoalId } from '@praxis/core';
import { readElsewhere, type Elsewhere } from '@praxis/strategy';

/** Whose work it is. */
interface Own {
  readonly runId: RunId;
  readonly subgoal: SubgoalId;
}

/** Looks, whenever it is asked, what the other subgoals of a run that are under way do with an action. */
export function otherSubgoals(
  { runId, subgoal }: Own,
  journal: Pick<Journal, 'read'>,
): (action: Action) => Promise<Elsewhere> {
  const steps = async (id: SubgoalId): Promise<readonly StepEvent[]> =>
    (await journal.read(subgoalStream(id))).map((e) => stepEvents.decode(e));
  return async (action) => {
    const run = fold((await journal.read(runStream(runId))).map((e) => runEvents.decode(e)));
    const atWork = [...(run?.nodes ?? [])].filter(([, { status }]) => status === 'dispatched');
    const others = atWork
      .map(([node, { attempt }]) => makeSubgoalId(runId, node, attempt))
      .filter((id) => id !== subgoal);
    return readElsewhere(action, await Promise.all(others.map(steps)), run?.failures ?? []);
  };
}
