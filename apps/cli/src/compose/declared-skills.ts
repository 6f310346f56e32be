import { dirname, resolve } from 'node:path';
import { SkillCatalog, builtinSkills, moduleSource, parseSkills, type DeclaredSkill } from '@praxis/actions';
import { systemClock, type Logger } from '@praxis/core';
import { readNamedFile, readSecret, type Settings } from '@praxis/platform';

/**
 * The skills that the settings' file declares; what it names lies beside it. Fails where it does not fit: an executor
 * that cannot do what it should does not start.
 */
export function declaredSkills({ skills: { file } }: Pick<Settings, 'skills'>): readonly DeclaredSkill[] {
  if (file === null) return [];
  const path = resolve(file);
  return parseSkills(readNamedFile('PRAXIS_SKILLS_FILE', path).toString('utf8'), {
    file,
    secret: (field, name) => readSecret(field, resolve(dirname(path), name)),
  });
}

/**
 * The skills that an executor has beside those of its worlds: the built-in ones, and those that the settings declare, from
 * the file and from modules. Only modules that are named there are loaded.
 */
export function skillCatalog(settings: Pick<Settings, 'skills' | 'web'>, log: Logger): SkillCatalog {
  const modules = settings.skills.modules.map((path) => moduleSource(resolve(path)));
  const sources = [builtinSkills(settings), ...modules];
  return new SkillCatalog({ declared: declaredSkills(settings), sources, clock: systemClock, log });
}

/** The skills that checks of goals may call in the planner: the built-in ones. */
export const checkSkills = (settings: Pick<Settings, 'web'>, log: Logger): SkillCatalog =>
  new SkillCatalog({ declared: [], sources: [builtinSkills(settings)], clock: systemClock, log });
