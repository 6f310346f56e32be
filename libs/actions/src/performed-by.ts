import type { Observation, Skill, SkillCall, SkillManifest } from '@praxis/core';

/** Fires never: what was done for real is told to the world even where the call was cancelled meanwhile. */
const NEVER = new AbortController().signal;

/**
 * A world's action that is really done elsewhere: first for real, then in the world, so that its state follows.
 *
 * performed-by.1 The world acts only where it was really done, and with the same key, so that a repetition is harmless
 *                on both sides.
 * performed-by.2 What was really done is reported as done, with its output, even where the world does not follow; the
 *                state shows that it did not.
 * performed-by.3 What it is and costs is what the real skill says; its parameters are the world's.
 */
export function performedBy(inWorld: Skill, real: Skill): Skill {
  const follow = async (call: SkillCall, done: Observation): Promise<Observation> => {
    // It has happened: on which state it was decided no longer matters.
    const { result, ...seen } = await inWorld.run({ action: call.action, key: call.key, signal: NEVER });
    if (result.ok) return { result: done.result, ...seen };
    return {
      result: {
        ...done.result,
        ok: true,
        message: `${done.result.message} (done, but ${inWorld.manifest.source} did not follow: ${result.message})`,
      },
      ...seen,
    };
  };
  return {
    manifest: performedManifest(inWorld.manifest, real.manifest),
    follow: (call) => follow(call, { result: { ok: true, message: 'it was done' }, state: null }),
    async run(call) {
      const done = await real.run(call);
      return done.result.ok ? follow(call, done) : done;
    },
    ...(real.probe && {
      async probe(call: SkillCall) {
        const probe = await real.probe!(call);
        return probe.happened === true ? { happened: true, observation: await follow(call, probe.observation) } : probe;
      },
    }),
  };
}

/** What a world's action is when it is really done elsewhere (performed-by.3). */
export function performedManifest(inWorld: SkillManifest, real: SkillManifest): SkillManifest {
  return { ...real, summary: real.summary || inWorld.summary, parameters: inWorld.parameters };
}
