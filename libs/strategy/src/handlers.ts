import type { Action, Effect, Json, Observation, SkillManifest, StateChange, WorldState } from '@praxis/core';

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/**
 * How an app carries out a strategy's effects. A handler may be left out when no strategy the app runs asks for it.
 * What a handler returns is journalled before it is used (S7); a handler that throws stops the machine (S10).
 */
export interface Handlers {
  propose?(effect: Of<'propose'>, signal: AbortSignal): Promise<{ readonly candidates: readonly Json[]; readonly note: string }>;
  evaluate?(effect: Of<'evaluate'>, signal: AbortSignal): Promise<readonly number[]>;
  /** What is wrong with the candidate, one sentence each; empty when it passes. */
  verify?(effect: Of<'verify'>, signal: AbortSignal): Promise<readonly string[]>;
  execute?: {
    /** Null when no such skill is known here. */
    manifest(action: Action): SkillManifest | null;
    run(action: Action, key: string, signal: AbortSignal): Promise<Observation>;
  };
  simulate?(state: WorldState, action: Action): Promise<StateChange | null>;
  checkpoint?(): Promise<string>;
  restore?(snapshot: string): Promise<WorldState>;
  ask?(effect: Of<'ask'>, signal: AbortSignal): Promise<Json>;
}
