import { SkillRegistry, withDeclared, worldSkills, type DeclaredSkill } from '@praxis/actions';
import { PraxisError, type SkillCall, type WorldInfo, type WorldSession } from '@praxis/core';
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
      run: async (action, key, signal) => {
        const skill = { manifest: skills.manifest(action)!, run: (call: SkillCall) => skills.run(call.action, call.key, call.signal) };
        return leaveOpen(await act(skill, { action, key, signal }), signal, ({ result }) => !result.ok && (result.code === 'cancelled' || result.code === 'unknown-outcome'));
      },
      follow: (action, key, signal) => skills.follow(action, key, signal),
      probe: async (action, key, signal) => leaveOpen(await skills.probe(action, key, signal), signal, ({ happened }) => happened === null),
    },
    checkpoint: () => session.snapshot(),
  };
}

/**
 * Where work is only interrupted, what was cut off is no answer: it is left open, and whoever takes it up again settles it
 * (S5). A user's cancel is the end, so that what is known of it then is worth keeping.
 */
function leaveOpen<T>(answer: T, signal: AbortSignal, isCutOff: (answer: T) => boolean): T {
  const reason: unknown = signal.reason;
  const isInterrupted = signal.aborted && !(reason instanceof PraxisError && reason.code === 'cancelled');
  if (isInterrupted && isCutOff(answer)) throw PraxisError.from(reason);
  return answer;
}
