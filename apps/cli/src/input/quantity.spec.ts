import { parseAmounts, parseDuration, parseMoment, parseSize } from './quantity.js';

const invalid = (words: string): Error =>
  expect.objectContaining({ code: 'invalid', message: expect.stringContaining(words) }) as Error;

describe('parseDuration', () => {
  it('reads lengths of time as people write them', () => {
    expect(['250ms', '90s', '10m', '10min', '1.5h', '2d', '1w'].map(parseDuration)).toEqual([
      250, 90_000, 600_000, 600_000, 5_400_000, 172_800_000, 604_800_000,
    ]);
  });

  it.each(['', '10', 'm', '10 minutes', '-1h', '0s', '1h30m', '1e3s', '99999999999999w'])(
    'says how to write one where it gets %p',
    (text) => {
      expect(() => parseDuration(text)).toThrow(invalid('such as 90s, 10m or 2d'));
    },
  );
});

describe('parseSize', () => {
  it('reads sizes as people write them', () =>
    expect(['512B', '500MB', '500mb', '1.5GB'].map(parseSize)).toEqual([512, 524_288_000, 524_288_000, 1_610_612_736]));

  it.each(['', '500', 'MB', '500M', '-1GB', '0MB'])('says how to write one where it gets %p', (text) => {
    expect(() => parseSize(text)).toThrow(invalid('such as 500MB'));
  });
});

describe('parseMoment', () => {
  it('reads moments, in local time unless they say otherwise', () => {
    expect(parseMoment('2026-12-24T18:00Z', 0)).toBe(Date.UTC(2026, 11, 24, 18));
    expect(parseMoment('2026-12-24T18:00+02:00', 0)).toBe(Date.UTC(2026, 11, 24, 16));
    expect(parseMoment('2026-12-24 18:00', 0)).toBe(new Date(2026, 11, 24, 18).getTime());
    expect(parseMoment('in 2h', 5)).toBe(7_200_005);
  });

  it.each(['', 'tomorrow', '18:00', '2026-12-24', '2026-13-24T18:00', 'in 2'])(
    'says how to write one where it gets %p',
    (text) => {
      expect(() => parseMoment(text, 0)).toThrow(expect.objectContaining({ code: 'invalid' }));
    },
  );
});

describe('times beyond what dates hold', () => {
  it.each(['100000000d', '400000d', '31557600001s'])('are refused as lengths: %p', (text) =>
    expect(() => parseDuration(text)).toThrow(invalid('a thousand years')),
  );
  it.each(['in 999y', 'in 100000000d'])('are refused as moments: %p', (text) =>
    expect(() => parseMoment(text, 0)).toThrow(expect.objectContaining({ code: 'invalid' })),
  );
  it('reads long times that are none of those', () =>
    expect(['40d', '60w', '300000d'].map(parseDuration)).toEqual([40, 420, 300_000].map((d) => d * 86_400_000)));
});

describe('parseAmounts', () => {
  it('reads amounts, each by its name', () =>
    expect(parseAmounts('steps=100, money=2.5')).toEqual({ steps: 100, calls: 0, tokens: 0, money: 2.5, risk: 0 }));

  it.each(['', 'steps', 'steps=', 'steps=-1', 'steps=1.5', 'time=5', 'steps=1;money=2'])(
    'says how to write them where it gets %p',
    (text) => {
      expect(() => parseAmounts(text)).toThrow(invalid('such as steps=100,money=2'));
    },
  );
});
