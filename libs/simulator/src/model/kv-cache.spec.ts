import * as fc from 'fast-check';
import { KvCache, type KvShare } from './kv-cache.js';

const chain = (...names: string[]): string[] => names.map((_, i) => names.slice(0, i + 1).join('/'));

describe('KvCache', () => {
  it('shares what has been read, and only that (kv-cache.3)', () => {
    const cache = new KvCache(10);
    const first = cache.take(chain('a', 'b', 'c'), 4)!;
    expect(cache.match(chain('a', 'b', 'c'))).toBe(0);
    cache.keep(first);
    expect(cache.match(chain('a', 'b', 'x'))).toBe(2);
    const second = cache.take(chain('a', 'b', 'x'), 4)!;
    expect([second.matched, cache.inUse]).toEqual([2, 6]);
    cache.release(first);
    cache.release(second);
    expect([cache.inUse, cache.idle]).toEqual([0, 3]);
  });

  it('forgets the least recently used, the end of a chain first (kv-cache.2)', () => {
    const cache = new KvCache(4);
    for (const names of [
      ['a', 'b'],
      ['c', 'd'],
    ]) {
      const share = cache.take(chain(...names), 2)!;
      cache.keep(share);
      cache.release(share);
    }
    cache.release(cache.take([], 1)!);
    expect([cache.match(chain('a', 'b')), cache.match(chain('c', 'd'))]).toEqual([1, 2]);
  });

  it('takes nothing when it would not fit beside what is in use', () => {
    const cache = new KvCache(4);
    const held = cache.take([], 3)!;
    expect(cache.take(chain('a'), 2)).toBeNull();
    expect(cache.inUse).toBe(3);
    cache.release(held);
    expect(cache.take(chain('a'), 4)).not.toBeNull();
  });

  // kv-cache.1–2
  it('conserves its blocks, and keeps chains closed at their beginnings, whatever is asked of it', () => {
    const step = fc.record({
      kind: fc.constantFrom('take', 'keep', 'release'),
      path: fc.array(fc.constantFrom('a', 'b'), { maxLength: 5 }),
      more: fc.nat(3),
      pick: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const cache = new KvCache(9);
        const held: KvShare[] = [];
        for (const { kind, path, more, pick } of steps) {
          const one = held[pick % Math.max(1, held.length)];
          if (kind === 'take') {
            const share = cache.take(chain(...path), path.length + more);
            if (share) held.push(share);
          } else if (one && kind === 'keep' && !one.isKept) cache.keep(one);
          else if (one && kind === 'release') {
            cache.release(one);
            held.splice(held.indexOf(one), 1);
          }
          const named = new Set(held.flatMap((h) => h.blocks.slice(0, h.isKept ? undefined : h.matched)));
          expect(cache.inUse).toBe(named.size + held.reduce((n, h) => n + h.own, 0));
          expect(cache.inUse + cache.idle).toBeLessThanOrEqual(9);
          for (const h of held)
            expect(cache.match(h.blocks)).toBeGreaterThanOrEqual(h.isKept ? h.blocks.length : h.matched);
        }
        for (const h of held) cache.release(h);
        expect(cache.inUse).toBe(0);
      }),
    );
  });
});
