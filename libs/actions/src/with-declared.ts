import type { Skill, SkillManifest, WorldInfo } from '@praxis/core';
import { suggestion } from '@praxis/search';
import type { DeclaredSkill } from './declared-skill.js';
import { performedBy, performedManifest } from './performed-by.js';
import type { QuarantinedSkill } from './skill-registry.js';

/**
 * A world's actions, some of which are really done elsewhere. A declared skill that performs an action which the world
 * does not have is left out; where problems are the caller's, each has actions of its own, and it is passed over.
 */
export function performActions(
  actions: readonly Skill[],
  info: Pick<WorldInfo, 'name' | 'skills'>,
  declared: readonly DeclaredSkill[],
): { readonly skills: readonly Skill[]; readonly quarantined: readonly QuarantinedSkill[] } {
  const performers = declared.filter((d) => d.performs === info.name).map(({ skill }) => skill);
  const names = actions.map(({ manifest }) => manifest.name);
  const lost = performers.filter(({ manifest }) => info.skills.length > 0 && !names.includes(manifest.name));
  const byName = new Map(performers.map((skill) => [skill.manifest.name, skill]));
  return {
    skills: actions.map((action) => {
      const real = byName.get(action.manifest.name);
      return real ? performedBy(action, real) : action;
    }),
    quarantined: lost.map(({ manifest: { name, source } }) => ({
      ...{ name, source },
      reason: `it is declared as performing an action of ${info.name}, which has no action ${name}${suggestion(name, names)}; correct its name, or leave \`performs\` out`,
    })),
  };
}

/**
 * Worlds and declared skills as they are told to others: a skill stands in the list of the world whose action it really
 * does, where that has a list.
 */
export function describeDeclared(
  worlds: readonly WorldInfo[],
  declared: readonly DeclaredSkill[],
): { readonly worlds: readonly WorldInfo[]; readonly skills: readonly SkillManifest[] } {
  const told = new Set<DeclaredSkill>();
  const described = worlds.map((world) => ({
    ...world,
    skills: world.skills.map((manifest) => {
      const performer = declared.find((d) => d.performs === world.name && d.skill.manifest.name === manifest.name);
      if (!performer) return manifest;
      told.add(performer);
      return performedManifest(manifest, performer.skill.manifest);
    }),
  }));
  return { worlds: described, skills: declared.filter((d) => !told.has(d)).map(({ skill }) => skill.manifest) };
}
