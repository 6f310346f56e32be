import type { Action } from '../values/action.js';
import type { Json } from '../values/json.js';
import type { WorldState } from '../values/state.js';
import type { OpenedEvent, Outcome, StepEvent } from './step.js';

/** What a strategy wants done. `id` comes back in the event that answers; it is unique within the stream. */
export type Effect =
  | {
      readonly kind: 'propose';
      readonly id: string;
      readonly by: string;
      readonly count: number;
      readonly context: Json;
    }
  | {
      readonly kind: 'evaluate';
      readonly id: string;
      readonly by: string;
      readonly candidates: readonly Json[];
      readonly context: Json;
    }
  | {
      readonly kind: 'verify';
      readonly id: string;
      readonly by: string;
      readonly candidate: Json;
      readonly context: Json;
    }
  | {
      readonly kind: 'execute';
      readonly id: string;
      readonly action: Action;
      readonly why: string;
      readonly origin: string;
      readonly taint?: readonly string[];
      /** The name under which later steps refer to its output. */
      readonly as?: string;
      /** The facts that it brings about, where the plan says so. */
      readonly ensures?: readonly string[];
    }
  | { readonly kind: 'simulate'; readonly id: string; readonly state: WorldState; readonly action: Action }
  | { readonly kind: 'checkpoint'; readonly id: string }
  | { readonly kind: 'restore'; readonly id: string; readonly snapshot: string }
  | {
      readonly kind: 'ask';
      readonly id: string;
      readonly to: string;
      readonly question: string;
      /** The answers to choose from; absent or empty: any. */
      readonly choices?: readonly string[];
      /** How long an answer is waited for, in milliseconds; absent: for ever. */
      readonly expiresMs?: number;
      /** Where untrusted parts of the question came from. */
      readonly taint?: readonly string[];
    }
  | { readonly kind: 'timer'; readonly id: string; readonly milliseconds: number }
  | { readonly kind: 'finish'; readonly outcome: Outcome; readonly reason: string; readonly result: Json };

/** What a strategy is told: the journalled answer to one of its effects. */
export type StrategyEvent = Exclude<
  StepEvent,
  {
    type:
      | 'opened'
      | 'decided'
      | 'tried'
      | 'postponed'
      | 'asked'
      | 'parked'
      | 'blocked'
      | 'replied'
      | 'wasted'
      | 'ended';
  }
>;

/** The next state and what to do about it. */
export interface Move<S> {
  readonly state: S;
  readonly effects: readonly Effect[];
}

/**
 * A stretch of steps that led nowhere: to nothing in the world, and nothing remembered, that had not been there before.
 */
export interface Stall {
  readonly reason: string;
  /** What was done, oldest first, and the world just before. */
  readonly steps: readonly { readonly action: Action; readonly before: WorldState }[];
  /** The strategy may plan again, or has to give up. */
  readonly demand: 'plan-again' | 'give-up';
}

/**
 * A way to plan or to act: a pure reducer. It never calls a model, a tool or a clock; the same events always give the
 * same state and effects, which is what makes a run durable, replayable and testable without a model.
 */
export interface Strategy<S> {
  readonly id: string;
  readonly version: number;
  begin(opened: OpenedEvent): Move<S>;
  on(state: S, event: StrategyEvent): Move<S>;
  /** What it has learned so far: with the same in the same world it would go the same way again. */
  progressKey?(state: S): Json;
  /** Told instead of carrying out its latest effects, which are dropped: it goes round in circles. */
  stalled?(state: S, stall: Stall): Move<S>;
}
