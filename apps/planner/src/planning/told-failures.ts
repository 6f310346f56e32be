import {
  isFailed,
  latestFailures,
  makeFailure,
  makeSubgoalId,
  actionText,
  readTrajectory,
  stepEvents,
  subgoalStream,
  tellFailures,
  type Failure,
  type Journal,
  type Run,
  type RunId,
  type Success,
  type ToldFailure,
  type Trajectory,
  type WorldState,
} from '@praxis/core';

/** A planner is told so many failures at most: more hide the ones that matter. */
const MOST = 8;

/** Whose failures are told, and how the world is now. */
export interface FailuresAsked {
  readonly run: RunId;
  readonly state: Run;
  readonly world: WorldState;
}

/**
 * What a run's failures tell whoever repairs its plan: each once, those of subgoals that failed first and the latest of
 * them before older ones, at most eight, each with what may have been missing and what has changed since.
 */
export async function toldFailures(
  { run, state, world }: FailuresAsked,
  journal: Pick<Journal, 'read'>,
): Promise<readonly ToldFailure[]> {
  if (state.failures.length === 0) return [];
  const found: { readonly trajectory: Trajectory; readonly isLost: boolean }[] = [];
  for (const [node, { attempt, status }] of state.nodes) {
    for (let nth = 1; nth <= attempt; nth++) {
      const trajectory = readTrajectory(
        (await journal.read(subgoalStream(makeSubgoalId(run, node, nth)))).map((e) => stepEvents.decode(e)),
      );
      if (trajectory) found.push({ trajectory, isLost: status === 'failed' && nth === attempt });
    }
  }
  const successes = found.flatMap(({ trajectory }) => successesOf(trajectory));
  const lost = new Set(
    found
      .filter((f) => f.isLost)
      .flatMap(({ trajectory }) => trajectory.steps.filter((s) => isFailed(s.result)).map((s) => actionText(s.action))),
  );
  return tellFailures(firstOf(state.failures, lost), { state: world, successes }).slice(0, MOST);
}

/** Those whose actions failed in a lost subgoal first, the latest before the older ones. */
function firstOf(failures: readonly Failure[], lost: ReadonlySet<string>): readonly Failure[] {
  const latest = [...latestFailures(failures)].reverse();
  return [...latest.filter((f) => lost.has(f.action)), ...latest.filter((f) => !lost.has(f.action))];
}

const successesOf = ({ steps }: Trajectory): readonly Success[] =>
  steps
    .filter((s) => s.result.ok)
    .map((s) => ({ action: actionText(s.action), facts: makeFailure(s.action, 'not-applicable', s.at).facts }));
