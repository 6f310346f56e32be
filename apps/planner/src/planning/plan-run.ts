import {
  PraxisError,
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
import { findPreset, interpret, type Handlers } from '@praxis/strategy';
import { z } from 'zod';
import type { PlannerParts } from '../parts.js';
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
  const observe = async (): Promise<WorldState> => (await (await parts.worlds.get(state.goal.world)).resume(opened.session)).observe();
  const planning = {
    stream: planningStream(run, version),
    subgoal: `${run}.${version}`,
    journal: parts.store.journal,
    strategy: findPreset(state.goal.strategy).planning,
    handlers: handlersOf(order, version, parts, observe),
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
        suggested: [],
        avoid: [...state.failures],
        domain: opened.domainName,
      };
    },
  };
  const end = await within(() => planSpan(run, version), () => interpret(planning));
  if (end.outcome !== 'done') return { type: 'ended', outcome: 'failed', reason: end.reason };
  const { plan, evaluated } = candidateSchema.parse(end.result);
  return { type: 'planned', plan, diff: mutable(diffPlans(state.plan, plan)), reason: order.reason, evaluated };
}

function handlersOf(order: PlanningOrder, version: number, parts: PlannerParts, observe: () => Promise<WorldState>): Handlers {
  const { state } = order;
  const opened = state.opened!;
  let from: WorldState | null = null;
  return {
    async propose(_effect, signal) {
      const now = await observe();
      from = now;
      const keep = (state.plan?.nodes ?? []).filter((n) => order.keep.includes(n.id));
      const task = { ...opened, tools: toolsOf(state), state: now, failures: state.failures, version, keep, evaluated: state.goal.budget.evaluated };
      const planning = await planBySearch(task, parts.search, signal);
      if (planning.plan === null) return { candidates: [], note: planning.reason };
      return { candidates: [{ plan: planning.plan, evaluated: planning.evaluated } as unknown as Json], note: '' };
    },
    async verify(effect) {
      const { plan } = candidateSchema.parse(effect.candidate);
      const { worlds } = await parts.executor.describe();
      const world = worlds.find((w) => w.name === state.goal.world);
      if (!world) throw new PraxisError('unavailable', `No executor knows the world ${state.goal.world}; start one that does.`);
      // A problem of the user's own brings its actions with it.
      const skills = world.skills.length > 0 ? world.skills.map((s) => s.name) : plan.nodes.flatMap((n) => n.steps.map((s) => s.skill));
      const goal = goalLiterals(opened.condition, new PlanningModel(opened));
      const now = from ?? (await observe());
      return validatePlan(plan, { agents: opened.agents, skills, goal, holding: goal.filter((l) => literalHolds(l, now)) });
    },
  };
}

function mutable(diff: ReturnType<typeof diffPlans>): { kept: string[]; added: string[]; dropped: string[] } {
  return { kept: [...diff.kept], added: [...diff.added], dropped: [...diff.dropped] };
}
