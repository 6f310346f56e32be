import { randomUUID } from 'node:crypto';
import { PraxisError, type World, type WorldInfo, type WorldSession } from '@praxis/core';
import { ACTING_LAWS } from './acting-laws.js';
import { ARGUMENT_LAWS } from './argument-laws.js';
import { GOAL_LAWS } from './goal-laws.js';
import { LawAbsent, LawBroken, LawNotShown, type CheckOptions, type Law, type LawResult, type Trial } from './law.js';
import { OPENING_LAWS } from './opening-laws.js';
import { possibleActions } from './possible-actions.js';
import { SNAPSHOT_LAWS } from './snapshot-laws.js';

const LAWS: readonly Law[] = [...OPENING_LAWS, ...ACTING_LAWS, ...ARGUMENT_LAWS, ...SNAPSHOT_LAWS, ...GOAL_LAWS];

/** The laws that `checkWorld` checks, in its order. */
export const WORLD_LAWS: readonly string[] = LAWS.map(({ law }) => law);

/**
 * Checks a world against the laws, one result per law. Sessions it opens have ids of their own and are closed again;
 * what it does in them is really done, so a world whose actions reach outside is checked as a copy that does not.
 */
export async function* checkWorld(world: World, options: CheckOptions = {}): AsyncIterable<LawResult> {
  const info = await world.describe();
  for (const law of LAWS) {
    const sessions: WorldSession[] = [];
    const result = await judge(law, makeTrial(world, info, options, sessions));
    for (const session of sessions) await session.close().catch(() => {});
    yield result;
  }
}

async function judge({ law, check }: Law, trial: Trial): Promise<LawResult> {
  try {
    await check(trial);
    return { law, outcome: 'holds', detail: '' };
  } catch (thrown) {
    if (thrown instanceof LawAbsent) return { law, outcome: 'absent', detail: thrown.message, lacks: thrown.lacks };
    if (thrown instanceof LawNotShown) return { law, outcome: 'not-shown', detail: thrown.message };
    if (thrown instanceof LawBroken) return { law, outcome: 'broken', detail: thrown.message };
    const { code, message } = PraxisError.from(thrown);
    return { law, outcome: 'broken', detail: `a call failed with ${code}: ${message}` };
  }
}

function makeTrial(world: World, info: WorldInfo, options: CheckOptions, sessions: WorldSession[]): Trial {
  const scenario = options.scenario ?? (options.problem ? '' : (info.scenarios[0]?.name ?? ''));
  const problem = options.problem ?? null;
  const seed = options.seed ?? '1';
  const actions = options.actions ?? [];
  const freshId = (): string => `check-${randomUUID()}`;
  return {
    world,
    info,
    scenario,
    problem,
    seed,
    steps: options.steps ?? 12,
    actions,
    freshId,
    async open(sessionId = freshId()) {
      const session = await world.open({ scenario, problem, seed, sessionId });
      sessions.push(session);
      return session;
    },
    possible: (session) => possibleActions(session, info, actions),
  };
}
