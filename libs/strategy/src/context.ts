import type { Action, Allowance, Answer, Cost, Question, StateChange, StepEvent, WorldState } from '@praxis/core';
import type { Handlers } from './handlers.js';
import type { Rules } from './gate.js';
import type { StaleSoFar } from './staleness.js';

/** How far an effect had come before. */
export interface Progress {
  readonly decided: Extract<StepEvent, { type: 'decided' }> | null;
  /** How often it was begun. */
  readonly tries: number;
  /** What people said, by question. */
  readonly replies: ReadonlyMap<string, { readonly question: Question; readonly answer: Answer }>;
}

export const NO_PROGRESS: Progress = { decided: null, tries: 0, replies: new Map() };

/** An action that is to be decided at a step, whatever the strategy says: what a fork changes. */
export interface ForcedStep {
  readonly step: number;
  readonly action: Action;
}

/** What carrying out an effect may use. */
export interface Context {
  readonly subgoal: string;
  readonly handlers: Handlers;
  /** Fires when work has to stop, for whatever reason. */
  readonly signal: AbortSignal;
  /** Fires only when what cannot be taken up again has to stop too. */
  readonly hardSignal: AbortSignal;
  readonly progress: Progress;
  /** Null: everything is allowed. */
  readonly rules: Rules | null;
  readonly forced: ForcedStep | null;
  world(): WorldState;
  /** What was decided and found stale since something else came of a decision, and how much of that costs nothing. */
  stale(): StaleSoFar;
  /** Nothing else is under way or waits. */
  isAlone(): boolean;
  /** Takes the number of the next decision. */
  takeStep(): number;
  /** What is neither spent nor reserved. */
  left(): Allowance;
  /** Sets aside what the effect may cost, until its answer says what it did cost. */
  reserve(id: string, cost: Cost): void;
  /** Comes back when the events, and all before them, are journalled. */
  write(events: readonly StepEvent[]): Promise<void>;
  /** Comes back when all that was written so far is journalled. */
  flushed(): Promise<void>;
}

type PlainChange = Extract<StepEvent, { type: 'observed' }>['change'];

/** A change as the journal holds it. */
export const copyChange = (change: StateChange): PlainChange => ({ added: [...change.added], removed: [...change.removed], numbers: { ...change.numbers } });
