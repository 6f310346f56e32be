import { chain, compare, sampleOperator, sampleTask } from '../engines/states/sample-tasks.js';
import { StateSpace } from '../engines/states/state-space.js';
import type { Task } from '../ground/task/task.js';
import { LmCut } from './lm-cut.js';
import { relax } from './relaxation.js';
import { RelaxedCosts } from './relaxed-costs.js';

const first = (task: Task) => ({ ...new StateSpace(task).initial(), id: 0, parent: -1 });

describe('relax', () => {
  it('has a node for each fact, and for each direction of a numeric condition (relaxation.1)', () => {
    const task = sampleTask(2, {
      goal: [1],
      variables: ['(x)'],
      initNumbers: [0],
      goalNumeric: [compare(0, '>=', 3), compare(0, '=', 5)],
    });
    // x ≥ 3, x ≥ 5 and x ≤ 5.
    expect(relax(task, 'costs').nodes).toBe(2 + 3);
  });

  it('has an action for each effect of an operator, and free ones for axioms (relaxation.2)', () => {
    const task = sampleTask(5, {
      operators: [
        sampleOperator('act', {
          cost: 4,
          pre: [0],
          add: [1],
          conditional: [{ when: [1], whenNumeric: [], add: [2], del: [], numeric: [] }],
        }),
      ],
      axioms: [{ rules: [{ head: 3, body: [2], bodyNumeric: [] }], complements: [{ fact: 3, complement: 4 }] }],
    });
    const { actions, pre, add, cost, operator } = relax(task, 'costs');
    const row = ({ start, values }: typeof pre, at: number) => [...values.slice(start[at], start[at + 1])];
    expect(Array.from({ length: actions }, (_, at) => [operator[at], row(pre, at), row(add, at), cost[at]])).toEqual([
      [0, [0], [1], 4],
      [0, [0, 1], [2], 4],
      [-1, [2], [3], 0],
      [-1, [], [4], 0],
    ]);
  });

  it('gives complements of derived facts for nothing (relaxation.3)', () => {
    // `(f1)` is derived and true; its complement `(f2)` is the goal, which a delete would bring about.
    const task = sampleTask(3, {
      init: [0],
      goal: [2],
      operators: [sampleOperator('undo', { pre: [0], del: [0] })],
      axioms: [{ rules: [{ head: 1, body: [0], bodyNumeric: [] }], complements: [{ fact: 1, complement: 2 }] }],
    });
    expect(new LmCut(relax(task, 'costs')).evaluate(first(task))).toBe(0);
  });
});

describe('LmCut', () => {
  it('pays once for an operator whose effects are all needed (lm-cut.1)', () => {
    const effect = (fact: number) => ({ when: [0], whenNumeric: [], add: [fact], del: [], numeric: [] });
    const both = sampleOperator('both', { cost: 3, conditional: [effect(1), effect(2)] });
    const task = sampleTask(3, { init: [0], goal: [1, 2], operators: [both] });
    expect(new LmCut(relax(task, 'costs')).evaluate(first(task))).toBe(3);
  });
});

describe('RelaxedCosts', () => {
  it('ends with its last goal node; dearer ones are left (relaxed-costs.2)', () => {
    const task = { ...chain(100), goal: [2] };
    const costs = new RelaxedCosts(relax(task, 'costs'), 'sum');
    expect(costs.run(first(task))).toBe(2);
    expect([costs.cost[2], costs.cost[99]]).toEqual([2, Infinity]);
  });
});
