import type {
  Action,
  CallNotes,
  Cost,
  Effect,
  Json,
  Observation,
  Probe,
  SkillManifest,
  StateChange,
  WorldState,
} from '@praxis/core';

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** What thinking cost, and the conversation it was, where a model did it. */
export interface Thought {
  readonly spent?: Cost;
  /** Hashes in the blob store: the head of the conversation, and the answer. */
  readonly call?: { readonly prompt: string; readonly answer: string };
}

/**
 * How an app carries out a strategy's effects. A handler may be left out when no strategy the app runs asks for it.
 * What a handler returns is journalled before it is used (S7); a handler that throws stops the machine (S10).
 */
export interface Handlers {
  propose?(
    effect: Of<'propose'>,
    signal: AbortSignal,
  ): Promise<Thought & { readonly candidates: readonly Json[]; readonly note: string }>;
  evaluate?(effect: Of<'evaluate'>, signal: AbortSignal): Promise<Thought & { readonly scores: readonly number[] }>;
  /** What is wrong with the candidate, one sentence each; empty when it passes. */
  verify?(effect: Of<'verify'>, signal: AbortSignal): Promise<Thought & { readonly violations: readonly string[] }>;
  /** The most that a proposal, evaluation or verification may cost; reserved before it begins. Free where left out. */
  estimate?(effect: Of<'propose' | 'evaluate' | 'verify'>): Cost | Promise<Cost>;
  execute?: {
    /** Null when no such skill is known here. */
    manifest(action: Action): SkillManifest | null;
    /**
     * `how`: the state on which it was decided, and whether an earlier request with the key may have been carried out.
     */
    run(action: Action, key: string, signal: AbortSignal, how?: CallNotes): Promise<Observation>;
    /**
     * What speaks against an action before anything is sent: its arguments, or the world as it is; null where nothing
     * does.
     */
    check?(action: Action): Promise<string | null>;
    /** For skills that are `probed`: what became of the key. */
    probe?(action: Action, key: string, signal: AbortSignal): Promise<Probe>;
    /** What goes with an effect that a person says has happened; null where nothing does. */
    follow?(action: Action, key: string, signal: AbortSignal): Promise<Observation | null>;
    /** The world as it is now; null where it shows nothing. */
    look?(): Promise<WorldState | null>;
  };
  simulate?(state: WorldState, action: Action): Promise<StateChange | null>;
  checkpoint?(): Promise<string>;
  restore?(snapshot: string): Promise<WorldState>;
}
