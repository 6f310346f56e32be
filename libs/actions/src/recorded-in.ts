import {
  argumentOf,
  type Action,
  type Fact,
  type Made,
  type Observation,
  type Skill,
  type SkillCall,
  type SkillManifest,
  type WorldFiles,
} from '@praxis/core';

/** What can stand in a fact as it is. */
const WORD = /^[^\s()]+$/;

/** The facts that a call brings about by its manifest; one that names what is no plain word is left out. */
export function ensuredBy({ ensures = [] }: Pick<SkillManifest, 'ensures'>, action: Action): readonly Fact[] {
  return ensures.flatMap((literal) => {
    const words = literal.replace(/\?([\w-]+)/g, (_, name: string) => {
      const value = argumentOf(action, name);
      const word = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
      return WORD.test(word) ? word.toLowerCase() : '?';
    });
    return words.includes('?') ? [] : [words];
  });
}

/**
 * A skill outside of the run's world, whose files and facts the world takes in.
 *
 * recorded-in.1 The world takes in only what was really done, and under the same key, so that a repetition is harmless
 *               on both sides.
 * recorded-in.2 What was really done is reported as done, with its output, even where the world does not take it in;
 *               the message says so.
 * recorded-in.3 A skill that made nothing and brings nothing about leaves the world alone.
 */
export function recordedIn(files: WorldFiles, skill: Skill): Skill {
  const record = async (call: SkillCall, done: Observation): Promise<Observation> => {
    const { result } = done;
    if (!result.ok) return done;
    const made: Made = {
      files: result.output?.artifacts ?? [],
      facts: call.ensures ?? ensuredBy(skill.manifest, call.action),
      taint: result.output?.taint ?? [],
    };
    if (made.files.length === 0 && made.facts.length === 0) return done;
    const { result: taken, ...seen } = await files.record(made, call.key);
    if (taken.ok) return { ...done, ...seen };
    return {
      ...seen,
      result: { ...result, message: `${result.message} (done, but the world did not take it in: ${taken.message})` },
    };
  };
  const { probe } = skill;
  return {
    manifest: skill.manifest,
    run: async (call) => record(call, await skill.run(call)),
    ...(skill.follow && { follow: async (call: SkillCall) => record(call, await skill.follow!(call)) }),
    ...(probe && {
      async probe(call: SkillCall) {
        const found = await probe.call(skill, call);
        return found.happened === true ? { ...found, observation: await record(call, found.observation) } : found;
      },
    }),
  };
}
