import { argumentOf, type Action, type EffectClass } from '../values/action.js';
import type { Observation } from './observation.js';
import type { Json } from '../values/json.js';

/**
 * How a skill's work is undone: a call of another skill. Values are `args.NAME` (an argument of the call that is
 * undone) or `key` (its idempotency key).
 */
export interface Undo {
  readonly skill: string;
  readonly args: Readonly<Record<string, string>>;
}

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
  /** It can tell what became of a key (S5). */
  readonly probed?: boolean;
  /** Calling it again without any change in the world is legitimate, since it waits for something. */
  readonly polling?: boolean;
  /** How it is taken back; what is `compensable` has one. */
  readonly undo?: Undo;
  /** Risk points that a call costs, instead of those of its effect class. */
  readonly risk?: number;
  /** What a call costs, in the currency of the run's budget. */
  readonly money?: number;
}

/** One request to carry out an action. */
export interface SkillCall {
  readonly action: Action;
  readonly key: string;
  readonly signal: AbortSignal;
  /** Digest of the state on which it was decided; absent where that does not matter. */
  readonly decidedOn?: string | undefined;
  /** An earlier request with this key may have arrived, and nothing says what became of it. */
  readonly inDoubt?: boolean | undefined;
}

/** What is told with a call besides what it is. */
export type CallNotes = Pick<SkillCall, 'decidedOn' | 'inDoubt'>;

/** What became of a key: done with this result, never done, or nobody can tell. */
export type Probe =
  | { readonly happened: true; readonly observation: Observation }
  | { readonly happened: false }
  | { readonly happened: null };

/** Something that can be done. */
export interface Skill {
  readonly manifest: SkillManifest;
  run(call: SkillCall): Promise<Observation>;
  /** Asked after a crash, where the manifest says `probed`; changes nothing. */
  probe?(call: SkillCall): Promise<Probe>;
  /**
   * Does what goes with an effect that is known, by a person's word, to have happened; says what the world looks like
   * then.
   */
  follow?(call: SkillCall): Promise<Observation>;
}

/** Socket: where skills come from (a world, an MCP server, the archive …). */
export interface SkillSource {
  readonly name: string;
  list(): Promise<readonly Skill[]>;
}

/** The call that takes an action back, or null where its skill names none. */
export function undoOf(action: Action, key: string, undo: Undo | undefined): Action | null {
  if (undo === undefined) return null;
  const value = (from: string): Json =>
    from === 'key' ? key : (argumentOf(action, from.replace(/^args\./, '')) ?? null);
  return {
    skill: undo.skill,
    args: Object.fromEntries(Object.entries(undo.args).map(([name, from]) => [name, value(from)])),
  };
}

const RISK: Readonly<Record<EffectClass, number>> = {
  pure: 0,
  reversible: 0,
  compensable: 1,
  irreversible: 5,
  unknown: 5,
};

/** Risk points of a call: the skill's own, or those of its effect class. */
export const riskOf = (manifest: SkillManifest): number => manifest.risk ?? RISK[manifest.effect];
