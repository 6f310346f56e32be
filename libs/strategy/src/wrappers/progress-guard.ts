import {
  actionText,
  applyChange,
  digest,
  isStale,
  type Effect,
  type Move,
  type Stall,
  type Strategy,
  type StrategyEvent,
  type WorldState,
} from '@praxis/core';

/** How a guard behaves. */
export interface GuardParams {
  /** How often the strategy may plan again before it has to give up. */
  readonly interventions: number;
}

/** Where a guarded strategy stands. */
export interface GuardState<S> {
  readonly inner: S;
  /** Null: nobody minds (progress-guard.4). */
  readonly patience: number | null;
  readonly world: WorldState;
  /** Digests of what has been there: the world, with what the strategy had learned by then; oldest first. */
  readonly seen: readonly string[];
  /** The latest steps, as far as they made no progress. */
  readonly idle: Stall['steps'];
  /** Actions that were asked for and are not observed yet, by effect. */
  readonly underWay: ReadonlyMap<string, Stall['steps'][number]['action']>;
  readonly interventions: number;
}

/** How many steps without progress a subgoal is allowed, where nobody says otherwise. */
export const PATIENCE = 12;

/** A loop longer than this is left to the budget. */
const LONGEST_LOOP = 1000;

/**
 * Watches over a strategy that may go round in circles, as a strategy itself. Not the same action again is what counts
 * as a circle, but a world that was there before, when the strategy knew no more than it does now.
 *
 * progress-guard.1 A step makes progress when it leads to a world, or to something learned, that is new; after
 *                  something was learned every world is new. A polling skill may be repeated without progress, and does
 *                  not count; neither does a stale decision.
 * progress-guard.2 After `limits.patience` steps in a row without progress, and before another action, the strategy is
 *                  told and may plan again; after `interventions` of these it has to give up, with what it did in
 *                  circles as the reason.
 * progress-guard.3 Nothing is taken back in the world: it may be others' too, and they have gone on from there. What is
 *                  rolled back is the strategy's own plan.
 * progress-guard.4 Where a stream's `opened` names no patience, the guard does nothing, so that older histories replay
 *                  as they are (S9).
 */
export function withProgressGuard<S>(strategy: Strategy<S>, params: GuardParams): Strategy<GuardState<S>> {
  return {
    id: strategy.id,
    version: strategy.version,
    begin(opened) {
      const { state: inner, effects } = strategy.begin(opened);
      const patience = opened.limits.patience ?? null;
      const state: GuardState<S> = {
        inner,
        patience,
        world: opened.state,
        seen: [],
        idle: [],
        underWay: new Map(),
        interventions: 0,
      };
      return { state: note({ ...state, seen: patience === null ? [] : [pairOf(strategy, state)] }, effects), effects };
    },
    on(before, event) {
      const { state: inner, effects } = strategy.on(before.inner, event);
      const state = look(strategy, { ...before, inner }, event);
      const isStalled =
        state.patience !== null && state.idle.length >= state.patience && effects.some((e) => e.kind === 'execute');
      const move = isStalled ? intervene(strategy, state, params) : { state, effects };
      return { state: note(move.state, move.effects), effects: move.effects };
    },
    ...(strategy.progressKey && { progressKey: (state: GuardState<S>) => strategy.progressKey!(state.inner) }),
  };
}

/** The world, with what the strategy has learned. */
const pairOf = <S>({ progressKey }: Strategy<S>, { world, inner }: GuardState<S>): string =>
  digest({ facts: [...world.facts], numbers: { ...world.numbers }, key: progressKey?.(inner) ?? null });

/** Takes in what an event says about progress (progress-guard.1). */
function look<S>(strategy: Strategy<S>, state: GuardState<S>, event: StrategyEvent): GuardState<S> {
  if (event.type === 'restored') return { ...state, world: event.state };
  if (event.type !== 'observed' || state.patience === null) return state;
  const action = state.underWay.get(event.id)!;
  const underWay = new Map([...state.underWay].filter(([id]) => id !== event.id));
  const next: GuardState<S> = { ...state, underWay, world: applyChange(state.world, event.change) };
  const pair = pairOf(strategy, next);
  if (isStale(event.result))
    return { ...next, seen: state.seen.includes(pair) ? state.seen : [...state.seen.slice(1 - LONGEST_LOOP), pair] };
  if (!state.seen.includes(pair)) return { ...next, idle: [], seen: [...state.seen.slice(1 - LONGEST_LOOP), pair] };
  return event.polling ? next : { ...next, idle: [...state.idle, { action, before: state.world }] };
}

/** Tells the strategy, or ends it (progress-guard.2). */
function intervene<S>(strategy: Strategy<S>, state: GuardState<S>, params: GuardParams): Move<GuardState<S>> {
  const demand = state.interventions < params.interventions ? 'plan-again' : 'give-up';
  const reason = `the last ${state.idle.length} steps led only to where it had been before, and nothing was learned: ${tally(state.idle)}`;
  const told = strategy.stalled?.(state.inner, { reason, steps: state.idle, demand });
  const goesOn = told !== undefined && (demand === 'plan-again' || told.effects.some((e) => e.kind === 'finish'));
  const inner = told?.state ?? state.inner;
  const effects: readonly Effect[] = goesOn
    ? told.effects
    : [{ kind: 'finish', outcome: 'failed', reason, result: null }];
  return { state: { ...state, inner, idle: [], interventions: state.interventions + 1 }, effects };
}

/** Remembers which actions were asked for. */
function note<S>(state: GuardState<S>, effects: readonly Effect[]): GuardState<S> {
  const asked = effects.flatMap((e) => (e.kind === 'execute' ? [[e.id, e.action] as const] : []));
  return state.patience === null || asked.length === 0
    ? state
    : { ...state, underWay: new Map([...state.underWay, ...asked]) };
}

/** `(go a b) 6 times, (go b a) 6 times` */
function tally(steps: Stall['steps']): string {
  const times = new Map<string, number>();
  for (const { action } of steps) times.set(actionText(action), 1 + (times.get(actionText(action)) ?? 0));
  return [...times].map(([text, n]) => (n === 1 ? text : `${text} ${n} times`)).join(', ');
}
