import { count, duration } from './words.js';

describe('words', () => {
  it('counts as people do', () => {
    expect([count(0, 'step'), count(1, 'step'), count(2, 'step')]).toEqual(['0 steps', '1 step', '2 steps']);
  });

  it('says a length of time in as many digits as matter', () => {
    expect([0, 400, 9_940, 9_960, 59_400, 59_600, 125_000].map(duration)).toEqual(['0.0 s', '0.4 s', '9.9 s', '10 s', '59 s', '1 min 0 s', '2 min 5 s']);
  });
});
