import * as fc from 'fast-check';
import { PrefixIndex } from './prefix-index.js';

const chain = (path: string) => [...path].map((_, i) => path.slice(0, i + 1));

describe('PrefixIndex', () => {
  it('finds the longest beginning that was there before', () => {
    const index = new PrefixIndex(10);
    index.add(chain('abc'));
    expect([chain('abcd'), chain('abx'), chain('x'), []].map((prefix) => index.match(prefix))).toEqual([3, 2, 0, 0]);
  });

  it('forgets the least recently used, ends before beginnings', () => {
    const index = new PrefixIndex(4);
    index.add(chain('ab'));
    index.add(chain('cd'));
    index.add(chain('abe'));
    expect([index.match(chain('abe')), index.match(chain('cd'))]).toEqual([3, 1]);
    index.resize(2);
    expect(index.match(chain('abe'))).toBe(2);
    index.clear();
    expect([index.size, index.match(chain('abe'))]).toEqual([0, 0]);
  });

  it('never holds more than it may, nor a block without those before it', () => {
    const paths = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 }), { maxLength: 30 });
    fc.assert(
      fc.property(paths, fc.nat(12), (all, capacity) => {
        const index = new PrefixIndex(capacity);
        for (const path of all) {
          index.add(chain(path));
          expect(index.size).toBeLessThanOrEqual(capacity);
          // All that is held can be matched from its beginning.
          const matched = new Set(all.flatMap((other) => chain(other).slice(0, index.match(chain(other)))));
          expect(index.size).toBe(matched.size);
        }
      }),
    );
  });
});
