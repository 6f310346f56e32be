import { builtinSkills } from '@praxis/actions';
import type { SkillManifest } from '@praxis/core';
import { WORKSPACE_SKILLS } from '@praxis/environments';
import type { Settings } from '@praxis/platform';

/** Manifests of the skills that every deployment has: the built-in ones and those of a workspace. */
export async function knownSkills({ web }: Pick<Settings, 'web'>): Promise<ReadonlyMap<string, SkillManifest>> {
  const builtin = builtinSkills({ web: { allow: web.allow } });
  try {
    const manifests = [...WORKSPACE_SKILLS, ...(await builtin.list()).map(({ manifest }) => manifest)];
    return new Map(manifests.map((manifest) => [manifest.name, manifest]));
  } finally {
    await builtin.close?.();
  }
}
