import { worldSkills } from '@praxis/actions';
import type { WorldInfo, WorldSession } from '@praxis/core';
import type { Handlers } from '@praxis/strategy';
import { act } from './act.js';
import type { SearchPolicy } from './deciding/search-policy.js';

/** How an executor carries out a strategy's effects in one world. */
export async function handlersOf(parts: { readonly session: WorldSession; readonly info: WorldInfo; readonly policy: SearchPolicy }): Promise<Handlers> {
  const { session, policy } = parts;
  const skills = new Map((await worldSkills(session, parts.info).list()).map((s) => [s.manifest.name, s]));
  return {
    propose: (effect, signal) => policy.propose(effect.context, signal),
    verify: async (effect) => {
      const condition = String(effect.candidate);
      return (await session.check(condition)) ? [] : [`${condition} does not hold`];
    },
    execute: {
      manifest: (action) => skills.get(action.skill)?.manifest ?? null,
      run: (action, key, signal) => act(skills.get(action.skill)!, { action, key, signal }),
    },
    checkpoint: () => session.snapshot(),
  };
}
