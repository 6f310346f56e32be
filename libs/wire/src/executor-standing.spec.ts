import { standingOf } from './executor-standing.js';

describe('standingOf', () => {
  it.each([
    ['idle', [], false, 0],
    ['busy', ['r-1.1.1.1'], false, 10_000],
    ['draining', ['r-1.1.1.1'], true, 10_000],
    ['gone', ['r-1.1.1.1'], true, 10_001],
  ] as const)('%s: busy with %p, draining %p, silent for %p ms', (standing, busy, draining, silent) => {
    expect(standingOf({ busy, draining, seenAt: 50_000 }, 50_000 + silent)).toBe(standing);
  });

  it('takes an executor whose clock is ahead for one that is there', () =>
    expect(standingOf({ busy: [], draining: false, seenAt: 90_000 }, 50_000)).toBe('idle'));
});
