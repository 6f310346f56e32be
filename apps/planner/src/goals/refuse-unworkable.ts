import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { actionNames, clashingSkill } from '@praxis/actions';
import { PraxisError, type Goal, type World, type WorldInfo } from '@praxis/core';
import { findPreset } from '@praxis/strategy';
import type { ExecutorInfo } from '@praxis/wire';
import type { PlannerParts } from '../parts.js';

type Parts = Pick<PlannerParts, 'worlds' | 'models'> & Partial<Pick<PlannerParts, 'executor'>>;

/** What a strategy has to work with in a world. */
export interface Workable {
  readonly world: string;
  readonly strategy: string;
  readonly tellsRules: boolean;
  readonly hasModel: boolean;
}

const NO_MODEL_YET =
  ' This deployment has no model yet: set PRAXIS_MODEL_URL to an OpenAI-compatible endpoint, or register nodes (docs/nodes.md).';

/**
 * Why a strategy cannot work in a world: what is missing, and what to use instead; null where it can.
 *
 * workable.1 What only searches needs a world that tells its rules.
 * workable.2 What searches first and then asks a model needs one of both.
 */
export function unworkable({ world, strategy, tellsRules, hasModel }: Workable): string | null {
  if (tellsRules) return null;
  const { asksModels, needs } = findPreset(strategy);
  if (needs === 'playbook') return null;
  const how = hasModel ? '' : NO_MODEL_YET;
  if (!asksModels) {
    const why = `The strategy ${strategy} searches the rules of a world, and the world ${world} tells none.`;
    return `${why} Use a strategy with a model: react, tree, register, clocks or hybrid.${how}`;
  }
  if (needs === 'nothing' && !hasModel) {
    return `The world ${world} tells no rules to search, so the strategy ${strategy} needs a model there.${how}`;
  }
  return null;
}

/** Refuses a goal that cannot be reached as it is given, before its run begins. */
export async function refuseUnworkable(goal: Goal, parts: Parts): Promise<void> {
  const { world: name, strategy, problem } = goal;
  await refuseClash(goal, parts);
  const { asksModels, needs } = findPreset(strategy);
  const hasModel = (await parts.models?.isThere()) === true;
  const mayFail = !asksModels || (needs === 'nothing' && !hasModel);
  if (!mayFail || problem !== null) return;
  const tellsRules = await rulesOf(goal, parts);
  const reason = tellsRules === null ? null : unworkable({ world: name, strategy, tellsRules, hasModel });
  if (reason !== null) throw new PraxisError('invalid', reason);
}

/** Scenarios whose worlds told rules, by catalogue: these are not opened again. What told none may have been mended. */
const KNOWN = new WeakMap<object, Set<string>>();

/** Whether a scenario's world tells rules, read from a session that is closed again; null where nobody can say now. */
async function rulesOf({ world: name, scenario, seed }: Goal, { worlds }: Parts): Promise<boolean | null> {
  const known = KNOWN.get(worlds) ?? new Set<string>();
  KNOWN.set(worlds, known);
  try {
    const world = await worlds.get(name);
    const { version } = await world.describe();
    const key = JSON.stringify([name, version, scenario]);
    const tellsRules = known.has(key) || (await lookAtRules(world, { scenario, seed }));
    if (tellsRules) known.add(key);
    return tellsRules;
  } catch {
    // The run itself says what is wrong with its world when it opens it.
    return null;
  }
}

async function lookAtRules(world: World, { scenario, seed }: Pick<Goal, 'scenario' | 'seed'>): Promise<boolean> {
  const session = await world.open({ scenario, problem: null, seed, sessionId: `look-${randomUUID()}` });
  try {
    return (await session.briefing()).rules !== null;
  } finally {
    await session.close();
  }
}

/** A declared skill that has the name of one of the world's actions must say that it performs it. */
async function refuseClash({ world: name, problem }: Goal, { worlds, executor }: Parts): Promise<void> {
  const declared = executor && (await declaredSkills(executor));
  if (!declared || declared.length === 0) return;
  const info: WorldInfo = await (await worlds.get(name)).describe();
  const actions = [...info.skills.map((s) => s.name), ...actionNames(problem?.domain ?? '')];
  const clash = clashingSkill(declared, actions);
  if (clash === null) return;
  const whose = `has the name of an action of the world ${name}`;
  const what = `The declared skill ${clash.name} ${whose}, and does not say that it performs it.`;
  throw new PraxisError('invalid', `${what} Add \`performs: ${name}\` to it in the skills file, or rename it.`);
}

/** An executor that does not answer in this time is not waited for: the check is made again when the run begins. */
const PATIENCE_MS = 2_000;

async function declaredSkills(executor: { describe(): Promise<ExecutorInfo> }): Promise<ExecutorInfo['skills'] | null> {
  const late = new AbortController();
  const asked = executor.describe().then(
    ({ skills }) => skills,
    () => null,
  );
  try {
    return await Promise.race([asked, sleep(PATIENCE_MS, null, { signal: late.signal })]);
  } finally {
    late.abort();
  }
}
