import { Turns, type Waiting } from './turns.js';

/** A list that is never empty. */
const endless = (): Waiting => ({ empty: false, entry: 0, operator: 0, pop: () => true });

describe('the lists of a greedy search', () => {
  it('take turns, and preferred ones are served first after progress (lazy-greedy.1)', () => {
    const turns = new Turns();
    turns.add(endless(), false);
    turns.add(endless(), true);
    const served = (times: number): number =>
      Array.from({ length: times }, () => turns.next()!).filter(({ preferred }) => preferred).length;
    expect(served(100)).toBe(50);
    turns.favour();
    expect(served(1000)).toBe(1000);
    expect(served(100)).toBe(50);
  });
});
