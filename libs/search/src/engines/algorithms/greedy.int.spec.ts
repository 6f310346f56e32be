import { solve } from '../../plan.js';
import type { Task } from '../../ground/task/task.js';
import { Meter } from '../meter.js';
import { sampleOperator, sampleTask } from '../states/sample-tasks.js';
import { searchTask } from '../states/search-task.js';
import { verifyPlan } from '../verify-plan.js';

const CONFIG = { engine: 'greedy', heuristics: ['blind'], preferred: false, weight: 5, seed: '1' } as const;

/** A way of `length` steps that the last operators hold, beside a field of switches that the first ones hold. */
function besideTheField(switches: number, length: number): Task {
  const way = Array.from({ length }, (_, i) =>
    sampleOperator(`step${i}`, { pre: [switches + i], add: [switches + i + 1] }),
  );
  const field = Array.from({ length: switches }, (_, i) => sampleOperator(`up${i}`, { add: [i] }));
  return sampleTask(switches + length + 1, {
    init: [switches],
    goal: [switches + length],
    operators: [...field, ...way],
  });
}

const meterOf = (evaluated: number): Meter =>
  new Meter({ facts: 1, operators: 1 }, { evaluated }, {}, performance.now());

describe('a greedy search whose first half of the budget is spent', () => {
  it('goes on with another order of the operators, and its plan is valid in the order of the task', () => {
    const task = besideTheField(100, 3);
    const budget = 59_427;
    const meter = meterOf(budget);
    const result = searchTask(task, { ...CONFIG, seed: '3' }, meter);
    // The first order finds nothing with half of the budget; the second one does with the rest.
    expect(result.kind).toBe('found');
    expect(meter.evaluated).toBeGreaterThan(budget / 2);
    if (result.kind === 'found') verifyPlan(task, result.plan);
  });

  it('never evaluates more than its budget, and proves what is unsolvable with what one half leaves', () => {
    const task = besideTheField(12, 3);
    const hopeless = { ...task, goal: [...task.goal, 0], operators: task.operators.filter((o) => o.action !== 'up0') };
    const meter = meterOf(60_000);
    expect(searchTask(hopeless, CONFIG, meter).kind).toBe('unsolvable');
    expect(meter.evaluated).toBeLessThanOrEqual(60_000);
  });

  it('says the same for the same seed', () => {
    const domain =
      '(define (domain d) (:predicates (up ?x) (end)) (:action raise :parameters (?x) :effect (up ?x)) (:action stop :parameters () :precondition (end) :effect (end)))';
    const problem = `(define (problem p) (:domain d) (:objects ${Array.from({ length: 18 }, (_, i) => `o${i}`).join(' ')}) (:init) (:goal (and (up o1) (up o2))))`;
    const run = (seed: string) => ({
      ...solve({ domain, problem, config: { seed }, budget: { evaluated: 60_000 } }),
      stats: null,
    });
    expect(run('7')).toEqual(run('7'));
  });
});
