import type { Ticks } from '@praxis/platform';
import { checkSchedule, nextTime, timingOf } from './due.js';

/** Times as the queue would give them, for what these tests ask. */
const ticks: Pick<Ticks, 'next'> = {
  next: (timing, after) => {
    if (timing.kind === 'at') return timing.at > after ? timing.at : null;
    if (timing.kind === 'every')
      return timing.from + (Math.floor((after - timing.from) / timing.everyMs) + 1) * timing.everyMs;
    return timing.cron === 'never' ? null : after + 1;
  },
};
const every = { kind: 'every', everyMs: 10_000 } as const;
const failure = (id: string, timing: Parameters<typeof checkSchedule>[0]['timing']): unknown => {
  try {
    checkSchedule({ id, timing }, 1_000, ticks);
    return null;
  } catch (thrown) {
    return thrown;
  }
};

describe('nextTime', () => {
  it('counts intervals from when they were set, so that two planners name the same time', () => {
    expect(timingOf({ timing: every, createdAt: 7 })).toEqual({ ...every, from: 7 });
    expect(nextTime({ timing: every, createdAt: 7, lastAt: null }, ticks)).toBe(10_007);
    expect(nextTime({ timing: every, createdAt: 7, lastAt: 10_050 }, ticks)).toBe(20_007);
  });

  it('is the first of those that went by, so that all planners make up for the same one (schedule-service.3)', () => {
    const row = { timing: every, createdAt: 7, lastAt: 10_050 };
    expect(nextTime(row, ticks)).toBe(20_007);
    // Submitted long after: what went by meanwhile is past.
    expect(nextTime({ ...row, lastAt: 99_000 }, ticks)).toBe(100_007);
  });

  it('does not count what would have been due before a schedule was changed', () => {
    expect(nextTime({ timing: every, createdAt: 50_000, lastAt: 10_050 }, ticks)).toBe(60_000);
  });

  it('is over once its one time was submitted', () => {
    const timing = { kind: 'at', at: 500 } as const;
    expect(nextTime({ timing, createdAt: 7, lastAt: null }, ticks)).toBe(500);
    expect(nextTime({ timing, createdAt: 7, lastAt: 510 }, ticks)).toBeNull();
  });
});

describe('checkSchedule', () => {
  it('takes what can be kept', () =>
    expect([failure('nightly-2', every), failure('once', { kind: 'at', at: 1_001 })]).toEqual([null, null]));

  it.each(['', 'Nightly', '7up', 'a:b', 'a b', 'x'.repeat(64)])(
    'refuses the name %p, and says what names look like',
    (id) => {
      expect(failure(id, every)).toMatchObject({ code: 'invalid', message: expect.stringContaining('nightly-check') });
    },
  );

  it.each<[string, Parameters<typeof checkSchedule>[0]['timing']]>([
    ['an interval', { kind: 'every', everyMs: 100_000_000 * 86_400_000 }],
    ['a moment', { kind: 'at', at: 8.64e15 }],
    ['a moment that no date holds', { kind: 'at', at: 1e300 }],
    ['an endless interval', { kind: 'every', everyMs: Infinity }],
  ])('refuses %s beyond what dates hold', (_what, timing) =>
    expect(failure('a', timing)).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/beyond the year 9999/),
    }),
  );

  it('refuses what is past, too often or never', () => {
    expect(failure('a', { kind: 'at', at: 1_000 })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('is past'),
    });
    expect(failure('a', { kind: 'every', everyMs: 999 })).toMatchObject({ code: 'invalid' });
    expect(failure('a', { kind: 'every', everyMs: Number.NaN })).toMatchObject({ code: 'invalid' });
    expect(failure('a', { kind: 'cron', cron: 'never', timezone: 'UTC' })).toMatchObject({ code: 'invalid' });
  });
});
