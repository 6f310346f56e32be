import type { Action, EffectClass } from './action.js';
import type { Observation } from './observation.js';

/** What a skill says about itself: enough to choose it, check a call and judge its risk. */
export interface SkillManifest {
  readonly name: string;
  readonly summary: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  readonly effect: EffectClass;
  /** The skill does an action at most once per idempotency key, so that asking again is safe (S5). */
  readonly keyed: boolean;
  /** Where it comes from: `world:household`, `builtin`, `archive`. */
  readonly source: string;
}

/** One request to carry out an action. */
export interface SkillCall {
  readonly action: Action;
  readonly key: string;
  readonly signal: AbortSignal;
}

/** Something that can be done. */
export interface Skill {
  readonly manifest: SkillManifest;
  run(call: SkillCall): Promise<Observation>;
}

/** Socket: where skills come from (a world, an MCP server, the archive …). */
export interface SkillSource {
  readonly name: string;
  list(): Promise<readonly Skill[]>;
}
