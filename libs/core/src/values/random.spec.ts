import { keyedChoice, keyedRandom } from './random.js';

describe('keyedRandom', () => {
  it('gives the same answer to the same question, whatever was asked before', () => {
    const first = keyedRandom('seed', 'step', 3);
    for (let i = 0; i < 50; i++) keyedRandom('seed', 'other', i);
    expect(keyedRandom('seed', 'step', 3)).toBe(first);
  });

  it('gives other answers to other questions', () => {
    const answers = [
      keyedRandom('1', 'a', 'b'),
      keyedRandom('2', 'a', 'b'),
      keyedRandom('1', 'ab'),
      keyedRandom('1', 'a', 'c'),
      keyedRandom('1', 'b', 'a'),
      keyedRandom('1'),
    ];
    expect(new Set(answers).size).toBe(answers.length);
  });

  it('is spread evenly over [0, 1)', () => {
    const bins = Array.from({ length: 20 }, () => 0);
    const draws = 20_000;
    for (let i = 0; i < draws; i++) {
      const drawn = keyedRandom('uniform', i);
      expect(drawn >= 0 && drawn < 1).toBe(true);
      bins[Math.floor(drawn * 20)]!++;
    }
    const chiSquare = bins.reduce((sum, n) => sum + (n - draws / 20) ** 2 / (draws / 20), 0);
    // 99.9 % of even spreads stay below 43.8 with 19 degrees of freedom.
    expect(chiSquare).toBeLessThan(43.8);
  });
});

describe('keyedChoice', () => {
  it('can choose every member of a list', () => {
    const chosen = new Set(Array.from({ length: 100 }, (_, i) => keyedChoice(['a', 'b', 'c'], 'seed', i)));
    expect([...chosen].sort()).toEqual(['a', 'b', 'c']);
  });
});
