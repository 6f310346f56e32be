import type {
  Action,
  Allowance,
  Answer,
  Cost,
  Failure,
  Question,
  SkillManifest,
  StateChange,
  StepEvent,
  WorldState,
} from '@praxis/core';
import type { ActionRecord } from '../effects/attempt-log.js';
import type { Elsewhere } from '../effects/elsewhere.js';
import type { Handlers } from './handlers.js';
import type { Rules } from '../effects/gate.js';
import type { StaleSoFar } from '../effects/staleness.js';

/** How far an effect had come before. */
export interface Progress {
  readonly decided: Extract<StepEvent, { type: 'decided' }> | null;
  /** How often it was begun. */
  readonly tries: number;
  /** It was begun, and neither postponed nor answered since. */
  readonly isBegun: boolean;
  /** What people said, by question. */
  readonly replies: ReadonlyMap<string, { readonly question: Question; readonly answer: Answer }>;
  /** Its latest postponement since it was decided or a person said something of it; null where there was none. */
  readonly postponed: Extract<StepEvent, { type: 'postponed' }> | null;
  /** When that was written, in milliseconds since 1970-01-01 UTC. */
  readonly postponedAt: number;
}

export const NO_PROGRESS: Progress = {
  decided: null,
  tries: 0,
  isBegun: false,
  replies: new Map(),
  postponed: null,
  postponedAt: 0,
};

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
  /** What the run has tried of an action before. */
  recordOf(action: Action): ActionRecord;
  /** Why an action is not to be done in this run any more; undefined where it may be. */
  permanentFailureOf(action: Action): Failure | undefined;
  /** What other subgoals of the run do with an action now; absent where there are none. */
  elsewhere?: ((action: Action) => Promise<Elsewhere>) | undefined;
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** How often the effect was begun by now. */
  tries(): number;
  /** How often people asked the run to try again. */
  readonly retries: number;
  /** How long whoever had the subgoal before may still be sending what it began, in milliseconds. */
  readonly takeOverMs: number;
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

/** One action on its way through the ledger: decided, let through the gate, tried, done, observed (S3, S4, S5). */
export interface ActionAttempt {
  readonly context: Context;
  readonly executor: NonNullable<Handlers['execute']>;
  readonly manifest: SkillManifest;
  readonly decided: NonNullable<Progress['decided']>;
  readonly key: string;
  readonly progress: Progress;
}

type PlainChange = Extract<StepEvent, { type: 'observed' }>['change'];

/** A change as the journal holds it. */
export const copyChange = (change: StateChange): PlainChange => ({
  added: [...change.added],
  removed: [...change.removed],
  numbers: { ...change.numbers },
});
