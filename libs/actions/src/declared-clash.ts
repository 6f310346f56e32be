import type { SkillManifest } from '@praxis/core';

/** Names of the actions in a PDDL domain, found without parsing it, since the text may be a caller's. */
export function actionNames(domain: string): readonly string[] {
  const text = domain.replaceAll(/;[^\n]*/g, '');
  return [...text.matchAll(/\(\s*:(?:durative-)?action\s+([^\s()]+)/gi)].map(([, name]) => name!.toLowerCase());
}

/** Whether a declared skill stands for itself: it performs no world's action. */
export const isOwnSkill = ({ source }: Pick<SkillManifest, 'source'>): boolean => !/(?:^|, )world:/.test(source);

/** Whether a person declared the skill, in a file or a module. */
const isDeclared = ({ source }: SkillManifest): boolean => /^(http|module):/.test(source);

/**
 * The declared skill that has the name of one of a world's actions without performing it; null where there is none. It
 * was probably meant to perform the action; in a run it is left out.
 */
export function clashingSkill(skills: readonly SkillManifest[], actions: readonly string[]): SkillManifest | null {
  return skills.find((s) => isDeclared(s) && isOwnSkill(s) && actions.includes(s.name)) ?? null;
}
