import * as fc from 'fast-check';
import type { Output } from '@praxis/core';
import { NO_RESULTS, allResults, resultAt, withResult } from './results.js';

const output = (value: number): Output => ({ value, artifacts: [], taint: [] });

describe('results of a list', () => {
  it('are what was written last, and an earlier copy stays as it was', () => {
    const writes = fc.array(fc.tuple(fc.nat(1_000), fc.option(fc.nat())), { maxLength: 100 });
    fc.assert(
      fc.property(writes, (all) => {
        const expected = new Map<number, Output | null>();
        let results = NO_RESULTS;
        for (const [item, value] of all) {
          const result = value === null ? null : output(value);
          const before = resultAt(results, item);
          const next = withResult(results, item, result);
          expect(resultAt(results, item)).toBe(before);
          results = next;
          expected.set(item, result);
        }
        expect(results.settled).toBe(expected.size);
        for (let item = 0; item <= 1_000; item++) expect(resultAt(results, item)).toBe(expected.get(item));
        expect(allResults(results, 5)).toEqual([0, 1, 2, 3, 4].map((i) => expected.get(i) ?? null));
      }),
    );
  });
});
