import * as fc from 'fast-check';
import type { EffectClass } from '@praxis/core';
import { EVEN_WEIGHTS, scoreOf, select, type Scored } from './selector.js';

const scored = (more: Partial<Scored> = {}): Scored => ({
  judge: 0.5,
  times: 1,
  revisits: 0,
  effect: 'reversible',
  ...more,
});
const effects: readonly EffectClass[] = ['pure', 'reversible', 'compensable', 'irreversible', 'unknown'];
const anyScored = fc.record({
  judge: fc.double({ min: 0, max: 1, noNaN: true }),
  times: fc.integer({ min: 1, max: 8 }),
  revisits: fc.nat(3),
  effect: fc.constantFrom(...effects),
});

describe('select', () => {
  it('takes what the judge likes, what many proposed, and what was not done here before', () => {
    expect(select([scored(), scored({ judge: 0.9 })], EVEN_WEIGHTS, 4)).toBe(1);
    expect(select([scored(), scored({ times: 3 })], EVEN_WEIGHTS, 4)).toBe(1);
    expect(select([scored({ revisits: 1 }), scored()], EVEN_WEIGHTS, 4)).toBe(1);
  });

  it('lets a judge that is wrong in its way not overrule three of four', () => {
    expect(select([scored({ times: 3, judge: 0.2 }), scored({ judge: 1 })], EVEN_WEIGHTS, 4)).toBe(0);
  });

  it('takes the safer one among equals, and then the first', () => {
    expect(
      select(
        [scored({ effect: 'irreversible' }), scored({ effect: 'compensable' }), scored({ effect: 'compensable' })],
        EVEN_WEIGHTS,
        4,
      ),
    ).toBe(1);
    expect(select([scored({ effect: 'unknown' }), scored({ effect: 'irreversible' })], EVEN_WEIGHTS, 1)).toBe(1);
  });

  it('has nothing to take where there is nothing', () => expect(select([], EVEN_WEIGHTS, 4)).toBe(-1));

  it.each([NaN, Infinity, -5])('takes a score of %p for none', (judge) => {
    expect(Number.isFinite(scoreOf(scored({ judge }), EVEN_WEIGHTS, 4))).toBe(true);
    expect(select([scored({ judge }), scored({ judge: 0.1 })], EVEN_WEIGHTS, 4)).toBe(1);
  });

  it('takes one that no other one beats, whatever their order', () => {
    fc.assert(
      fc.property(
        fc.array(anyScored, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 8 }),
        (candidates, samples) => {
          const best = candidates[select(candidates, EVEN_WEIGHTS, samples)]!;
          const top = Math.max(...candidates.map((c) => scoreOf(c, EVEN_WEIGHTS, samples)));
          expect(scoreOf(best, EVEN_WEIGHTS, samples)).toBeCloseTo(top, 6);
          const turned = [...candidates].reverse();
          expect(scoreOf(turned[select(turned, EVEN_WEIGHTS, samples)]!, EVEN_WEIGHTS, samples)).toBeCloseTo(top, 6);
        },
      ),
    );
  });
});
