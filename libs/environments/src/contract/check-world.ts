import { randomUUID } from 'node:crypto';
import { PraxisError, type Action, type World, type WorldInfo, type WorldSession } from '@praxis/core';
import { Interpreter, parseDomain, parseProblem } from '@praxis/search';
import { ACTING_LAWS } from './acting-laws.js';
import { GOAL_LAWS } from './goal-laws.js';
import { LawBroken, LawSkipped, type CheckOptions, type Law, type LawResult, type Trial } from './law.js';
import { OPENING_LAWS } from './opening-laws.js';
import { SNAPSHOT_LAWS } from './snapshot-laws.js';

const LAWS: readonly Law[] = [...OPENING_LAWS, ...ACTING_LAWS, ...SNAPSHOT_LAWS, ...GOAL_LAWS];

/** The laws that `checkWorld` checks, in its order. */
export const WORLD_LAWS: readonly string[] = LAWS.map(({ law }) => law);

/**
 * Checks a world against the laws, one result per law. Sessions it opens have ids of their own and are closed again.
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
    return { law, ok: true, detail: '' };
  } catch (thrown) {
    if (thrown instanceof LawSkipped) return { law, ok: true, detail: thrown.message, skipped: true };
    if (thrown instanceof LawBroken) return { law, ok: false, detail: thrown.message };
    const { code, message } = PraxisError.from(thrown);
    return { law, ok: false, detail: `a call failed with ${code}: ${message}` };
  }
}

function makeTrial(world: World, info: WorldInfo, options: CheckOptions, sessions: WorldSession[]): Trial {
  const scenario = options.scenario ?? (options.problem ? '' : (info.scenarios[0]?.name ?? ''));
  const problem = options.problem ?? null;
  const seed = options.seed ?? '1';
  const freshId = (): string => `check-${randomUUID()}`;
  return {
    world,
    info,
    scenario,
    problem,
    seed,
    steps: options.steps ?? 12,
    freshId,
    async open(sessionId = freshId()) {
      const session = await world.open({ scenario, problem, seed, sessionId });
      sessions.push(session);
      return session;
    },
    possible: (session) => possible(session, info),
  };
}

async function possible(session: WorldSession, info: WorldInfo): Promise<readonly Action[]> {
  if (info.can.legal) return session.legal();
  const briefing = await session.briefing();
  if (briefing.domain === '') return [];
  const domain = parseDomain(briefing.domain);
  const interpreter = new Interpreter(domain, parseProblem(briefing.problem, domain));
  const schemas = new Map(domain.actions.map((action) => [action.name, action]));
  return interpreter.legal(await session.observe()).map(({ action, args }) => ({
    skill: action,
    args: Object.fromEntries(schemas.get(action)!.parameters.map(({ name }, at) => [name.slice(1), args[at]!])),
  }));
}
