import { bytes, count, duration, interval } from './words.js';

describe('words', () => {
  it('counts as people do', () => {
    expect([count(0, 'step'), count(1, 'step'), count(2, 'step')]).toEqual(['0 steps', '1 step', '2 steps']);
  });

  it('says a length of time in as many digits as matter', () => {
    expect([0, 400, 9_940, 9_960, 59_400, 59_600, 125_000].map(duration)).toEqual([
      '0.0 s',
      '0.4 s',
      '9.9 s',
      '10 s',
      '59 s',
      '1 min 0 s',
      '2 min 5 s',
    ]);
  });

  it('says an interval as it is typed', () => {
    expect([1, 1_500, 90_000, 3_600_000, 129_600_000, 604_800_000].map(interval)).toEqual([
      '1ms',
      '1500ms',
      '90s',
      '1h',
      '36h',
      '7d',
    ]);
  });

  it('says a size in as many digits as matter', () => {
    expect([0, 512, 1_023, 1_024, 1_572_864, 104_857_600, 3e15].map(bytes)).toEqual([
      '0 B',
      '512 B',
      '1023 B',
      '1.0 KB',
      '1.5 MB',
      '100 MB',
      '2728 TB',
    ]);
  });
});
