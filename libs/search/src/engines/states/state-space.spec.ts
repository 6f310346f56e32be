import * as fc from 'fast-check';
import { OperatorList } from './operator-list.js';
import { randomSource } from '../random.js';
import { compare, randomTask, sampleOperator, sampleTask } from './sample-tasks.js';
import { isTrue, StateSpace } from './state-space.js';

describe('StateSpace', () => {
  it('finds exactly the operators whose preconditions hold', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const task = randomTask(randomSource(seed), 40);
        const space = new StateSpace(task);
        const found = new OperatorList();
        const state = space.initial();
        space.applicable(state, found);
        const expected = task.operators.flatMap((o, i) => (o.pre.every((f) => task.init.includes(f)) ? [i] : []));
        expect([...found.items.slice(0, found.size)].sort((a, b) => a - b)).toEqual(expected);
        for (const i of task.operators.keys()) expect(space.applies(i, state)).toBe(expected.includes(i));
      }),
    );
  });

  it('deletes before it adds, across conditional effects too (task.3)', () => {
    const operator = sampleOperator('o', {
      add: [1],
      del: [0],
      conditional: [
        { when: [0], whenNumeric: [], add: [0, 2], del: [1], numeric: [] },
        { when: [3], whenNumeric: [], add: [4], del: [], numeric: [] },
      ],
    });
    const space = new StateSpace(sampleTask(5, { init: [0], operators: [operator] }));
    const to = space.blank();
    expect(space.apply(0, space.initial(), to)).toBe(true);
    expect([0, 1, 2, 3, 4].map((f) => isTrue(to.words, f))).toEqual([true, true, true, false, false]);
  });

  it('reads numbers before the step and keeps equal numbers equal as words', () => {
    const read = (variable: number) => ({ kind: 'variable', variable }) as const;
    const swap = sampleOperator('swap', {
      numeric: [
        { variable: 0, op: 'assign', value: read(1) },
        { variable: 1, op: 'assign', value: read(0) },
      ],
    });
    const negate = sampleOperator('negate', {
      numeric: [{ variable: 0, op: 'scale-up', value: { kind: 'constant', value: -1 } }],
    });
    const space = new StateSpace(
      sampleTask(1, { variables: ['(a)', '(b)'], initNumbers: [0, 7], operators: [swap, negate] }),
    );
    const [first, to] = [space.initial(), space.blank()];
    space.apply(0, first, to);
    expect([...to.numbers]).toEqual([7, 0]);
    space.apply(1, first, to);
    expect([...to.words]).toEqual([...first.words]);
  });

  it('refuses a step that would leave a number that is not finite, and one whose numeric precondition fails', () => {
    const divide = sampleOperator('divide', {
      numeric: [{ variable: 0, op: 'scale-down', value: { kind: 'constant', value: 0 } }],
    });
    const rich = sampleOperator('rich', { preNumeric: [compare(0, '>', 5)] });
    const space = new StateSpace(sampleTask(1, { variables: ['(a)'], initNumbers: [5], operators: [divide, rich] }));
    expect(space.apply(0, space.initial(), space.blank())).toBe(false);
    expect(space.applies(1, space.initial())).toBe(false);
  });

  it('derives facts layer by layer, and forgets them when their reasons are gone (task.5)', () => {
    // f1 and f2 follow from f0 through a cycle; f3 stands for not f2; f4 follows from f3.
    const task = sampleTask(5, {
      init: [0],
      operators: [sampleOperator('stop', { pre: [0], del: [0] })],
      axioms: [
        {
          rules: [
            { head: 1, body: [0], bodyNumeric: [] },
            { head: 2, body: [1], bodyNumeric: [] },
            { head: 1, body: [2], bodyNumeric: [] },
          ],
          complements: [{ fact: 2, complement: 3 }],
        },
        { rules: [{ head: 4, body: [3], bodyNumeric: [] }], complements: [] },
      ],
    });
    const space = new StateSpace(task);
    const [first, to] = [space.initial(), space.blank()];
    expect([0, 1, 2, 3, 4].map((f) => isTrue(first.words, f))).toEqual([true, true, true, false, false]);
    space.apply(0, first, to);
    expect([0, 1, 2, 3, 4].map((f) => isTrue(to.words, f))).toEqual([false, false, false, true, true]);
  });
});
