import { bootstrap, show } from './statistics.js';

const mean = (rows: readonly number[]): number => rows.reduce((a, b) => a + b, 0) / rows.length;

describe('bootstrap', () => {
  it('gives the same interval every time, around the mean', () => {
    const rows = [1, 2, 3, 4, 5, 6, 7, 8];
    const first = bootstrap(rows, mean);
    expect(bootstrap(rows, mean)).toEqual(first);
    expect(first.low).toBeLessThan(first.mean);
    expect(first.high).toBeGreaterThan(first.mean);
    expect(show(first)).toMatch(/^4\.50 \[\d\.\d\d, \d\.\d\d\]$/);
  });

  it('has no width where nothing varies', () => {
    expect(bootstrap([2, 2, 2], mean)).toEqual({ mean: 2, low: 2, high: 2 });
  });
});
