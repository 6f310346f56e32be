import * as fc from 'fast-check';
import { pauseAfter } from './pacing.js';
import { retryOf } from './postpone.js';

const manifest = { effect: 'pure', keyed: true } as never;

describe('a retry policy of a skill', () => {
  const policy = fc.record({
    backoffMs: fc.integer({ min: 1, max: 10_000 }),
    maxMs: fc.integer({ min: 1, max: 100_000 }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it('gives pauses that double up to the longest, of which the jitter takes at most its part', () =>
    fc.assert(
      fc.property(policy, fc.integer({ min: 1, max: 40 }), fc.string(), ({ backoffMs, maxMs, jitter }, nth, key) => {
        const whole = Math.min(maxMs, backoffMs * 2 ** Math.min(nth - 1, 30));
        const pause = pauseAfter(nth, key, null, { backoffMs, maxMs, jitter });
        expect(pause).toBeLessThanOrEqual(Math.round(whole));
        expect(pause).toBeGreaterThanOrEqual(Math.floor(whole * (1 - jitter)));
        expect(pauseAfter(nth, key, null, { backoffMs, maxMs, jitter })).toBe(pause);
      }),
    ));

  it('waits longer where the server asks for it', () =>
    expect(pauseAfter(1, 'k', 9_000, { backoffMs: 5, maxMs: 50, jitter: 0 })).toBe(9_000));

  it('that forbids a repetition is heeded whatever the result says', () => {
    const result = { ok: false, code: 'unavailable', message: '' } as const;
    expect(retryOf({ result, state: null, retry: null }, manifest)).toBeNull();
    expect(retryOf({ result, state: null }, manifest)).toMatchObject({ isOutage: true });
  });
});
