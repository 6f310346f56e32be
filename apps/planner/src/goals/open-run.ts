import { domainSkills } from '@praxis/actions';
import {
  PraxisError,
  artifactsIn,
  judge,
  readRun,
  ruleTexts,
  type Briefing,
  type Checks,
  type Cost,
  type Goal,
  type KeptThought,
  type Run,
  type RunEvent,
  type RunId,
  type Tool,
  type WorldSession,
} from '@praxis/core';
import { findPreset } from '@praxis/strategy';
import { formaliseGoal, type Formalised, type GoalRequest } from './formalise-goal.js';
import type { PlannerParts } from '../parts.js';
import { understandRequest } from './understand-request.js';
import { outlookOf, sceneOf, unworkable } from './refuse-unworkable.js';
import { skillsOf } from '../rollback/roll-back.js';
import { sessionOf } from '../session-of.js';

type OpeningParts = Pick<PlannerParts, 'worlds' | 'archive' | 'log' | 'approvals' | 'store' | 'models' | 'executor'>;

/**
 * Opens the world of a run and pins the run to what it begins with: the world's rules as the agent believes them and
 * the archive's active tools (S9). The session's id is the run's, so that a repetition after a crash opens nothing
 * twice. A goal in plain words is said as a condition first; where that takes people's answers, the run asks.
 */
export async function openRun(
  run: RunId,
  { goal, asked }: Pick<Run, 'goal' | 'asked'>,
  parts: OpeningParts,
  signal: AbortSignal,
): Promise<readonly RunEvent[]> {
  const session =
    goal.undoes === null ? await freshWorld(run, goal, parts, signal) : await undoneWorld(goal.undoes, parts);
  const briefing = await session.briefing();
  if (goal.undoes === null) await refuseWithoutRules(goal, session, parts);
  const wanted = await conditionOf(
    { run, goal, asked, briefing, models: parts.models ?? null, signal },
    session,
    parts,
  );
  if (wanted.kind === 'questions') {
    const { call, spent, asks } = wanted;
    return [{ type: 'spent', on: 'opening', modelCalls: Math.max(1, spent.calls), spent, call: { ...call } }, ...asks];
  }
  const { domain, problem } = ruleTexts(briefing.rules);
  const domainName = domainNameOf(domain);
  const preset = findPreset(goal.strategy);
  const { constraints = [] } = wanted;
  const opened: RunEvent = {
    type: 'opened',
    session: session.id,
    domainName,
    domain,
    problem,
    condition: wanted.condition,
    ...(constraints.length > 0 && { constraints: [...constraints] }),
    ...(wanted.checks && { checks: { ...wanted.checks } }),
    agents: [...briefing.agents],
    approvals: [...parts.approvals],
    ...(await deniedSkills(goal, briefing, parts)),
    versions: { planning: preset.planning.version, acting: preset.acting.version },
    tools: goal.archive.use ? await findTools(goal.archive.space, domainName, parts) : [],
    // Whether a constraint was kept is asked at the end, whatever the strategy.
    ...((preset.asksModels || constraints.length > 0) && (await pinPrompts(parts))),
    ...(wanted.call && { call: { ...wanted.call }, spent: wanted.spent }),
  };
  return [opened];
}

type Wanted =
  | Exclude<Formalised, { readonly kind: 'condition' }>
  | {
      readonly kind: 'condition';
      readonly condition: string;
      readonly checks?: Checks;
      readonly constraints?: readonly string[];
      readonly call?: KeptThought;
      readonly spent?: Cost;
    };

/** A world may have changed since the goal was accepted, or could not be asked then. */
async function refuseWithoutRules(
  goal: Goal,
  session: WorldSession,
  { models, executor }: Pick<PlannerParts, 'models' | 'executor'>,
): Promise<void> {
  const { world, strategy } = goal;
  const hasModel = (await models?.isThere()) === true;
  const look = await sceneOf(session);
  const known = { world, strategy, tellsRules: look.tellsRules, hasModel };
  if (unworkable(known) === null) return;
  const reason = unworkable({ ...known, overSkills: await outlookOf(goal, look, executor) });
  if (reason !== null) throw new PraxisError('invalid', reason);
}

/** Skills that the rules deny whatever their arguments are: plans do without them from the first one on. */
async function deniedSkills(
  goal: Goal,
  briefing: Briefing,
  { approvals, executor }: Pick<PlannerParts, 'approvals' | 'executor'>,
): Promise<{ readonly denied?: string[] }> {
  if (![...approvals, ...goal.approvals].some((rule) => rule.decision === 'deny')) return {};
  const told = skillsOf(await executor.describe(), goal.world);
  const own = (await domainSkills(briefing.rules, `world:${goal.world}`)).filter(
    (s) => !told.some((t) => t.name === s.name),
  );
  const request = { world: goal.world, tenant: goal.tenant, taint: [] };
  const denied = [...told, ...own].filter(
    ({ name: skill, effect }) => judge(approvals, goal.approvals, { ...request, skill, effect }).decision === 'deny',
  );
  return denied.length > 0 ? { denied: denied.map((s) => s.name) } : {};
}

/** What the run is to bring about. */
async function conditionOf(
  goalRequest: Omit<GoalRequest, 'facts' | 'info'>,
  session: WorldSession,
  { worlds, executor }: Pick<PlannerParts, 'worlds' | 'executor'>,
): Promise<Wanted> {
  const { goal, briefing } = goalRequest;
  // What only takes back has no goal of its own.
  if (goal.undoes !== null) return { kind: 'condition', condition: '' };
  if (goal.condition !== '' || goal.request === '')
    return { kind: 'condition', condition: goal.condition || briefing.condition };
  const facts = await session.observe();
  if (briefing.rules === null) {
    const skills = skillsOf(await executor.describe(), goal.world);
    return understandRequest({ ...goalRequest, facts, skills });
  }
  const world = await worlds.get(goal.world);
  return formaliseGoal({ ...goalRequest, facts, info: await world.describe() });
}

async function freshWorld(
  run: RunId,
  { world: name, scenario, problem, seed, inputs }: Goal,
  { worlds }: Pick<PlannerParts, 'worlds'>,
  signal: AbortSignal,
): Promise<WorldSession> {
  const world = await worlds.get(name);
  const files = artifactsIn(inputs);
  return world.open({ scenario, problem, seed, sessionId: run, ...(files.length > 0 && { files }) }, signal);
}

/** Pins the run to the prompts as they are now; their texts are kept for as long as the run is. */
async function pinPrompts({
  models,
  store,
}: Pick<PlannerParts, 'models' | 'store'>): Promise<{ readonly prompts?: Record<string, string> }> {
  if (!models) return {};
  await store.blobs.keep(models.prompts.texts);
  return { prompts: { ...models.prompts.hashes } };
}

/** What is taken back is taken back in the world where it was done. */
async function undoneWorld(run: RunId, parts: Pick<PlannerParts, 'store' | 'worlds'>): Promise<WorldSession> {
  const { state } = await readRun(run, parts.store.journal);
  return sessionOf(run, state, parts);
}

/** Tools help but are not needed: without the archive the run goes on without them. */
async function findTools(space: string, domain: string, parts: Pick<PlannerParts, 'archive' | 'log'>): Promise<Tool[]> {
  try {
    return [...(await parts.archive.find({ space, domain }))];
  } catch (err) {
    parts.log.warn('the archive does not answer; the run begins without tools', { err });
    return [];
  }
}

function domainNameOf(pddl: string): string {
  return /\(\s*domain\s+([^\s()]+)\s*\)/i.exec(pddl)?.[1]?.toLowerCase() ?? '';
}
