import * as fc from 'fast-check';
import type { Task } from '../ground/task/task.js';
import { OperatorList, OperatorSet } from '../engines/states/operator-list.js';
import { randomSource } from '../engines/random.js';
import { chain, compare, randomTask, sampleOperator, sampleTask } from '../engines/states/sample-tasks.js';
import { StateSpace } from '../engines/states/state-space.js';
import { Add } from './add.js';
import { Ff } from './ff.js';
import { GoalCount } from './goal-count.js';
import type { StateView } from './heuristic.js';
import { LmCut } from './lm-cut.js';
import { Max } from './max.js';
import { relax } from './relaxation.js';

const first = (task: Task): StateView => ({ ...new StateSpace(task).initial(), id: 0, parent: -1 });
const figures = (task: Task) => {
  const relaxation = relax(task, 'costs');
  return [new Max(relaxation), new LmCut(relaxation), new Ff(relaxation), new Add(relaxation)].map((h) =>
    h.evaluate(first(task)),
  );
};

describe('relaxed heuristics', () => {
  // Both goals need f1 (cost 2); then one more step each, costs 1 and 3.
  const shared = sampleTask(4, {
    init: [0],
    goal: [2, 3],
    operators: [
      sampleOperator('base', { cost: 2, pre: [0], add: [1], del: [0] }),
      sampleOperator('left', { pre: [1], add: [2], del: [1] }),
      sampleOperator('right', { cost: 3, pre: [1], add: [3] }),
    ],
  });

  it('have the values that a hand computes where two goals share a step', () => {
    // max: 2 + 3; LM-cut and FF: 2 + 1 + 3; add: (2 + 1) + (2 + 3).
    expect(figures(shared)).toEqual([5, 6, 6, 8]);
    expect(new GoalCount(shared).evaluate(first(shared))).toBe(2);
  });

  it('count each step of a chain', () => {
    expect(figures(chain(9))).toEqual([8, 8, 8, 8]);
  });

  it('call a goal that nothing adds out of reach', () => {
    expect(figures(sampleTask(2, { init: [0], goal: [1] }))).toEqual([Infinity, Infinity, Infinity, Infinity]);
  });

  it('count repetitions for numbers, where they need not be admissible (relaxed-costs.3)', () => {
    const fill = sampleOperator('fill', {
      cost: 2,
      numeric: [{ variable: 0, op: 'increase', value: { kind: 'constant', value: 2 } }],
    });
    const task = sampleTask(0, {
      variables: ['(x)'],
      initNumbers: [0],
      goalNumeric: [compare(0, '>', 6)],
      operators: [fill],
    });
    // More than 6 in steps of 2 takes four; a bound may count on one only.
    expect(figures(task)).toEqual([2, 2, 8, 8]);
  });

  it('do not call a number out of reach whose growth depends on another', () => {
    const rate = { kind: 'variable', variable: 1 } as const;
    const grow = sampleOperator('grow', { numeric: [{ variable: 0, op: 'increase', value: rate }] });
    const speed = sampleOperator('speed', {
      numeric: [{ variable: 1, op: 'increase', value: { kind: 'constant', value: 1 } }],
    });
    const task = sampleTask(0, {
      variables: ['(x)', '(rate)'],
      initNumbers: [0, 0],
      goalNumeric: [compare(0, '>=', 1)],
      operators: [grow, speed],
    });
    for (const value of figures(task)) expect(value).toBeLessThan(Infinity);
  });

  it('prefer the first steps of the relaxed plan', () => {
    const space = new StateSpace(shared);
    const ff = new Ff(relax(shared, 'steps'));
    const [applicable, preferred] = [new OperatorList(), new OperatorSet(3)];
    space.applicable(space.initial(), applicable);
    ff.evaluate(first(shared));
    ff.preferred(first(shared), applicable, preferred);
    expect([...preferred.items.slice(0, preferred.size)]).toEqual([0]);
  });

  // With conditional effects LM-cut and FF count an operator once where max may count it again for each effect.
  it('keep their order on random tasks without conditional effects: max ≤ LM-cut, max ≤ FF ≤ add, and agree on what is out of reach', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const drawn = randomTask(randomSource(seed));
        const task = { ...drawn, operators: drawn.operators.map((o) => ({ ...o, conditional: [] })) };
        const [max, cut, ff, add] = figures(task) as [number, number, number, number];
        expect(cut).toBeGreaterThanOrEqual(max);
        expect(ff).toBeGreaterThanOrEqual(max);
        expect(add).toBeGreaterThanOrEqual(ff);
        expect([cut, ff, add].map((h) => h === Infinity)).toEqual(Array.from({ length: 3 }, () => max === Infinity));
      }),
    );
  });

  it('make relaxed plans that reach the goal when nothing is ever undone', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const drawn = randomTask(randomSource(seed));
        const task = { ...drawn, operators: drawn.operators.map((o) => ({ ...o, del: [], conditional: [] })) };
        const ff = new Ff(relax(task, 'costs'));
        if (ff.evaluate(first(task)) === Infinity) return;
        const facts = new Set(task.init);
        const left = new Set(ff.plan);
        for (let progress = true; progress;) {
          progress = false;
          for (const operator of left) {
            const { pre, add } = task.operators[operator]!;
            if (!pre.every((f) => facts.has(f))) continue;
            for (const fact of add) facts.add(fact);
            progress = left.delete(operator);
          }
        }
        expect([left.size, task.goal.every((f) => facts.has(f))]).toEqual([0, true]);
      }),
    );
  });
});
