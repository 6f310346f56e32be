import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { actionNames, clashingSkill } from '@praxis/actions';
import {
  PraxisError,
  type Condition,
  type Fact,
  type Goal,
  type World,
  type WorldInfo,
  type WorldSession,
} from '@praxis/core';
import { findPreset } from '@praxis/strategy';
import type { ExecutorInfo } from '@praxis/wire';
import type { PlannerParts } from '../parts.js';
import { refuseMisfitSteps } from './refuse-misfit-steps.js';
import { skillsOf } from '../rollback/roll-back.js';
import { skillOutlook, type SkillOutlook } from '../skill-search/search-skills.js';

type Parts = Pick<PlannerParts, 'worlds' | 'models'> & Partial<Pick<PlannerParts, 'executor'>>;

/** What a strategy has to work with in a world. */
export interface Workable {
  readonly world: string;
  readonly strategy: string;
  readonly tellsRules: boolean;
  readonly hasModel: boolean;
  /** Whether declared skills can be searched where there are no rules. */
  readonly overSkills?: SkillOutlook;
}

const NO_MODEL_YET =
  ' This deployment has no model yet: set PRAXIS_MODEL_URL to an OpenAI-compatible endpoint, or register nodes (docs/nodes.md).';

/**
 * Why a strategy cannot work in a world: what is missing, and what to use instead; null where it can.
 *
 * workable.1 What only searches needs a world that tells its rules.
 * workable.2 What searches first and then asks a model needs one of both.
 * workable.3 In a world without rules that takes in facts, declared skills are searched instead, where each literal of
 *            the goal is ensured by one of them.
 */
export function unworkable({ world, strategy, tellsRules, hasModel, overSkills }: Workable): string | null {
  if (tellsRules || overSkills?.kind === 'searchable') return null;
  const { asksModels, needs } = findPreset(strategy);
  if (needs === 'playbook') return null;
  const how = hasModel ? '' : NO_MODEL_YET;
  const either =
    overSkills?.kind === 'hopeless'
      ? ` Search over declared skills cannot reach the goal either: ${overSkills.why}.`
      : '';
  if (!asksModels) {
    const why = `The strategy ${strategy} searches the rules of a world, and the world ${world} tells none.`;
    return `${why}${either} Use a strategy with a model: react, tree, bounded-memory, async-planner or hybrid.${how}`;
  }
  if (needs === 'nothing' && !hasModel) {
    return `The world ${world} tells no rules to search, so the strategy ${strategy} needs a model there.${either}${how}`;
  }
  return null;
}

/** Refuses a goal that cannot be reached as it is given, before its run begins. */
export async function refuseUnworkable(goal: Goal, parts: Parts): Promise<void> {
  const { world: name, strategy, problem, playbook } = goal;
  await refuseClash(goal, parts);
  const offered = playbook && parts.executor && (await described(parts.executor));
  if (playbook && offered) refuseMisfitSteps(playbook, skillsOf(offered, name));
  const { asksModels, needs } = findPreset(strategy);
  const hasModel = (await parts.models?.isThere()) === true;
  const mayFail = !asksModels || (needs === 'nothing' && !hasModel);
  if (!mayFail || problem !== null) return;
  const look = await lookAt(goal, parts);
  if (look === null) return;
  const overSkills = await outlookOf(goal, look, parts.executor);
  const reason = unworkable({ world: name, strategy, tellsRules: look.tellsRules, hasModel, overSkills });
  if (reason !== null) throw new PraxisError('invalid', reason);
}

/** Scenarios whose worlds told rules, by catalogue: these are not opened again. What told none may have been mended. */
const KNOWN = new WeakMap<object, Set<string>>();

/** What a world shows of a scenario before a run begins. */
export interface SceneLook {
  readonly tellsRules: boolean;
  readonly condition: Condition;
  /** Null where they were not looked at. */
  readonly facts: readonly Fact[] | null;
  readonly recordsFacts: boolean;
}

const TELLS_RULES: SceneLook = { tellsRules: true, condition: '', facts: null, recordsFacts: false };

/** Looks at a scenario in a session that is closed again; null where nobody can say now. */
export async function lookAt(
  { world: name, scenario, seed }: Goal,
  { worlds }: Pick<Parts, 'worlds'>,
): Promise<SceneLook | null> {
  const known = KNOWN.get(worlds) ?? new Set<string>();
  KNOWN.set(worlds, known);
  try {
    const world = await worlds.get(name);
    const { version } = await world.describe();
    const key = JSON.stringify([name, version, scenario]);
    if (known.has(key)) return TELLS_RULES;
    const look = await lookAtScene(world, { scenario, seed });
    if (look.tellsRules) known.add(key);
    return look;
  } catch {
    // The run itself says what is wrong with its world when it opens it.
    return null;
  }
}

async function lookAtScene(world: World, { scenario, seed }: Pick<Goal, 'scenario' | 'seed'>): Promise<SceneLook> {
  const session = await world.open({ scenario, problem: null, seed, sessionId: `look-${randomUUID()}` });
  try {
    return await sceneOf(session);
  } finally {
    await session.close();
  }
}

/** What an open session shows; its facts are read only where they matter. */
export async function sceneOf(session: WorldSession): Promise<SceneLook> {
  const { rules, condition } = await session.briefing();
  if (rules !== null) return TELLS_RULES;
  const recordsFacts = session.files !== undefined;
  return { tellsRules: false, condition, facts: recordsFacts ? (await session.observe()).facts : null, recordsFacts };
}

/** Whether declared skills can be searched for a goal; `none` where executors do not say what they offer. */
export async function outlookOf(
  { world, condition, request, inputs }: Pick<Goal, 'world' | 'condition' | 'request' | 'inputs'>,
  look: SceneLook,
  executor: { describe(): Promise<ExecutorInfo> } | undefined,
): Promise<SkillOutlook> {
  const wanted = condition || (request === '' ? look.condition : '');
  if (look.tellsRules || !look.recordsFacts || executor === undefined || wanted === '') return { kind: 'none' };
  const info = await described(executor);
  if (info === null) return { kind: 'none' };
  const { facts, recordsFacts } = look;
  const skills = skillsOf(info, world);
  return skillOutlook({ condition: wanted, inputs: Object.keys(inputs), outputs: [], facts, skills, recordsFacts });
}

/** A declared skill that has the name of one of the world's actions must say that it performs it. */
async function refuseClash({ world: name, problem }: Goal, { worlds, executor }: Parts): Promise<void> {
  const declared = executor && (await described(executor))?.skills;
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

async function described(executor: { describe(): Promise<ExecutorInfo> }): Promise<ExecutorInfo | null> {
  const late = new AbortController();
  const asked = executor.describe().catch(() => null);
  try {
    return await Promise.race([asked, sleep(PATIENCE_MS, null, { signal: late.signal })]);
  } finally {
    late.abort();
  }
}
