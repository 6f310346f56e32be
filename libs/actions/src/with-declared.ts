import { PraxisError, type SkillManifest, type SkillSource, type WorldInfo } from '@praxis/core';
import { suggestion } from '@praxis/search';
import type { DeclaredSkill } from './declared-skill.js';
import { performedBy, performedManifest } from './performed-by.js';

/**
 * The sources of skills in one world: its actions, some of which are really done elsewhere, and what is declared
 * besides.
 */
export function withDeclared(
  world: SkillSource,
  info: WorldInfo,
  declared: readonly DeclaredSkill[],
): readonly SkillSource[] {
  const performers = new Map(
    declared.filter((d) => d.performs === info.name).map(({ skill }) => [skill.manifest.name, skill]),
  );
  const others = declared.filter((d) => d.performs === null).map(({ skill }) => skill);
  return [
    {
      name: world.name,
      async list() {
        const actions = await world.list();
        const names = actions.map(({ manifest }) => manifest.name);
        const lost = [...performers.keys()].find((name) => !names.includes(name));
        // Where problems are the caller's, each has actions of its own, and these may be none of them.
        if (lost !== undefined && info.skills.length > 0)
          throw new PraxisError(
            'invalid',
            `The skill ${lost} is declared as performing ${info.name}, which has no such action${suggestion(lost, names)}. Correct its name, or leave \`performs\` out.`,
          );
        return actions.map((action) => {
          const real = performers.get(action.manifest.name);
          return real ? performedBy(action, real) : action;
        });
      },
    },
    { name: 'declared', list: async () => others },
  ];
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
