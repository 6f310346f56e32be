import { ago, count, duration, offset, size } from './words.js';

describe('numbers for people', () => {
  it('lengths of time have few digits at every scale', () => {
    expect([0, 38, 4_900, 12_300, 125_000, 11_520_000, 400_000_000].map(duration)).toEqual([
      '0 ms',
      '38 ms',
      '4.9 s',
      '12 s',
      '2 min 05 s',
      '3 h 12 min',
      '4 days',
    ]);
    expect([310, 125_000, 3_725_000].map(offset)).toEqual(['+0.31 s', '+2:05', '+1:02:05']);
    expect(duration(-5)).toBe('0 ms');
  });

  it('counts, sizes and distances read as sentences', () => {
    expect([count(1, 'step'), count(12_340, 'step')]).toEqual(['1 step', '12,340 steps']);
    expect([812, 41_000, 1_000_000].map(size)).toEqual(['812 B', '41 kB', '1.0 MB']);
    expect([0, 12_000, 180_000, 90_000_000].map((ms) => ago(0, ms))).toEqual([
      'just now',
      '12 sec. ago',
      '3 min. ago',
      '1 day ago',
    ]);
  });
});
