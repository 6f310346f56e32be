import { argumentOf, type Action, type EffectClass } from '../values/action.js';
import type { Observation } from './observation.js';
import type { ArtifactRef } from '../values/artifact.js';
import type { Json } from '../values/json.js';
import type { Fact, Literal } from '../values/state.js';
import type { JsonSchema } from '../models/chat.js';
import type { ArtifactStore } from '../worlds/artifact-store.js';

/**
 * How a skill's work is undone: a call of another skill. Values are `args.NAME` (an argument of the call that is
 * undone) or `key` (its idempotency key).
 */
export interface Undo {
  readonly skill: string;
  readonly args: Readonly<Record<string, string>>;
}

/** One argument of a skill. `type` is a JSON type, or a type of the world's own objects. */
export interface SkillParameter {
  readonly name: string;
  readonly type: string;
  /** It may be left out. */
  readonly optional?: boolean;
}

/** What a skill says about itself: enough to choose it, check a call and judge its risk. */
export interface SkillManifest {
  readonly name: string;
  readonly summary: string;
  /** In the order in which a world or a person writes them. A skill with `input` has one for each property of it. */
  readonly parameters: readonly SkillParameter[];
  /** JSON Schema 2020-12 of the arguments, an object; absent where `parameters` say all. */
  readonly input?: JsonSchema;
  /** JSON Schema 2020-12 of the output's value; absent where it is not said. */
  readonly output?: JsonSchema;
  /** Literals over parameters that hold before, such as `(have ?table)`: search plans with them. */
  readonly requires?: readonly Literal[];
  /** Literals over parameters that hold after. */
  readonly ensures?: readonly Literal[];
  /** What it reads and writes, such as `file:{path}` or `host:{url}`: for parallel steps and permissions. */
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  /** What an executor must have to run it, such as `gpu`, `browser`, `mount:photos`. */
  readonly resources?: readonly string[];
  /** What it gives was written by strangers. */
  readonly outside?: boolean;
  /** SHA-256 of the canonical manifest without this field. */
  readonly hash?: string;
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

/** What a skill may use of the run it works for. */
export interface SkillTools {
  readonly artifacts: ArtifactStore;
  /** The files of the run's world, by path; a skill that writes gives the new ones as artifacts of its output. */
  readonly files: { list(): Promise<readonly ArtifactRef[]>; find(path: string): Promise<ArtifactRef | null> };
  /** For random choices: the same for the same step of a run (S8). */
  readonly seed: string;
  /** Shown live, at most a few times a second; never journalled. */
  progress(done: number, total: number, note: string): void;
}

/** One request to carry out an action. */
export interface SkillCall {
  /** Present where skills of the run may use its files and artifacts. */
  readonly tools?: SkillTools | undefined;
  readonly action: Action;
  readonly key: string;
  readonly signal: AbortSignal;
  /** Digest of the state on which it was decided; absent where that does not matter. */
  readonly decidedOn?: string | undefined;
  /** The facts that it brings about, where the plan says so; absent where its manifest does. */
  readonly ensures?: readonly Fact[] | undefined;
  /** An earlier request with this key may have arrived, and nothing says what became of it. */
  readonly inDoubt?: boolean | undefined;
}

/** What is told with a call besides what it is. */
export type CallNotes = Pick<SkillCall, 'decidedOn' | 'inDoubt' | 'ensures' | 'tools'>;

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
  /** Calls back whenever the list may have changed; gives what ends that. */
  watch?(changed: () => void): () => void;
  health?(): Promise<{ readonly isUp: boolean; readonly note: string }>;
  close?(): Promise<void>;
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

/** JSON Schema of a skill's arguments: its own, or one made of its parameters. */
export function inputSchemaOf({ input, parameters }: Pick<SkillManifest, 'input' | 'parameters'>): JsonSchema {
  if (input !== undefined) return input;
  const isJson = (type: string): boolean =>
    ['string', 'number', 'integer', 'boolean', 'object', 'array'].includes(type);
  const properties = parameters.map(({ name, type }) => [
    name,
    isJson(type) ? { type } : { type: 'string', description: type },
  ]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties) as Json,
    required: parameters.filter((p) => p.optional !== true).map((p) => p.name),
    additionalProperties: false,
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
