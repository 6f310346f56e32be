import {
  nextPlanVersion,
  planSchema,
  toolsOf,
  rulesIn,
  type Effect,
  type Json,
  type Run,
  type WorldState,
} from '@praxis/core';
import { toldProblems } from '@praxis/inference';
import { findPreset, type Handlers } from '@praxis/strategy';
import { z } from 'zod';
import { skillsOf } from '../rollback/roll-back.js';
import { planRollback } from '../rollback/plan-rollback.js';
import { searchSkills } from '../skill-search/search-skills.js';
import { checkPlan } from './check-plan.js';
import { drafterOf } from '../drafting/drafter-of.js';
import type { SkillDrafter } from '../drafting/skill-drafter.js';
import { PlanDesigner, designerOf } from './plan-designer.js';
import { proposeDirectly } from './propose-directly.js';
import { proposePlaybook } from './propose-playbook.js';
import type { PlanningParts, PlanningSubject } from './planning-subject.js';
import { planBySearch } from './search-planner.js';

type Proposal = Awaited<ReturnType<NonNullable<Handlers['propose']>>>;

const candidateSchema = z.object({ plan: planSchema });

/** How a planner carries out the effects of a planning strategy, from a world as it is observed. */
export async function planningHandlers(
  subject: PlanningSubject,
  parts: PlanningParts,
  observe: () => Promise<WorldState>,
  /** Whether the world takes in facts that skills ensure; asked only where there are no rules. */
  recordsFacts: () => Promise<boolean> = async () => true,
): Promise<Handlers> {
  const { state } = subject;
  const designer = await designerOf(subject, parts, observe);
  let drafter: Promise<SkillDrafter | null> | null = null;
  const drafts = (): Promise<SkillDrafter | null> => (drafter ??= drafterOf(subject, parts));
  let from: WorldState | null = null;
  const propose = async (effect: Extract<Effect, { kind: 'propose' }>, signal: AbortSignal): Promise<Proposal> => {
    if (state.goal.undoes !== null) return undoing(subject, parts);
    if (state.goal.playbook !== null) return proposePlaybook(subject, parts);
    if (effect.by === 'drafter') return (await drafts())?.propose(effect, signal) ?? NO_DESIGNER;
    if (effect.by === 'designer') {
      from = null;
      if (rulesIn(state.opened!) === null) return proposeDirectly(state);
      return designer === null || (await isHopeless(state, parts)) ? NO_DESIGNER : designer.propose(effect, signal);
    }
    from = await observe();
    return rulesIn(state.opened!) === null
      ? overSkills(subject, parts, { from, signal, recordsFacts: await recordsFacts() })
      : search(subject, parts, { from, signal });
  };
  return {
    propose,
    async verify(effect, signal) {
      const { plan } = candidateSchema.parse(effect.candidate);
      // Without rules there is nothing that an opinion could go by.
      if (effect.by === 'evaluators')
        return designer === null || rulesIn(state.opened!) === null
          ? { violations: [] }
          : designer.criticise(effect.id, plan, signal);
      const start = from ?? (await observe());
      const bounds = { isExact: from !== null, most: parts.caps?.planNodes ?? Infinity };
      const frame = { run: state, from: start, executor: parts.executor, turn: subject.run, signal, ...bounds };
      return { violations: toldProblems(await checkPlan(plan, frame)) };
    },
    ...(designer && { estimate: (effect) => estimate(designer, effect) }),
  };

  async function estimate(by: PlanDesigner, effect: Extract<Effect, { kind: 'propose' | 'evaluate' | 'verify' }>) {
    if (await isHopeless(state, parts)) return FREE;
    if (effect.kind === 'propose' && effect.by === 'drafter') return (await drafts())?.estimate(effect) ?? FREE;
    if (rulesIn(state.opened!) === null) return FREE;
    if (effect.kind === 'propose' && effect.by === 'designer') return by.estimate(effect);
    if (effect.kind === 'verify' && effect.by === 'evaluators')
      return by.estimateCritique(effect.id, candidateSchema.parse(effect.candidate).plan);
    return FREE;
  }
}

const FREE = { steps: 0, calls: 0, tokens: 0, money: 0, risk: 0 };

const NO_DESIGNER: Proposal = {
  candidates: [],
  note: 'no model is there to ask: set PRAXIS_MODEL_URL, or register a node (docs/models.md)',
};

/** Whether a strategy that can do without models has none to ask; one that needs a model waits for it. */
async function isHopeless({ goal }: Run, { models }: Pick<PlanningParts, 'models'>): Promise<boolean> {
  return findPreset(goal.strategy).needs === 'nothing' && (await models?.isThere()) !== true;
}

async function undoing({ run, state }: PlanningSubject, parts: PlanningParts): Promise<Proposal> {
  const { plan, reason } = { reason: '', ...(await planRollback(run, state, nextPlanVersion(state), parts)) };
  return plan === null
    ? { candidates: [], note: reason }
    : { candidates: [{ plan, evaluated: 0 } as unknown as Json], note: '' };
}

async function search(
  { run, state, keep }: PlanningSubject,
  parts: PlanningParts,
  { from, signal }: { readonly from: WorldState; readonly signal: AbortSignal },
): Promise<Proposal> {
  const kept = (state.plan?.nodes ?? []).filter((n) => keep.includes(n.id));
  const task = {
    ...state.opened!,
    tools: toolsOf(state),
    state: from,
    failures: state.failures,
    version: nextPlanVersion(state),
    keep: kept,
    evaluated: state.goal.budget.evaluated,
    turn: run,
  };
  const planning = await planBySearch(task, parts.search, signal);
  // A search that was cut short may have a plan, but another one than it finds when it is let.
  signal.throwIfAborted();
  if (planning.plan === null) return { candidates: [], note: planning.reason };
  return { candidates: [{ plan: planning.plan, evaluated: planning.evaluated } as unknown as Json], note: '' };
}

/** Plans over what skills declare, in a world that tells no rules. */
async function overSkills(
  { run, state, keep }: PlanningSubject,
  { executor, search: find }: PlanningParts,
  now: { readonly from: WorldState; readonly signal: AbortSignal; readonly recordsFacts: boolean },
): Promise<Proposal> {
  const kept = (state.plan?.nodes ?? []).filter((n) => keep.includes(n.id));
  const skills = skillsOf(await executor.describe(), state.goal.world);
  const planning = await searchSkills({ ...now, state, kept, skills, search: find, turn: run });
  if (planning.plan === null) return { candidates: [], note: planning.reason };
  return { candidates: [{ ...planning } as unknown as Json], note: '' };
}
