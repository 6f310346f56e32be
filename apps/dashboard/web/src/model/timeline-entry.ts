/** How a step, an attempt or a run can end. */
export type StepOutcome = 'done' | 'failed' | 'cancelled';

/** What an action may do to the world, as its skill declares it. */
export type EffectClass = 'pure' | 'reversible' | 'compensable' | 'irreversible' | 'unknown';

type Change = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly numbers: Readonly<Record<string, number | null>>;
};

/** A decision and what came of it. */
export interface StepEntry {
  readonly kind: 'step';
  readonly key: string;
  readonly at: number;
  readonly endedAt: number | null;
  readonly node: string;
  readonly attempt: number;
  readonly by: string;
  readonly number: number;
  readonly skill: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly why: string;
  /** `model`, `suggested`, `search`, `person`, `fork`, or the id of a tool. */
  readonly origin: string;
  /** Where untrusted parts of it came from. */
  readonly taint: readonly string[];
  /** Null until it is tried; pure actions are never announced. */
  readonly effect: EffectClass | null;
  /** `asking`: it waits for people; `waiting`: for its run's budget; `cancelled`: it was never begun. */
  readonly outcome: 'running' | 'asking' | 'waiting' | 'done' | 'failed' | 'cancelled' | 'unknown';
  readonly code: string | null;
  readonly message: string;
  /**
   * The source outside the world whose answer the message is, such as `http:127.0.0.1:9000`; absent where the world
   * answered.
   */
  readonly answeredBy?: string;
  readonly change: Change | null;
}

/** Something else that happened. */
export interface MomentEntry {
  readonly kind: 'moment';
  readonly key: string;
  readonly at: number;
  readonly node: string | null;
  readonly tone: 'plain' | 'plan' | 'good' | 'bad' | 'warn' | 'ask';
  readonly text: string;
  readonly detail: string;
}

/** One row of the timeline. */
export type Entry = StepEntry | MomentEntry;
