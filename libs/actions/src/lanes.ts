import { PraxisError, type SkillManifest } from '@praxis/core';

/** The lane of work that needs nothing but an executor. */
export const DEFAULT_LANE = 'default';

/** Between the resources in a lane's name; no resource has it in its own. */
const AND = '--';

/** More resources of one executor would make more lanes than it can listen to: each set of them is one. */
const MOST = 5;

const word = (resource: string): string => resource.replaceAll(':', '-');

function laneOfResources(resources: Iterable<string>): string {
  const words = [...new Set([...resources].map(word))].sort();
  return words.length === 0 ? DEFAULT_LANE : words.join(AND);
}

/**
 * The lane of a subgoal that calls these skills: the resources that they need, such as `browser--gpu`, or `default`.
 */
export const laneOf = (skills: readonly Pick<SkillManifest, 'resources'>[]): string =>
  laneOfResources(skills.flatMap((s) => s.resources ?? []));

/**
 * The lanes that an executor takes: those of the settings, and one for each set of its resources, so that it gets all
 * work whose resources it has and no other.
 */
export function lanesFor(lanes: readonly string[], resources: readonly string[]): readonly string[] {
  const own = [...new Set(resources)];
  if (own.length > MOST)
    throw new PraxisError(
      'invalid',
      `An executor may have at most ${MOST} resources, found ${own.length}: ${own.join(', ')}. Start a second executor for some of them.`,
    );
  const sets = own.reduce<readonly (readonly string[])[]>((all, r) => [...all, ...all.map((set) => [...set, r])], [[]]);
  return [...new Set([...lanes, ...sets.slice(1).map(laneOfResources)])];
}
