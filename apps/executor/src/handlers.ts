import { SkillRegistry, withDeclared, worldSkills, type DeclaredSkill } from '@praxis/actions';
import type { SkillCall, WorldInfo, WorldSession } from '@praxis/core';
import type { Handlers } from '@praxis/strategy';
import { act } from './act.js';
import type { SearchPolicy } from './deciding/search-policy.js';

/** What an executor has in one world. */
export interface HandlerParts {
  readonly session: WorldSession;
  readonly info: WorldInfo;
  readonly policy: SearchPolicy;
  readonly declared: readonly DeclaredSkill[];
}

/** How an executor carries out a strategy's effects in one world. */
export async function handlersOf({ session, info, policy, declared }: HandlerParts): Promise<Handlers> {
  const skills = await SkillRegistry.gather(withDeclared(worldSkills(session, info), info, declared));
  return {
    async propose(effect, signal) {
      const thought = await policy.propose(effect.context, signal);
      // A search that was cut short may have a plan, but another one than it finds when it is let.
      signal.throwIfAborted();
      return thought;
    },
    verify: async (effect) => {
      const condition = String(effect.candidate);
      return { violations: (await session.check(condition)) ? [] : [`${condition} does not hold`] };
    },
    execute: {
      look: () => session.observe(),
      manifest: (action) => skills.manifest(action),
      run: (action, key, signal) => {
        const skill = { manifest: skills.manifest(action)!, run: (call: SkillCall) => skills.run(call.action, call.key, call.signal) };
        return act(skill, { action, key, signal });
      },
      follow: (action, key, signal) => skills.follow(action, key, signal),
      probe: (action, key, signal) => skills.probe(action, key, signal),
    },
    checkpoint: () => session.snapshot(),
  };
}
