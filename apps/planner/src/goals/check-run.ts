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
  NO_COST,
  addCosts,
  runStream,
  type Cost,
  type KeptThought,
  type RunId,
} from '@praxis/core';
import { checkCondition, evidenceLines, runScope, type CheckScope } from '@praxis/environments';
import { judgeCheck, pinnedPrompts } from '@praxis/inference';
import type { PlannerParts } from '../parts.js';

/** Whose goal is checked, and how long there is time for it. */
export interface CheckedRun {
  readonly run: RunId;
  readonly state: Run;
  readonly deadline: number | null;
  readonly signal: AbortSignal;
}

/**
 * Whether the goal of a run holds: the world is asked, and the named checks of the goal are evaluated. The planner calls
 * only skills that change nothing, and only those that every process has.
 */
export async function checkRun(
  { run, state, deadline, signal }: CheckedRun,
  session: WorldSession,
  { store, catalog, worlds, models }: Pick<PlannerParts, 'store' | 'catalog' | 'worlds' | 'models'>,
): Promise<Checked> {
  const { condition } = state.opened!;
  if (!condition.includes('(check ')) return session.check(condition, signal);
  const unfinished = undoneForOpinion(state);
  if (unfinished !== null) return { holds: false, problems: [unfinished] };
  const inputs = inputsOf(state.goal);
  const outputs = { ...inputs, ...state.outputs };
  const { artifacts } = store;
  const info = await (await worlds.get(state.goal.world)).describe();
  const skills = await catalog?.registryFor(worldSkills(session, info), info, session.files);
  const call =
    skills && ((action: Action) => callPure(action, skills, { session, artifacts, seed: state.goal.seed, signal }));
  const checks = checksOfRun(state);
  const judges = await judgesOf({ run, state, deadline, signal }, { models: models ?? null, store }, () =>
    evidenceLines(session, artifacts, { inputs, outputs: state.outputs }),
  );
  const more = { ...(call && { call }), ...(judges && { judge: judges.judge }) };
  const verdict = await checkCondition(condition, checks, runScope({ session, artifacts, outputs, signal, ...more }));
  return { ...verdict, ...judges?.thought() };
}

/**
 * Where a budget is spent amid a plan, facts may hold all the same; an opinion is no reason to call work done that was
 * not. Null where all was done, or where no opinion is wanted.
 */
function undoneForOpinion(state: Run): string | null {
  const open = (state.plan?.nodes ?? []).filter((n) => state.nodes.get(n.id)?.status !== 'done');
  const isOpinion = Object.values(checksOfRun(state)).some((check) => 'judge' in check);
  if (open.length === 0 || !isOpinion) return null;
  return `${open.length} of ${state.plan!.nodes.length} subgoals are not done, and nothing but an opinion could say that the goal holds`;
}

/** A verdict, and what the models that judged have cost; absent where none was asked. */
export type Checked = Verdict & { readonly spent?: Cost; readonly call?: KeptThought };

/** How models judge statements about a run's outcome; null where none of its checks wants that, or there is none. */
async function judgesOf(
  { run, state, deadline, signal }: CheckedRun,
  { models, store }: Pick<PlannerParts, 'models' | 'store'>,
  evidence: () => Promise<readonly string[]>,
) {
  const wantsJudge = Object.values(checksOfRun(state)).some((check) => 'judge' in check);
  if (!wantsJudge || !models || !(await models.isThere())) return null;
  const prompts = await pinnedPrompts(state.opened!.prompts ?? {}, models.prompts, store.blobs);
  if (!Object.hasOwn(prompts.hashes, 'check-judge')) return null;
  const { request, seed, models: chosen } = state.goal;
  const place = { run, stream: runStream(run), urgency: 1, deadline };
  const base = { request, promptRunner: models.promptRunner, prompts, place, seed, models: chosen, signal };
  let spent = NO_COST;
  let call: KeptThought | undefined;
  const judge: NonNullable<CheckScope['judge']> = async (statement, texts, votes) => {
    const judged = await judgeCheck({
      ...base,
      statement,
      evidence: texts.length > 0 ? texts : await evidence(),
      votes,
    });
    spent = addCosts(spent, judged.spent);
    call = judged.call;
    return judged.scores;
  };
  return { judge, thought: () => (call === undefined ? {} : { spent, call }) };
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
