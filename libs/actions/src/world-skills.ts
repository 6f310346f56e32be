import type { Skill, SkillManifest, SkillSource, WorldInfo, WorldSession } from '@praxis/core';
import { describeTypes, parseDomain, printFormula } from '@praxis/search';

/** What can be done in an open world, as skills. Where the world opens the caller's problems, they come from the problem's domain. */
export function worldSkills(session: WorldSession, info: WorldInfo): SkillSource {
  const source = `world:${info.name}`;
  return {
    name: source,
    async list() {
      const told = info.skills.length > 0 ? info.skills : domainSkills((await session.briefing()).domain, source);
      return told.map((manifest) => asSkill(session, manifest));
    },
  };
}

function asSkill(session: WorldSession, manifest: SkillManifest): Skill {
  return {
    manifest,
    async run({ action, key, signal, decidedOn }) {
      if (signal.aborted) return { result: { ok: false, code: 'cancelled', message: 'cancelled before it was done' }, state: null };
      return session.act(action, key, signal, decidedOn);
    },
  };
}

/** Skills of a domain whose actions its world does as they stand: one that follows its PDDL. An action is done at most once per key (W1) and can be undone by acting on. */
export function domainSkills(domain: string, source: string): readonly SkillManifest[] {
  if (domain === '') return [];
  return parseDomain(domain).actions.map(({ name, parameters, precondition }) => ({
    name,
    summary: `Needs ${printFormula(precondition)}.`,
    parameters: parameters.map(({ name: parameter, types }) => ({ name: parameter.slice(1), type: describeTypes(types) })),
    effect: 'reversible',
    keyed: true,
    source,
  }));
}
