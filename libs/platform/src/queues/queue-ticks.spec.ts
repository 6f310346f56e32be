import * as fc from 'fast-check';
import { nextTick, tickStrategy, type Timing } from './queue-ticks.js';

const at = (text: string): number => Date.parse(text);
const cron = (text: string, timezone = 'UTC'): Timing => ({ kind: 'cron', cron: text, timezone });
const times = (timing: Timing, after: string, count: number): readonly string[] => {
  const found: string[] = [];
  for (let now: number | null = at(after); found.length < count && now !== null;) {
    now = nextTick(timing, now);
    if (now !== null) found.push(new Date(now).toISOString());
  }
  return found;
};

describe('nextTick', () => {
  it('comes once where a moment is named, and never after it', () => {
    const timing: Timing = { kind: 'at', at: 100 };
    expect([nextTick(timing, 99), nextTick(timing, 100), nextTick(timing, 101)]).toEqual([100, null, null]);
  });

  it('comes after whole intervals from its beginning, the first one included', () => {
    const timing: Timing = { kind: 'every', everyMs: 10, from: 1_003 };
    expect([0, 1_003, 1_012, 1_013, 1_050].map((after) => nextTick(timing, after))).toEqual([
      1_013, 1_013, 1_013, 1_023, 1_053,
    ]);
  });

  it('is always later than what it comes after, by one interval at most (law)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 1e9 }),
        fc.integer({ min: 0, max: 2e12 }),
        fc.integer({ min: 0, max: 2e12 }),
        (everyMs, from, wait) => {
          const next = nextTick({ kind: 'every', everyMs, from }, from + wait)!;
          expect(next).toBeGreaterThan(from + wait);
          expect(next - from - wait).toBeLessThanOrEqual(everyMs);
          expect((next - from) % everyMs).toBe(0);
        },
      ),
    );
  });

  it('reads cron in the time zone that was named, over the change of the clocks', () => {
    expect(times(cron('0 6 * * *', 'Europe/Paris'), '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T05:00:00.000Z',
      '2026-03-29T04:00:00.000Z',
      '2026-03-30T04:00:00.000Z',
    ]);
  });

  it('knows a sixth field, for seconds, and the usual words', () => {
    expect(times(cron('*/20 * * * * *'), '2026-01-01T00:00:01Z', 2)).toEqual([
      '2026-01-01T00:00:20.000Z',
      '2026-01-01T00:00:40.000Z',
    ]);
    expect(times(cron('@daily'), '2026-01-01T00:00:01Z', 1)).toEqual(['2026-01-02T00:00:00.000Z']);
  });

  it('refuses what never comes', () => {
    expect(() => nextTick(cron('0 0 30 2 *'), 0)).toThrow(/0 0 30 2/);
  });

  it.each(['', '6', '0 25 * * *', '0 6 * *', 'every day', '* * * * * * *', '@never'])(
    'says what a cron expression looks like where it gets %p',
    (text) => {
      expect(() => nextTick(cron(text), 0)).toThrow(
        expect.objectContaining({ code: 'invalid', message: expect.stringContaining('"0 6 * * 1-5"') }),
      );
    },
  );

  it('takes no time that would be another one each time it is asked', () => {
    expect(() => nextTick(cron('H 6 * * *'), 0)).toThrow(expect.objectContaining({ code: 'invalid' }));
    expect(nextTick(cron('0 6 * MAR THU'), 0)).not.toBeNull();
  });

  it.each(['Paris', '', 'Europe/Nowhere'])('refuses the time zone %p', (timezone) => {
    expect(() => nextTick(cron('0 6 * * *', timezone), 0)).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringContaining('Europe/Paris') }),
    );
  });
});

describe('tickStrategy', () => {
  it('reads the timing from where BullMQ keeps patterns', () => {
    expect(tickStrategy(5, { pattern: JSON.stringify({ kind: 'at', at: 7 }) })).toBe(7);
    expect(tickStrategy(7, { pattern: JSON.stringify({ kind: 'at', at: 7 }) })).toBeUndefined();
  });
});
