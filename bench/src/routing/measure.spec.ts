import { type CallRecord, figuresOf, meanOf, percentile } from './measure.js';

const call = (at: number, more: Partial<CallRecord> = {}): CallRecord => ({
  at,
  firstMs: 100,
  endMs: 200,
  inputTokens: 100,
  cachedTokens: 50,
  outcome: 'ok',
  ...more,
});
const TIMES = { fromMs: 1_000, untilMs: 3_000, timeoutMs: 30_000 };

describe('figures of a simulation', () => {
  it('count only the calls that came while it was measured, and lost ones whenever they came', () => {
    const figures = figuresOf(
      [call(0), call(1_000), call(2_999), call(3_000), call(3_500, { outcome: 'lost' })],
      TIMES,
    );
    expect(figures).toMatchObject({ calls: 2, goodput: 1, hitRate: 0.5, lost: 1, late: 0 });
  });

  it('hold a call that never began against its policy', () => {
    const figures = figuresOf([call(1_000), call(1_001), call(1_002, { firstMs: null, outcome: 'late' })], TIMES);
    expect(figures).toMatchObject({ firstP50: 100, firstP99: 30_000, late: 1, goodput: 1 });
  });

  it('are averaged over seeds, and counts are summed', () => {
    const one = figuresOf([call(1_000)], TIMES);
    const two = figuresOf([call(1_000, { firstMs: 300 }), call(1_001, { firstMs: 300, outcome: 'lost' })], TIMES);
    expect(meanOf([one, two])).toMatchObject({ calls: 3, firstP50: 200, lost: 1, goodput: 0.5 });
  });

  it('take the value that a share of the calls does not exceed', () => {
    const sorted = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([0.5, 0.99, 1].map((share) => percentile(sorted, share))).toEqual([50, 99, 100]);
    expect(percentile([], 0.5)).toBe(0);
  });
});
