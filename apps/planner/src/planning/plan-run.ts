import {
  NO_COST,
  addCosts,
  costOf,
  countModelCalls,
  diffPlans,
  freeOf,
  nextPlanVersion,
  planSchema,
  planningStream,
  stepEvents,
  type Answer,
  type NodeId,
  type OpenedEvent,
  type Run,
  type RunEvent,
  type RunId,
  type StepEvent,
  type WorldState,
} from '@praxis/core';
import { loopShare, planSpan, within } from '@praxis/platform';
import { findPinned, interpret } from '@praxis/strategy';
import { z } from 'zod';
import type { PlannerParts } from '../parts.js';
import { sessionOf } from '../session-of.js';
import { planningHandlers } from './planning-handlers.js';

/** One planning of a run. */
export interface PlanningOrder {
  readonly run: RunId;
  readonly state: Run;
  readonly reason: 'first' | 'repair' | 'goal-missed';
  /** Nodes that stay. */
  readonly keep: readonly NodeId[];
  /** Milliseconds since 1970-01-01 UTC by which the run has to be over; null: never. */
  readonly deadline: number | null;
  readonly signal: AbortSignal;
}

const resultSchema = z.object({ plan: planSchema, evaluated: z.number() });

/**
 * Makes the next version of a run's plan: the planning strategy proposes and verifies, journalled in a stream of its
 * own, so that a crash does not think twice. Where there is no plan, the run ends with the reason; where people have to
 * be asked first, the run asks them, and the planning goes on when they have answered.
 */
export async function planRun(order: PlanningOrder, parts: PlannerParts): Promise<readonly RunEvent[]> {
  const { run, state } = order;
  const version = nextPlanVersion(state);
  const opened = state.opened!;
  const observe = async (): Promise<WorldState> => (await sessionOf(run, state, parts)).observe();
  const recordsFacts = async (): Promise<boolean> => (await sessionOf(run, state, parts)).files !== undefined;
  const stream = planningStream(run, version);
  const planning = {
    stream,
    subgoal: `${run}.${version}`,
    journal: parts.store.journal,
    strategy: findPinned(state.goal.strategy, 'planning', opened.versions.planning),
    handlers: await planningHandlers(order, parts, observe, recordsFacts),
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
        // It acts on nothing: only what it thinks costs.
        allowance: { ...freeOf(state), steps: null, risk: null },
        suggested: [],
        avoid: [...state.failures],
        domain: opened.domainName,
      };
    },
    answers: async (questions: readonly string[]) => answersTo(state, questions),
  };
  const end = await within(
    () => planSpan(run, version),
    () => interpret(planning),
  );
  const share = loopShare();
  const events: StepEvent[] = [];
  for (const stored of await parts.store.journal.read(stream)) {
    events.push(stepEvents.decode(stored));
    await share();
  }
  if (end === null) return questionsOf(events, state);
  // Whoever cancelled the run ends it.
  if (end.outcome === 'cancelled') return [];
  if (end.outcome !== 'done') return [{ type: 'ended', outcome: 'failed', reason: end.reason }];
  const { plan, evaluated } = resultSchema.parse(end.result);
  await share();
  const spent = events.map(costOf).reduce(addCosts, NO_COST);
  return [
    {
      type: 'planned',
      plan,
      diff: mutable(diffPlans(state.plan, plan)),
      reason: order.reason,
      evaluated,
      ...countModelCalls(events),
      ...(spent.calls > 0 && { spent }),
    },
  ];
}

function answersTo({ asked }: Run, questions: readonly string[]): ReadonlyMap<string, Answer> {
  return new Map(
    asked.flatMap(({ question, answer }) =>
      answer !== null && questions.includes(question.id) ? [[question.id, answer]] : [],
    ),
  );
}

/**
 * What the planning asks and its run has not asked yet; a run that may not ask for more ends where its budget is short.
 */
function questionsOf(events: readonly StepEvent[], { asked, goal }: Run): readonly RunEvent[] {
  const known = new Set(asked.map((q) => q.question.id));
  const fresh = events.flatMap((e) => (e.type === 'asked' && !known.has(e.question.id) ? [e.question] : []));
  const short = goal.budget.whenSpent === 'fail' ? fresh.find((q) => q.kind === 'budget') : undefined;
  if (short)
    return [
      {
        type: 'ended',
        outcome: 'failed',
        reason: `the budget of the run is spent: ${short.text} Submit again with a larger one.`,
      },
    ];
  return fresh.map((question): RunEvent => ({ type: 'asked', question }));
}

function mutable(diff: ReturnType<typeof diffPlans>): { kept: string[]; added: string[]; dropped: string[] } {
  return { kept: [...diff.kept], added: [...diff.added], dropped: [...diff.dropped] };
}
