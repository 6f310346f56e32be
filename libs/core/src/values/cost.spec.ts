import * as fc from 'fast-check';
import {
  COST_NAMES,
  NO_COST,
  UNBOUNDED,
  addCosts,
  addToAllowance,
  boundedCost,
  costText,
  leftOf,
  shareOf,
  shortOf,
  type Allowance,
  type Cost,
} from './cost.js';

const amount = fc.integer({ min: 0, max: 1000 });
const each = <T>(of: fc.Arbitrary<T>) => fc.record({ steps: of, calls: of, tokens: of, money: of, risk: of });
const costs: fc.Arbitrary<Cost> = each(amount);
const allowances: fc.Arbitrary<Allowance> = each(fc.option(amount));

describe('an allowance', () => {
  it('fits what it is not short of, and fits anything with what is missing on top', () => {
    fc.assert(
      fc.property(allowances, costs, (has, need) => {
        const missing = shortOf(has, need);
        expect(missing === null).toBe(COST_NAMES.every((n) => has[n] === null || has[n] >= need[n]));
        expect(shortOf(addToAllowance(has, missing ?? NO_COST), need)).toBeNull();
      }),
    );
  });

  it('has left what was not spent, never less than nothing', () => {
    fc.assert(
      fc.property(allowances, costs, (has, spent) => {
        const left = leftOf(has, spent);
        for (const n of COST_NAMES) expect(left[n]).toBe(has[n] === null ? null : Math.max(0, has[n] - spent[n]));
      }),
    );
  });

  it('is shared out among as many as ask, and never more of it than there is', () => {
    fc.assert(
      fc.property(allowances, fc.integer({ min: 0, max: 8 }), (has, parts) => {
        let free = has;
        for (let i = parts; i > 0; i--) free = leftOf(free, boundedCost(shareOf(free, i)));
        if (parts > 0) for (const n of COST_NAMES) expect(free[n] === null || free[n] < 1e-9).toBe(true);
        const share = shareOf(has, parts);
        for (const n of COST_NAMES) if (has[n] !== null) expect(share[n]!).toBeLessThanOrEqual(has[n]);
        for (const n of ['steps', 'calls', 'tokens'] as const)
          expect(share[n] === null || share[n] >= Math.min(1, has[n]!)).toBe(true);
      }),
    );
  });

  it('without a bound is never short', () =>
    fc.assert(fc.property(costs, (need) => expect(shortOf(UNBOUNDED, need)).toBeNull())));
});

describe('costs', () => {
  it('add up in any order', () =>
    fc.assert(
      fc.property(costs, costs, costs, (a, b, c) =>
        expect(addCosts(a, addCosts(b, c))).toEqual(addCosts(addCosts(c, a), b)),
      ),
    ));
  it('read as what is not nothing', () => {
    expect(costText({ ...NO_COST, steps: 3, money: 0.5 })).toBe('3 steps, 0.5 money');
    expect(costText(NO_COST)).toBe('nothing');
  });
});
