import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { World } from '@praxis/core';
import { checkWorld, WORLD_LAWS, type CheckOptions, type LawResult } from '@praxis/environments';

/** A world to be checked, the situation to check it in, and how to put it away. */
export interface WorldUnderTest {
  readonly world: World;
  readonly options?: CheckOptions;
  close?(): Promise<void> | void;
}

/** Registers one test per law of worlds. */
export function describeWorld(name: string, make: () => Promise<WorldUnderTest>): void {
  describe(name, () => {
    const results = new Map<string, LawResult>();
    let made: WorldUnderTest | null = null;
    beforeAll(async () => {
      made = await make();
      for await (const result of checkWorld(made.world, made.options)) results.set(result.law, result);
    });
    afterAll(() => made?.close?.());
    it.each(WORLD_LAWS)('%s', (law) => {
      const { ok, detail } = results.get(law)!;
      expect({ ok, detail: ok ? '' : detail }).toEqual({ ok: true, detail: '' });
    });
  });
}
