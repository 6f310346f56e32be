import { median, percentile } from './medians.js';

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])('of %j is %d', (values, middle) => expect(median(values)).toBe(middle));
});

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  it.each([
    [0.5, 51],
    [0.99, 100],
    [0, 1],
  ])('at %d of one to a hundred is %d', (share, value) => expect(percentile(hundred, share)).toBe(value));
});
