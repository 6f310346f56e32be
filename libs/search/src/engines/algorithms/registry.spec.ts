import { StateRegistry } from './registry.js';

const memory = () => {
  const meter = { bytes: 0, hold: (bytes: number) => void (meter.bytes += bytes) };
  return meter;
};

describe('StateRegistry', () => {
  it('gives equal states one number and different states different ones, over many growths (registry.1)', () => {
    const registry = new StateRegistry(2, memory());
    const seen = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      const words = Int32Array.of(i % 5000, (i * 7) % 3 === 0 ? 1 : 0);
      const key = words.join(',');
      const id = registry.insert(words, -1, -1);
      if (seen.has(key)) expect(~id).toBe(seen.get(key));
      else expect(id).toBe(seen.size);
      seen.set(key, id < 0 ? ~id : id);
    }
    expect(registry.size).toBe(seen.size);
  });

  it('gives back what was put in, and the path that led there (registry.2)', () => {
    const registry = new StateRegistry(3, memory());
    registry.insert(Int32Array.of(1, 2, 3), -1, -1);
    registry.insert(Int32Array.of(4, 5, 6), 0, 10);
    registry.insert(Int32Array.of(7, 8, -9), 1, 11);
    const state = { words: new Int32Array(3), numbers: new Float64Array(0) };
    registry.load(2, state);
    expect([...state.words]).toEqual([7, 8, -9]);
    expect(registry.path(2)).toEqual([10, 11]);
    registry.setParent(2, 0, 12);
    expect(registry.path(2)).toEqual([12]);
  });

  it('tells how many bytes it holds (registry.3)', () => {
    const meter = memory();
    const registry = new StateRegistry(50, meter);
    for (let i = 0; i < 10_000; i++) registry.insert(new Int32Array(50).fill(i), -1, -1);
    expect(meter.bytes).toBeGreaterThan(10_000 * 53 * 4);
    expect(meter.bytes).toBeLessThan(10_000 * 53 * 4 * 2);
  });
});
