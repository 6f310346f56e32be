import {
  argumentOf,
  makeAction,
  PraxisError,
  type Action,
  type CallNotes,
  type Observation,
  type Probe,
  type Skill,
  type SkillManifest,
  type SkillSource,
} from '@praxis/core';
import { suggestion } from '@praxis/search';

/**
 * All skills that an executor has for a subgoal, whatever their source.
 *
 * skill-registry.1 A name belongs to one skill; two sources with one name are refused when they are gathered.
 * skill-registry.2 A call that does not fit the manifest never reaches the skill; it is an observation with
 *                  `invalid-args` (S10).
 * skill-registry.3 A skill sees its arguments in the order of its manifest, however the caller wrote them.
 * skill-registry.4 What is undone by a skill is undone by one that is here and takes the arguments that are named.
 */
export class SkillRegistry {
  readonly #skills: ReadonlyMap<string, Skill>;

  private constructor(skills: ReadonlyMap<string, Skill>) {
    this.#skills = skills;
  }

  /** Asks every source for its skills; fails with `invalid` where a name stands twice. */
  static async gather(sources: readonly SkillSource[]): Promise<SkillRegistry> {
    const skills = new Map<string, Skill>();
    for (const source of sources) {
      for (const skill of await source.list()) {
        const { name } = skill.manifest;
        const other = skills.get(name)?.manifest.source;
        if (other !== undefined)
          throw new PraxisError(
            'invalid',
            `Two skills are called ${name}: one of ${other}, one of ${skill.manifest.source}. Leave one of the sources out, or rename the skill.`,
          );
        skills.set(name, skill);
      }
    }
    for (const skill of skills.values()) refuseLostUndo(skill.manifest, skills);
    return new SkillRegistry(skills);
  }

  /** All manifests, in the order of the sources. */
  get manifests(): readonly SkillManifest[] {
    return [...this.#skills.values()].map(({ manifest }) => manifest);
  }

  /** Null where no skill has the action's name. */
  manifest(action: Action): SkillManifest | null {
    return this.#skills.get(action.skill)?.manifest ?? null;
  }

  /** Carries an action out. */
  async run(action: Action, key: string, signal: AbortSignal, how: CallNotes = {}): Promise<Observation> {
    const skill = this.#skills.get(action.skill);
    if (!skill)
      return refused(`there is no skill called ${action.skill}${suggestion(action.skill, this.#skills.keys())}`);
    const validationError = findValidationError(action, skill.manifest);
    if (validationError !== null) return refused(validationError);
    return skill.run({ action: inOrder(action, skill.manifest), key, signal, ...how });
  }

  /** What is wrong with a call, before it is made; null where it fits its skill. */
  validationError(action: Action): string | null {
    const skill = this.#skills.get(action.skill);
    return skill
      ? findValidationError(action, skill.manifest)
      : `there is no skill called ${action.skill}${suggestion(action.skill, this.#skills.keys())}`;
  }

  /** What goes with an action that is known to have happened; null where nothing does. */
  async follow(action: Action, key: string, signal: AbortSignal): Promise<Observation | null> {
    const skill = this.#skills.get(action.skill);
    if (!skill?.follow || findValidationError(action, skill.manifest) !== null) return null;
    return skill.follow({ action: inOrder(action, skill.manifest), key, signal });
  }

  /** What became of a key, as far as its skill can tell. */
  async probe(action: Action, key: string, signal: AbortSignal): Promise<Probe> {
    const skill = this.#skills.get(action.skill);
    if (!skill?.probe || findValidationError(action, skill.manifest) !== null) return { happened: null };
    return skill.probe({ action: inOrder(action, skill.manifest), key, signal });
  }
}

/** The action with its arguments in the order of the parameters (skill-registry.3). */
function inOrder(action: Action, { parameters }: SkillManifest): Action {
  const names = parameters.map(({ name }) => name);
  return makeAction(
    action.skill,
    names,
    names.map((name) => argumentOf(action, name)!),
  );
}

function refuseLostUndo({ name, undo, parameters }: SkillManifest, skills: ReadonlyMap<string, Skill>): void {
  if (undo === undefined) return;
  const other = skills.get(undo.skill)?.manifest;
  if (!other)
    throw new PraxisError(
      'invalid',
      `${name} is undone by ${undo.skill}, which is no skill here${suggestion(undo.skill, skills.keys())}. Declare it, or correct the name.`,
    );
  const [stray] = Object.keys(undo.args).filter((to) => !other.parameters.some((p) => p.name === to));
  const missing = other.parameters.find((p) => !Object.hasOwn(undo.args, p.name));
  const unknown = Object.values(undo.args).find(
    (from) => from !== 'key' && !parameters.some((p) => `args.${p.name}` === from),
  );
  const fault =
    stray !== undefined
      ? `it has no parameter ${stray}`
      : missing
        ? `it needs ${missing.name}`
        : unknown !== undefined
          ? `${name} has no parameter ${unknown.replace(/^args\./, '')}`
          : null;
  if (fault !== null)
    throw new PraxisError(
      'invalid',
      `${name} cannot be undone by ${undo.skill} as declared: ${fault}. Correct \`undo.args\` of ${name}.`,
    );
}

function refused(message: string): Observation {
  return { result: { ok: false, code: 'invalid-args', message }, state: null };
}

/** What is wrong with a call, or null. Types other than JSON's own are the world's to judge. */
function findValidationError(action: Action, { parameters }: SkillManifest): string | null {
  const { skill, args } = action;
  const names = parameters.map(({ name }) => name);
  const stray = Object.keys(args).find((name) => !names.includes(name));
  if (stray !== undefined) return `${skill} has no parameter ${stray}; it has ${names.join(', ') || 'none'}`;
  for (const { name, type } of parameters) {
    const value = argumentOf(action, name);
    if (value === undefined || value === null) return `${skill} needs ${name} (${type})`;
    const isPlain = type === 'string' || type === 'number' || type === 'boolean';
    if (isPlain && typeof value !== type)
      return `${name} of ${skill} must be a ${type}, found ${JSON.stringify(value)}`;
  }
  return null;
}
