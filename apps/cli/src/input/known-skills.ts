import { setTimeout as sleep } from 'node:timers/promises';
import { builtinSkills } from '@praxis/actions';
import type { Playbook, SkillManifest } from '@praxis/core';
import { WORKSPACE_SKILLS } from '@praxis/environments';
import type { Settings } from '@praxis/platform';
import { withServices } from '../compose/clients.js';
import type { Context } from '../context.js';

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

/** So long a service is waited for that may not run. */
const PATIENCE_MS = 1_500;

/** As `knownSkills`, with those that executors offer, where a playbook calls others and services answer. */
export async function skillsFor({ steps }: Playbook, context: Context): Promise<ReadonlyMap<string, SkillManifest>> {
  const known = await knownSkills(context.settings);
  if (steps.every((step) => known.has(step.do))) return known;
  const late = new AbortController();
  const offered = withServices(context, ({ executor }) =>
    Promise.race([
      executor.describe().then(({ skills }) => skills),
      sleep(PATIENCE_MS, [] as readonly SkillManifest[], { signal: late.signal }),
    ]),
  ).catch((): readonly SkillManifest[] => []);
  const all = new Map([...(await offered).map((manifest) => [manifest.name, manifest] as const), ...known]);
  late.abort();
  return all;
}
