import {
  PraxisError,
  UNBOUNDED,
  diffPlans,
  literalHolds,
  planSchema,
  planningStream,
  toolsOf,
  validatePlan,
  type Json,
  type NodeId,
  type OpenedEvent,
  type Run,
  type RunEvent,
  type RunId,
  type WorldState,
} from '@praxis/core';
import { planSpan, within } from '@praxis/platform';
import { PlanningModel } from '@praxis/search';
import { findPinned, interpret, type Handlers } from '@praxis/strategy';
import { z } from 'zod';
import type { PlannerParts } from '../parts.js';
import { planRollback } from '../rollback/plan-rollback.js';
import { skillsOf } from '../rollback/roll-back.js';
import { sessionOf } from '../session-of.js';
import { goalLiterals, planBySearch } from './search-planner.js';

/** One planning of a run. */
export interface PlanningOrder {
  readonly run: RunId;
  readonly state: Run;
  readonly reason: 'first' | 'repair' | 'goal-missed';
  /** Nodes that stay. */
  readonly keep: readonly NodeId[];
  readonly signal: AbortSignal;
}

const candidateSchema = z.object({ plan: planSchema, evaluated: z.number() });

/**
 * Makes the next version of a run's plan: the planning strategy proposes and verifies, journalled in a stream of its
 * own, so that a crash does not search twice. Where there is no plan, the run ends with the reason.
 */
export async function planRun(order: PlanningOrder, parts: PlannerParts): Promise<RunEvent> {
  const { run, state } = order;
  const version = (state.plan?.version ?? 0) + 1;
  const opened = state.opened!;
  const observe = async (): Promise<WorldState> => (await sessionOf(run, state, parts)).observe();
  const planning = {
    stream: planningStream(run, version),
    subgoal: `${run}.${version}`,
    journal: parts.store.journal,
    strategy: findPinned(state.goal.strategy, 'planning', opened.versions.planning),
    handlers: planningHandlers(order, parts, observe),
    signal: order.signal,
    opening: async (): Promise<OpenedEvent> => {
      const { facts, numbers } = await observe();
      return {
        type: 'opened',
        by: 'planner',
        strategy: state.goal.strategy,
        state: { facts: [...facts], numbers: { ...numbers } },
        condition: opened.condition,
        owner: null,
        limits: { steps: 0, replans: 0 },
        allowance: UNBOUNDED,
        suggested: [],
        avoid: [...state.failures],
        domain: opened.domainName,
      };
    },
  };
  const end = await within(() => planSpan(run, version), () => interpret(planning));
  if (end === null) throw new PraxisError('bug', 'The planning waits for people, and nothing in it asks them.');
  if (end.outcome !== 'done') return { type: 'ended', outcome: 'failed', reason: end.reason };
  const { plan, evaluated } = candidateSchema.parse(end.result);
  return { type: 'planned', plan, diff: mutable(diffPlans(state.plan, plan)), reason: order.reason, evaluated };
}

/** How a planner carries out the effects of a planning strategy, from a world as it is observed. */
export function planningHandlers(order: Omit<PlanningOrder, 'reason' | 'signal'>, parts: Pick<PlannerParts, 'store' | 'executor' | 'search'>, observe: () => Promise<WorldState>): Handlers {
  const { state } = order;
  const version = (state.plan?.version ?? 0) + 1;
  const opened = state.opened!;
  let from: WorldState | null = null;
  return {
    async propose(_effect, signal) {
      const now = await observe();
      from = now;
      if (state.goal.undoes !== null) {
        const undoing = await planRollback(order.run, state, version, parts);
        return undoing.plan === null ? { candidates: [], note: undoing.reason } : { candidates: [{ plan: undoing.plan, evaluated: 0 } as unknown as Json], note: '' };
      }
      const keep = (state.plan?.nodes ?? []).filter((n) => order.keep.includes(n.id));
      const task = { ...opened, tools: toolsOf(state), state: now, failures: state.failures, version, keep, evaluated: state.goal.budget.evaluated };
      const planning = await planBySearch(task, parts.search, signal);
      // A search that was cut short may have a plan, but another one than it finds when it is let.
      signal.throwIfAborted();
      if (planning.plan === null) return { candidates: [], note: planning.reason };
      return { candidates: [{ plan: planning.plan, evaluated: planning.evaluated } as unknown as Json], note: '' };
    },
    async verify(effect) {
      const { plan } = candidateSchema.parse(effect.candidate);
      const info = await parts.executor.describe();
      const world = info.worlds.find((w) => w.name === state.goal.world);
      if (!world) throw new PraxisError('unavailable', `No executor knows the world ${state.goal.world}; start one that does.`);
      // A problem of the user's own brings its actions with it.
      const skills = world.skills.length > 0 ? skillsOf(info, world.name).map((s) => s.name) : plan.nodes.flatMap((n) => n.steps.map((s) => s.skill));
      if (state.goal.undoes !== null) return { violations: validatePlan(plan, { agents: opened.agents, skills, goal: [], holding: [] }) };
      const goal = goalLiterals(opened.condition, new PlanningModel(opened));
      const now = from ?? (await observe());
      const violations = validatePlan(plan, { agents: opened.agents, skills, goal, holding: goal.filter((l) => literalHolds(l, now)) });
      return { violations };
    },
  };
}

function mutable(diff: ReturnType<typeof diffPlans>): { kept: string[]; added: string[]; dropped: string[] } {
  return { kept: [...diff.kept], added: [...diff.added], dropped: [...diff.dropped] };
}
