import * as fc from 'fast-check';
import { OpenList } from './open-list.js';

describe('OpenList', () => {
  it('serves the lowest key first, first come first served, each child once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 60 }), (keys) => {
        const list = new OpenList((entry) => Int32Array.from({ length: entry % 3 }, (_, i) => i), {
          hold: () => undefined,
        });
        keys.forEach((key, entry) => list.push(key, entry));
        const served: string[] = [];
        while (list.pop()) served.push(`${list.entry}:${list.operator}`);
        const order = [...keys.entries()].sort(([a, x], [b, y]) => x - y || a - b);
        expect(served).toEqual(
          order.flatMap(([entry]) => Array.from({ length: entry % 3 }, (_, i) => `${entry}:${i}`)),
        );
        expect(list.empty).toBe(true);
      }),
    );
  });

  it('turns to a lower key that arrives later and comes back to where it was', () => {
    const list = new OpenList(() => Int32Array.of(0, 1), { hold: () => undefined });
    const next = () => (list.pop() ? `${list.entry}${'ab'[list.operator]}` : '-');
    list.push(5, 1);
    expect(next()).toBe('1a');
    list.push(3, 2);
    expect([next(), next(), next(), next()]).toEqual(['2a', '2b', '1b', '-']);
    list.push(5, 3);
    expect(next()).toBe('3a');
  });
});
