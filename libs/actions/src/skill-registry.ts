import { makeAction, PraxisError, type Action, type Observation, type Skill, type SkillManifest, type SkillSource } from '@praxis/core';
import { suggestion } from '@praxis/search';

/**
 * All skills that an executor has for a subgoal, whatever their source.
 *
 * R1 A name belongs to one skill; two sources with one name are refused when they are gathered.
 * R2 A call that does not fit the manifest never reaches the skill; it is an observation with `invalid-args` (S10).
 * R3 A skill sees its arguments in the order of its manifest, however the caller wrote them.
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
        if (other !== undefined) throw new PraxisError('invalid', `Two skills are called ${name}: one of ${other}, one of ${skill.manifest.source}. Leave one of the sources out, or rename the skill.`);
        skills.set(name, skill);
      }
    }
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
  async run(action: Action, key: string, signal: AbortSignal): Promise<Observation> {
    const skill = this.#skills.get(action.skill);
    if (!skill) return refused(`there is no skill called ${action.skill}${suggestion(action.skill, this.#skills.keys())}`);
    const misfit = findMisfit(action, skill.manifest);
    if (misfit !== null) return refused(misfit);
    const names = skill.manifest.parameters.map(({ name }) => name);
    return skill.run({ action: makeAction(action.skill, names, names.map((name) => action.args[name]!)), key, signal });
  }
}

function refused(message: string): Observation {
  return { result: { ok: false, code: 'invalid-args', message }, state: null };
}

/** What is wrong with a call, or null. Types other than JSON's own are the world's to judge. */
function findMisfit({ skill, args }: Action, { parameters }: SkillManifest): string | null {
  const names = parameters.map(({ name }) => name);
  const stray = Object.keys(args).find((name) => !names.includes(name));
  if (stray !== undefined) return `${skill} has no parameter ${stray}; it has ${names.join(', ') || 'none'}`;
  for (const { name, type } of parameters) {
    const value = args[name];
    if (value === undefined || value === null) return `${skill} needs ${name} (${type})`;
    const isPlain = type === 'string' || type === 'number' || type === 'boolean';
    if (isPlain && typeof value !== type) return `${name} of ${skill} must be a ${type}, found ${JSON.stringify(value)}`;
  }
  return null;
}
