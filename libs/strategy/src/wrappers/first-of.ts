import { z } from 'zod';
import {
  actionText,
  applyChange,
  failureData,
  failureSchema,
  isStale,
  withAnswer,
  type Effect,
  type FailureCode,
  type Json,
  type Move,
  type OpenedEvent,
  type SkillAnswer,
  type Strategy,
  type StrategyEvent,
  type WorldState,
} from '@praxis/core';
import { learnedFailures, uniqueFailures } from '../kernels/failure-memory.js';
import { refusalOf } from '../effects/refusal.js';

/** Where a chain of strategies stands. */
export interface ChainState {
  readonly opened: OpenedEvent;
  readonly world: WorldState;
  /** Which strategy is at work, and where it stands. */
  readonly at: number;
  readonly inner: unknown;
  /** Actions done so far, by all of them. */
  readonly steps: number;
  /** What skills outside the world answered, in this subgoal and before it. */
  readonly heard: readonly SkillAnswer[];
  /** Calls under way, by the id of their effect. */
  readonly calls: ReadonlyMap<string, string>;
  /** How those before it ended. */
  readonly before: readonly { readonly id: string; readonly reason: string; readonly result: Json }[];
}

/** What an acting strategy reports. */
const reportSchema = z.object({
  steps: z.number(),
  failedSteps: z.number(),
  replans: z.number(),
  toolsUsed: z.array(z.string()),
  failures: z.array(failureSchema),
});

/** What another strategy would not change. */
const FINAL: ReadonlySet<FailureCode> = new Set(['cancelled', 'denied', 'budget']);

/**
 * Strategies one after the other, until one does not fail.
 *
 * first-of.1 Effects bear the number of their strategy, so that ids are unique in the stream, and late answers reach
 *            nobody else.
 * first-of.2 A strategy that fails is followed by the next one in the world as it is then, with the limits that are
 *            left and with what was learned.
 * first-of.3 Where the failure follows from an action that was denied or cancelled, or from anything that could not be
 *            paid for, it is everybody's.
 * first-of.4 What they report is reported as one.
 * first-of.5 What skills outside the world answered to one of them is known to the next one.
 */
export function firstOf(
  id: string,
  strategies: readonly [Strategy<unknown>, ...Strategy<unknown>[]],
): Strategy<ChainState> {
  return {
    id,
    // Whoever of them changes changes the chain.
    version: strategies.reduce((version, s) => version + s.version - 1, 1),
    begin(opened) {
      return enter(
        {
          opened,
          world: opened.state,
          at: 0,
          inner: null,
          steps: 0,
          heard: opened.heard ?? [],
          calls: new Map(),
          before: [],
        },
        strategies,
      );
    },
    on(before, event) {
      const state = look(before, event);
      const [number, ...rest] = event.id.split('.');
      if (Number(number) !== state.at) return { state, effects: [] };
      const move = strategies[state.at]!.on(state.inner, { ...event, id: rest.join('.') });
      const isFinal =
        refusalOf(event) !== null || (event.type === 'observed' && !event.result.ok && FINAL.has(event.result.code));
      return settle(state, move, isFinal, strategies);
    },
  };
}

/** The world is the same for all of them. */
function look(state: ChainState, event: StrategyEvent): ChainState {
  if (event.type === 'restored') return { ...state, world: event.state };
  if (event.type !== 'observed') return state;
  const { change, answeredBy: source, result } = event;
  const action = state.calls.get(event.id);
  const isHeard = source !== undefined && result.ok && action !== undefined;
  const heard = isHeard ? withAnswer(state.heard, { action, text: result.message, source }) : state.heard;
  return { ...state, world: applyChange(state.world, change), steps: state.steps + (isStale(result) ? 0 : 1), heard };
}

function enter(state: ChainState, strategies: readonly Strategy<unknown>[]): Move<ChainState> {
  const { opened, world, steps, before } = state;
  const reports = before.flatMap(({ result }) => reportSchema.safeParse(result).data ?? []);
  const used = reports.reduce((sum, r) => sum + r.replans, 0);
  const { limits, avoid } = opened;
  const left: OpenedEvent = {
    ...opened,
    state: { facts: [...world.facts], numbers: { ...world.numbers } },
    limits: { ...limits, steps: Math.max(0, limits.steps - steps), replans: Math.max(0, limits.replans - used) },
    avoid: [...uniqueFailures([...avoid, ...reports.flatMap((r) => r.failures)])],
    ...(state.heard.length > 0 && { heard: state.heard.map((a) => ({ ...a })) }),
  };
  return settle(state, strategies[state.at]!.begin(left), false, strategies);
}

function settle(
  before: ChainState,
  { state: inner, effects }: Move<unknown>,
  isFinal: boolean,
  strategies: readonly Strategy<unknown>[],
): Move<ChainState> {
  const state: ChainState = { ...before, inner };
  const finish = effects.find((e) => e.kind === 'finish');
  if (!finish) {
    const asked = effects.map((e) => numbered(e, state.at));
    return { state: { ...state, calls: withCalls(state.calls, asked) }, effects: asked };
  }
  const ended = [...state.before, { id: strategies[state.at]!.id, reason: finish.reason, result: finish.result }];
  const goesOn = finish.outcome === 'failed' && !isFinal && state.at + 1 < strategies.length;
  if (goesOn) return enter({ ...state, at: state.at + 1, inner: null, before: ended }, strategies);
  const earlier = state.before.map((e) => `${e.id} gave up: ${e.reason}`);
  const reason = earlier.length === 0 ? finish.reason : `${finish.reason} (before, ${earlier.join('; ')})`;
  return {
    state,
    effects: [
      {
        ...finish,
        reason,
        result: merged(
          ended.map((e) => e.result),
          state.opened,
        ),
      },
    ],
  };
}

/** Remembers which calls were asked for. */
function withCalls(calls: ChainState['calls'], effects: readonly Effect[]): ChainState['calls'] {
  const asked = effects.flatMap((e) => (e.kind === 'execute' ? [[e.id, actionText(e.action)] as const] : []));
  return asked.length === 0 ? calls : new Map(asked);
}

const numbered = (effect: Effect, at: number): Effect =>
  'id' in effect ? { ...effect, id: `${at}.${effect.id}` } : effect;

/** All reports as one; what is no report stands for itself (first-of.4). */
function merged(results: readonly Json[], { avoid }: OpenedEvent): Json {
  const last = results.at(-1)!;
  const reports = results.flatMap((result) => reportSchema.safeParse(result).data ?? []);
  if (reports.length === 0 || (last !== null && !reportSchema.safeParse(last).success)) return last;
  const sum = (of: 'steps' | 'failedSteps' | 'replans'): number => reports.reduce((total, r) => total + r[of], 0);
  return {
    steps: sum('steps'),
    failedSteps: sum('failedSteps'),
    // To go about it in another way is to plan again.
    replans: sum('replans') + results.length - 1,
    toolsUsed: [...new Set(reports.flatMap((r) => r.toolsUsed))],
    failures: learnedFailures(uniqueFailures(reports.flatMap((r) => r.failures)), avoid).map(failureData),
  };
}
