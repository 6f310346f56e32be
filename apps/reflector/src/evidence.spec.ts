import { keyedRandom } from '@praxis/core';
import { ADMISSION, addTrials, eValue } from './evidence.js';

describe('eValue', () => {
  it('is 1 where nothing was seen, grows with wins and falls with losses', () => {
    expect(eValue(0, 0)).toBeCloseTo(1);
    expect(eValue(8, 0)).toBeGreaterThan(ADMISSION);
    expect(eValue(4, 4)).toBeLessThan(1);
  });

  it('admits a useless tool in fewer than one case of twenty, however often one looks', () => {
    let admitted = 0;
    const tools = 2000;
    for (let tool = 0; tool < tools; tool++) {
      let wins = 0;
      for (let pair = 1; pair <= 40; pair++) {
        if (keyedRandom('null', tool, pair) < 0.5) wins++;
        if (eValue(wins, pair - wins) >= ADMISSION) {
          admitted++;
          break;
        }
      }
    }
    expect(admitted / tools).toBeLessThan(0.05);
  });
});

describe('addTrials', () => {
  it('counts only the pairs in which the arms differ', () => {
    const none = { subgoals: [], successes: 1, failures: 1, pairs: 0, wins: 0, losses: 0, eValue: 1 };
    const pairs = [
      { seed: '1', without: false, withTool: true },
      { seed: '2', without: true, withTool: true },
      { seed: '3', without: true, withTool: false },
    ];
    expect(addTrials(none, pairs)).toMatchObject({ pairs: 3, wins: 1, losses: 1 });
  });
});
