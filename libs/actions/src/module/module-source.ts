import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PraxisError, type Skill, type SkillSource } from '@praxis/core';

/** Node versions that run TypeScript by themselves. */
const STRIPS_TYPES = process.features as { readonly typescript?: string | false };

/**
 * The skills that a module of the user exports, each made with `skill({ … })`; an export may be a list of them. Loading
 * a module runs its code, so only files that the settings name are loaded, once. One that cannot be loaded is a source
 * that is down, with the reason.
 */
export function moduleSource(path: string): SkillSource {
  const name = `module:${basename(path)}`;
  let loaded: Promise<readonly Skill[]> | null = null;
  return { name, list: () => (loaded ??= loadSkills(path, name)) };
}

async function loadSkills(path: string, source: string): Promise<readonly Skill[]> {
  if (/\.[cm]?ts$/.test(path) && !STRIPS_TYPES.typescript)
    throw new PraxisError(
      'invalid',
      `${path} is TypeScript, which Node ${process.versions.node} does not run. Use Node 22.18 or later, or compile the file to JavaScript and name that in skills.modules.`,
    );
  const exported = Object.values(await load(path)).flat(1);
  const skills = exported.filter(isSkill);
  if (skills.length === 0)
    throw new PraxisError('invalid', `${path} exports no skill. Export what \`skill({ name, input, run })\` gives.`);
  return [...new Set(skills)].map((skill) => ({
    manifest: { ...skill.manifest, source },
    run: (call) => skill.run(call),
    ...(skill.probe && { probe: (call) => skill.probe!(call) }),
    ...(skill.follow && { follow: (call) => skill.follow!(call) }),
  }));
}

async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new PraxisError('invalid', `${path} could not be loaded: ${why}`, { cause });
  }
}

/** By its shape, since a module of a user may bring its own copy of Praxis. */
function isSkill(value: unknown): value is Skill {
  if (value === null || typeof value !== 'object' || !('manifest' in value) || !('run' in value)) return false;
  const { manifest, run } = value;
  if (typeof run !== 'function' || manifest === null || typeof manifest !== 'object') return false;
  return 'name' in manifest && typeof manifest.name === 'string' && 'effect' in manifest && 'parameters' in manifest;
}
