import { parsePlan, printPlan } from './plan-text.js';

describe('parsePlan', () => {
  it('reads steps and leaves out comments, times and durations', () => {
    expect(
      parsePlan(
        '; found by hand\n(Move A b)\r\n\n  0.001: ( noop )  [1.0] ; fine\n2: (load c t)\n; cost = 3 (unit cost)\n',
      ),
    ).toEqual([
      { action: 'move', args: ['a', 'b'] },
      { action: 'noop', args: [] },
      { action: 'load', args: ['c', 't'] },
    ]);
  });

  it.each([
    ['(a)\n  move b', 'plan:2:3: found "move b", expected a step such as (move truck1 depot)'],
    ['(a (b))', 'plan:1:1: found "(a (b))"'],
    ['()', 'plan:1:1: found "()"'],
    ['(a) (b)', 'plan:1:1: found "(a) (b)"'],
  ])('says which line of %j is no step', (text, message) => {
    expect(() => parsePlan(text)).toThrow(message);
  });
});

describe('printPlan', () => {
  it('writes what parsePlan reads', () => {
    const steps = [
      { action: 'move', args: ['a', 'b'] },
      { action: 'noop', args: [] },
    ];
    expect(printPlan(steps, 2)).toBe('(move a b)\n(noop)\n; cost = 2\n');
    expect(parsePlan(printPlan(steps, 2))).toEqual(steps);
    expect(printPlan([])).toBe('');
  });
});
