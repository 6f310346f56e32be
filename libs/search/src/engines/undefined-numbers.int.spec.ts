import * as fc from 'fast-check';
import type { NumericExpression, NumericEffect, Task } from '../ground/task/task.js';
import { CostQueue } from '../heuristics/cost-queue.js';
import { relax } from '../heuristics/relaxation.js';
import { RelaxedCosts } from '../heuristics/relaxed-costs.js';
import { LmCut } from '../heuristics/lm-cut.js';
import { solve } from '../plan.js';
import type { SearchConfig } from '../request.js';
import { Meter } from './meter.js';
import { compare, sampleOperator, sampleTask } from './states/sample-tasks.js';
import { searchTask } from './states/search-task.js';
import { StateSpace } from './states/state-space.js';

const ENGINES: readonly SearchConfig['engine'][] = ['greedy', 'astar', 'weighted-astar', 'qstar'];
const HEURISTICS: readonly SearchConfig['heuristics'][number][] = ['goal-count', 'add', 'ff', 'landmarks', 'blind'];
/** Numbers that no problem should hold and some do. */
const ODD = fc.constantFrom(
  0,
  1,
  -1,
  2.5,
  1e-300,
  1e300,
  -1e300,
  1e308,
  Number.NaN,
  Infinity,
  -Infinity,
  Number.MAX_SAFE_INTEGER,
);
const VARIABLES = 3;

const expression: fc.Arbitrary<NumericExpression> = fc.letrec<{ any: NumericExpression }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.nat(VARIABLES - 1).map((variable): NumericExpression => ({ kind: 'variable', variable })),
    ODD.map((value): NumericExpression => ({ kind: 'constant', value })),
    fc.record({
      kind: fc.constant('binary' as const),
      op: fc.constantFrom('+', '-', '*', '/'),
      left: tie('any'),
      right: tie('any'),
    }),
  ),
})).any;
const condition = fc.record({ op: fc.constantFrom('<', '<=', '=', '>=', '>'), left: expression });
const effect: fc.Arbitrary<NumericEffect> = fc.record({
  variable: fc.nat(VARIABLES - 1),
  op: fc.constantFrom('assign', 'increase', 'decrease', 'scale-up', 'scale-down'),
  value: expression,
});

const operator = fc
  .record({
    cost: fc.oneof(ODD, fc.nat(5)),
    pre: fc.array(fc.nat(3), { maxLength: 2 }),
    preNumeric: fc.array(condition, { maxLength: 2 }),
    add: fc.array(fc.nat(3), { maxLength: 2 }),
    numeric: fc.array(effect, { maxLength: 2 }),
  })
  .map((parts) => sampleOperator('o', parts));
const task: fc.Arbitrary<Task> = fc
  .record({
    initNumbers: fc.array(ODD, { minLength: VARIABLES, maxLength: VARIABLES }),
    goal: fc.array(fc.nat(3), { maxLength: 2 }),
    goalNumeric: fc.array(condition, { maxLength: 2 }),
    operators: fc.array(operator, { minLength: 1, maxLength: 5 }),
  })
  .map((parts) => sampleTask(4, { ...parts, init: [0], variables: ['(x)', '(y)', '(z)'] }));

/** An operator's steps beyond this many say that a search does not end. */
const FUEL = 2_000_000;

/** A meter that throws where a search goes on for ever without asking whether it may. */
function limited(): Meter {
  let looks = 0;
  const cancelled = (): boolean => {
    if (++looks > FUEL) throw new Error('the search does not end');
    return false;
  };
  return new Meter({ facts: 4, operators: 5 }, { evaluated: 300, expanded: 300 }, { cancelled }, 0);
}

describe('numbers without value, and numbers that are not finite', () => {
  it.each(ENGINES.flatMap((engine) => HEURISTICS.map((heuristic) => [engine, heuristic] as const)))(
    'never keep %s with %s from ending within its budget',
    (engine, heuristic) => {
      fc.assert(
        fc.property(task, fc.boolean(), (one, preferred) => {
          const meter = limited();
          const result = searchTask(one, { engine, heuristics: [heuristic], preferred, weight: 5, seed: '1' }, meter);
          expect(meter.evaluated).toBeLessThanOrEqual(300);
          expect(result.kind === 'stopped').toBe(result.kind === 'stopped' && meter.stopped !== null);
        }),
        { numRuns: 60 },
      );
    },
  );

  // relaxed-costs.4
  it('give every node of the relaxation a cost that is a number, and infinity only where it cannot be reached', () => {
    fc.assert(
      fc.property(task, fc.constantFrom('sum', 'max'), (one, combination) => {
        const state = { ...new StateSpace(one).initial(), id: 0, parent: -1 };
        const costs = new RelaxedCosts(relax(one, 'costs'), combination as 'sum' | 'max');
        expect(costs.run(state)).not.toBeNaN();
        for (const cost of costs.cost) expect(cost >= 0).toBe(true);
        expect(new LmCut(relax(one, 'costs')).evaluate(state)).not.toBeNaN();
      }),
    );
  });

  it('do not make a goal look out of reach that an assignment reaches (an undefined fluent)', () => {
    const fill = sampleOperator('fill', {
      pre: [0],
      numeric: [{ variable: 0, op: 'assign', value: { kind: 'constant', value: 3 } }],
    });
    const grow = sampleOperator('grow', {
      numeric: [{ variable: 0, op: 'increase', value: { kind: 'constant', value: 2 } }],
    });
    const one = sampleTask(1, {
      init: [0],
      variables: ['(x)'],
      initNumbers: [Number.NaN],
      goalNumeric: [compare(0, '>=', 6)],
      operators: [grow, fill],
    });
    for (const engine of ENGINES)
      for (const heuristic of HEURISTICS)
        expect(
          searchTask(one, { engine, heuristics: [heuristic], preferred: true, weight: 5, seed: '1' }, limited()).kind,
        ).toBe('found');
  });

  it('are solved where PDDL says them: a fluent that has no value until an action assigns one', () => {
    const domain = `(define (domain tank) (:requirements :numeric-fluents) (:predicates (on)) (:functions (level) (rate))
      (:action start :parameters () :effect (and (on) (assign (level) 0) (assign (rate) 2)))
      (:action fill :parameters () :precondition (on) :effect (increase (level) (rate))))`;
    const problem = '(define (problem p) (:domain tank) (:init) (:goal (>= (level) 7)))';
    for (const engine of ENGINES) {
      const result = solve({ domain, problem, config: { engine }, budget: { evaluated: 5_000 } });
      expect(result).toMatchObject({ kind: 'solved', cost: 5 });
    }
  });

  it('end in the queue of costs too, whatever a cost is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(ODD, fc.double(), fc.integer({ min: -10, max: 10_000 })), { maxLength: 40 }),
        fc.boolean(),
        (costs, integral) => {
          const queue = new CostQueue(integral);
          costs.forEach((cost, node) => queue.push(cost, node));
          const popped: number[] = [];
          while (!queue.empty) popped.push(queue.pop());
          expect(popped.toSorted((a, b) => a - b)).toEqual(costs.map((_, node) => node));
        },
      ),
    );
  });
});
