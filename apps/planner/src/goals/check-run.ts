import { worldSkills, type SkillCatalog, type SkillRegistry } from '@praxis/actions';
import {
  checksOfRun,
  digest,
  inputsOf,
  type Action,
  type ActionResult,
  type Run,
  type Verdict,
  type WorldSession,
} from '@praxis/core';
import { checkCondition, runScope } from '@praxis/environments';
import type { PlannerParts } from '../parts.js';

/** Whose goal is checked, and how long there is time for it. */
export interface CheckedRun {
  readonly state: Run;
  readonly signal: AbortSignal;
}

/**
 * Whether the goal of a run holds: the world is asked, and the named checks of the goal are evaluated. The planner calls
 * only skills that change nothing, and only those that every process has.
 */
export async function checkRun(
  { state, signal }: CheckedRun,
  session: WorldSession,
  { store, catalog, worlds }: Pick<PlannerParts, 'store' | 'catalog' | 'worlds'>,
): Promise<Verdict> {
  const { condition } = state.opened!;
  if (!condition.includes('(check ')) return session.check(condition, signal);
  const outputs = { ...inputsOf(state.goal), ...state.outputs };
  const { artifacts } = store;
  const info = await (await worlds.get(state.goal.world)).describe();
  const skills = await catalog?.registryFor(worldSkills(session, info), info, session.files);
  const call =
    skills && ((action: Action) => callPure(action, skills, { session, artifacts, seed: state.goal.seed, signal }));
  const scope = runScope({ session, artifacts, outputs, signal, ...(call && { call }) });
  return checkCondition(condition, checksOfRun(state), scope);
}

interface PureCall {
  readonly session: WorldSession;
  readonly artifacts: PlannerParts['store']['artifacts'];
  readonly seed: string;
  readonly signal: AbortSignal;
}

async function callPure(
  action: Action,
  skills: SkillRegistry,
  { session, artifacts, seed, signal }: PureCall,
): Promise<ActionResult> {
  if (skills.manifest(action)?.effect !== 'pure')
    return { ok: false, code: 'denied', message: `${action.skill} is no skill of every process that changes nothing.` };
  const files = session.files ?? { list: async () => [], find: async () => null };
  const tools = { artifacts, files, seed, progress: () => undefined };
  const key = digest({ skill: action.skill, args: { ...action.args } });
  return (await skills.run(action, key, signal, { tools })).result;
}

/** The skills that a planner has for checks. */
export type CheckSkills = Pick<SkillCatalog, 'registryFor'>;
