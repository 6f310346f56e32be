import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { World } from '@praxis/core';
import { checkWorld, WORLD_LAWS, type Capability, type CheckOptions, type LawResult } from '@praxis/environments';

/** A world to be checked, the situation to check it in, and how to put it away. */
export interface WorldUnderTest {
  readonly world: World;
  readonly options?: CheckOptions;
  close?(): Promise<void> | void;
}

/** What a world does not have, so that laws about it are absent, and laws that its situation does not show. */
export interface ExpectedGaps {
  readonly lacks?: readonly Capability[];
  readonly notShown?: readonly string[];
}

/**
 * Registers one test per law of worlds. A law holds, unless it is about a part that the world is said to lack, or is
 * said not to be shown; a world that has what it is said to lack fails, too.
 */
export function describeWorld(name: string, make: () => Promise<WorldUnderTest>, gaps: ExpectedGaps = {}): void {
  const { lacks = [], notShown = [] } = gaps;
  describe(name, () => {
    const results = new Map<string, LawResult>();
    let made: WorldUnderTest | null = null;
    beforeAll(async () => {
      made = await make();
      for await (const result of checkWorld(made.world, made.options)) results.set(result.law, result);
    });
    afterAll(() => made?.close?.());
    it.each(WORLD_LAWS)('%s', (law) => {
      const result = results.get(law)!;
      if (result.outcome === 'absent') return expect(lacks).toContain(result.lacks);
      if (notShown.includes(law)) return expect(result.outcome).toBe('not-shown');
      expect(result).toEqual({ law, outcome: 'holds', detail: '' });
    });
    it('lacks what it is said to lack, and nothing else', () => {
      const absent = [...results.values()].flatMap((r) => (r.outcome === 'absent' ? [r.lacks] : []));
      expect([...new Set(absent)].toSorted()).toEqual([...lacks].toSorted());
    });
  });
}
