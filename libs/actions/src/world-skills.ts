import type { Rules, Skill, SkillManifest, SkillSource, WorldInfo, WorldSession } from '@praxis/core';
import { sharedEvaluator, type ActionOutline, type AskControl } from '@praxis/search';

/**
 * What can be done in an open world, as skills. Where the world opens the caller's problems, they come from the
 * problem's domain.
 */
export function worldSkills(session: WorldSession, info: WorldInfo): SkillSource {
  const source = `world:${info.name}`;
  return {
    name: source,
    async list() {
      const told =
        info.skills.length > 0
          ? info.skills
          : await domainSkills((await session.briefing()).rules, source, { turn: session.id });
      return told.map((manifest) => asSkill(session, manifest));
    },
  };
}

function asSkill(session: WorldSession, manifest: SkillManifest): Skill {
  return {
    manifest,
    async run({ action, key, signal, decidedOn }) {
      if (signal.aborted)
        return { result: { ok: false, code: 'cancelled', message: 'cancelled before it was done' }, state: null };
      return session.act(action, key, signal, decidedOn);
    },
  };
}

/**
 * Skills of a domain whose actions its world does as they stand: one that follows its PDDL; none without rules. An action is done at most
 * once per key (environment.1) and can be undone by acting on.
 */
export async function domainSkills(
  rules: Rules | null,
  source: string,
  control: AskControl = {},
): Promise<readonly SkillManifest[]> {
  if (rules === null) return [];
  const outlines = await sharedEvaluator.ask('outlines', rules, [], control);
  return outlines.map((outline) => asManifest(outline, source));
}

function asManifest({ name, parameters, needs }: ActionOutline, source: string): SkillManifest {
  return { name, summary: `Needs ${needs}.`, parameters: [...parameters], effect: 'reversible', keyed: true, source };
}
