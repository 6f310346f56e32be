import {
  type Action,
  type Observation,
  type Probe,
  type Skill,
  type SkillCall,
  type SkillManifest,
  type SkillSource,
} from '@praxis/core';
import { suggestion } from '@praxis/search';
import { checkCall, schemaProblem, type CheckedCall } from './call-check.js';
import { settleOutput } from './settle-output.js';

/** A skill that is left out, and why. */
export interface QuarantinedSkill {
  readonly name: string;
  readonly source: string;
  readonly reason: string;
}

/** What comes with a call besides the action and its key. */
export type CallContext = Partial<Pick<SkillCall, 'decidedOn' | 'inDoubt' | 'tools'>>;

/**
 * All skills that an executor has for a subgoal, whatever their source.
 *
 * skill-registry.1 A name belongs to one skill: the first source that has it. A newcomer with a taken name is
 *                  quarantined: it is left out, the reason is listed, and nothing else fails.
 * skill-registry.2 A call that does not fit the manifest never reaches the skill; it is an observation with
 *                  `invalid-args` (S10) that names the argument.
 * skill-registry.3 A skill sees its arguments in the order of its manifest, however the caller wrote them, with the
 *                  defaults of those that were left out.
 * skill-registry.4 What is undone by a skill is undone by one that is here and takes the arguments that are named;
 *                  otherwise the skill is quarantined.
 * skill-registry.5 A skill whose schemas cannot be used is quarantined.
 * skill-registry.6 A value that does not fit the manifest's output schema is not passed on (settle-output.1).
 */
export class SkillRegistry {
  private constructor(
    private readonly skills: ReadonlyMap<string, Skill>,
    /** Skills that were left out. */
    readonly quarantined: readonly QuarantinedSkill[],
  ) {}

  /** Asks every source for its skills; fails only where a source does. */
  static async gather(sources: readonly SkillSource[]): Promise<SkillRegistry> {
    const lists: (readonly Skill[])[] = [];
    for (const source of sources) lists.push(await source.list());
    return SkillRegistry.of(lists.flat());
  }

  /** A registry of these skills; the first of a name counts. `quarantined` were left out before. */
  static of(all: readonly Skill[], quarantined: readonly QuarantinedSkill[] = []): SkillRegistry {
    const skills = new Map<string, Skill>();
    const out = [...quarantined];
    for (const skill of all) {
      const { name, source } = skill.manifest;
      const other = skills.get(name)?.manifest.source;
      const reason = other === undefined ? schemaProblem(skill.manifest) : clash(name, other);
      if (reason === null) skills.set(name, skill);
      else out.push({ name, source, reason });
    }
    leaveOutLostUndos(skills, out);
    return new SkillRegistry(skills, out);
  }

  /** All manifests, in the order of the sources. */
  get manifests(): readonly SkillManifest[] {
    return [...this.skills.values()].map(({ manifest }) => manifest);
  }

  /** Null where no skill has the action's name. */
  manifest(action: Action): SkillManifest | null {
    return this.skills.get(action.skill)?.manifest ?? null;
  }

  /** Carries an action out. */
  async run(action: Action, key: string, signal: AbortSignal, context: CallContext = {}): Promise<Observation> {
    const found = this.find(action);
    if ('problem' in found) return refused(found.problem);
    const { skill, ...checked } = found;
    const observation = await skill.run({ action: checked.action, key, signal, ...context });
    return settleOutput(observation, skill.manifest, context);
  }

  /** What is wrong with a call, before it is made; null where it fits its skill. */
  validationError(action: Action): string | null {
    const found = this.find(action);
    return 'problem' in found ? found.problem : null;
  }

  /** What goes with an action that is known to have happened; null where nothing does. */
  async follow(action: Action, key: string, signal: AbortSignal): Promise<Observation | null> {
    const found = this.find(action);
    if ('problem' in found || !found.skill.follow) return null;
    return found.skill.follow({ action: found.action, key, signal });
  }

  /** What became of a key, as far as its skill can tell. */
  async probe(action: Action, key: string, signal: AbortSignal, context: CallContext = {}): Promise<Probe> {
    const found = this.find(action);
    if ('problem' in found || !found.skill.probe) return { happened: null };
    const probe = await found.skill.probe({ action: found.action, key, signal, ...context });
    if (probe.happened !== true) return probe;
    return { happened: true, observation: await settleOutput(probe.observation, found.skill.manifest, context) };
  }

  private find(action: Action): (Extract<CheckedCall, { action: Action }> & { skill: Skill }) | { problem: string } {
    const skill = this.skills.get(action.skill);
    if (!skill) {
      const left = this.quarantined.find(({ name }) => name === action.skill);
      const why = left ? `; ${left.reason}` : suggestion(action.skill, this.skills.keys());
      return { problem: `there is no skill called ${action.skill}${why}` };
    }
    const checked = checkCall(action, skill.manifest);
    return 'problem' in checked ? checked : { ...checked, skill };
  }
}

const clash = (name: string, other: string): string =>
  `${other} already has a skill called ${name}; rename one of the two, or leave one of the sources out`;

/** Leaving one out may lose another its undo, so that it goes on until none is lost (skill-registry.4). */
function leaveOutLostUndos(skills: Map<string, Skill>, out: QuarantinedSkill[]): void {
  for (let isSettled = false; !isSettled;) {
    isSettled = true;
    for (const [name, { manifest }] of skills) {
      const reason = lostUndo(manifest, skills);
      if (reason === null) continue;
      skills.delete(name);
      out.push({ name, source: manifest.source, reason });
      isSettled = false;
    }
  }
}

function lostUndo({ name, undo, parameters }: SkillManifest, skills: ReadonlyMap<string, Skill>): string | null {
  if (undo === undefined) return null;
  const other = skills.get(undo.skill)?.manifest;
  if (!other)
    return `${name} is undone by ${undo.skill}, which is no skill here${suggestion(undo.skill, skills.keys())}; declare it, or correct the name`;
  const [stray] = Object.keys(undo.args).filter((to) => !other.parameters.some((p) => p.name === to));
  const missing = other.parameters.find((p) => p.optional !== true && !Object.hasOwn(undo.args, p.name));
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
  return fault && `${name} cannot be undone by ${undo.skill} as declared: ${fault}; correct \`undo.args\` of ${name}`;
}

function refused(message: string): Observation {
  return { result: { ok: false, code: 'invalid-args', message }, state: null };
}
