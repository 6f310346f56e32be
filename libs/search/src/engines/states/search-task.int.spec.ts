import * as fc from 'fast-check';
import type { Task } from '../../ground/task/task.js';
import type { SearchBudget, SearchConfig } from '../../request.js';
import { Meter, type SearchControl } from '../meter.js';
import { OperatorList } from './operator-list.js';
import { randomSource } from '../random.js';
import { chain, compare, randomTask, sampleOperator, sampleTask } from './sample-tasks.js';
import { searchTask, type TaskResult } from './search-task.js';
import { StateSpace } from './state-space.js';
import { verifyPlan } from '../verify-plan.js';

const GREEDY: SearchConfig = {
  engine: 'greedy',
  heuristics: ['ff', 'landmarks'],
  preferred: true,
  weight: 5,
  seed: '1',
};

function search(
  task: Task,
  config: Partial<SearchConfig> = {},
  budget: SearchBudget = {},
  control: SearchControl = {},
): { result: TaskResult; meter: Meter } {
  const meter = new Meter(
    { facts: task.facts.length, operators: task.operators.length },
    budget,
    control,
    performance.now(),
  );
  return { result: searchTask(task, { ...GREEDY, ...config }, meter), meter };
}

/** The cost of a cheapest plan by brute force, Infinity where there is none. */
function cheapest(task: Task): number {
  const space = new StateSpace(task);
  const costs = new Map<string, number>();
  const open = [{ cost: 0, state: space.initial() }];
  const applicable = new OperatorList();
  while (open.length > 0) {
    open.sort((a, b) => b.cost - a.cost);
    const { cost, state } = open.pop()!;
    const key = state.words.join();
    if ((costs.get(key) ?? Infinity) <= cost) continue;
    costs.set(key, cost);
    if (space.isGoal(state)) return cost;
    space.applicable(state, applicable);
    for (const operator of applicable.items.slice(0, applicable.size)) {
      const to = space.blank();
      if (space.apply(operator, state, to)) open.push({ cost: cost + task.operators[operator]!.cost, state: to });
    }
  }
  return Infinity;
}

const costOf = (task: Task, result: TaskResult): number =>
  result.kind === 'found' ? result.plan.reduce((sum, o) => sum + task.operators[o]!.cost, 0) : Infinity;

describe('searchTask', () => {
  // best-first.2, q-star.2
  it.each([
    ['astar', 'blind'],
    ['astar', 'landmarks'],
    ['qstar', 'blind'],
    ['qstar', 'landmarks'],
  ] as const)('finds the cheapest plan of random tasks with %s and %s, and says so', (engine, heuristic) => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const task = randomTask(randomSource(seed));
        const { result } = search(task, { engine, heuristics: [heuristic] });
        expect(costOf(task, result)).toBe(cheapest(task));
        expect(result.kind === 'found' ? result.optimal : result.kind).toBe(
          result.kind === 'found' ? true : 'unsolvable',
        );
      }),
      { numRuns: 150 },
    );
  });

  it('makes fewer children with Q* than with A* (lm-cut.2)', () => {
    const totals = { astar: 0, qstar: 0 };
    for (let i = 0; i < 60; i++) {
      const task = randomTask(randomSource(`children ${i}`), 10);
      for (const engine of ['astar', 'qstar'] as const)
        totals[engine] += search(task, { engine, heuristics: ['landmarks'] }).meter.generated;
    }
    expect(totals.qstar).toBeLessThan(totals.astar);
  });

  it.each(['goal-count', 'add', 'ff', 'landmarks', 'blind'] as const)(
    'finds a valid plan exactly where there is one, greedily with %s (lazy-greedy.2, lazy-greedy.3)',
    (heuristic) => {
      fc.assert(
        fc.property(fc.string(), fc.boolean(), (seed, preferred) => {
          const task = randomTask(randomSource(seed));
          const { result } = search(task, { heuristics: [heuristic], preferred });
          expect(result.kind).toBe(cheapest(task) === Infinity ? 'unsolvable' : 'found');
          if (result.kind === 'found') verifyPlan(task, result.plan);
        }),
        { numRuns: 100 },
      );
    },
  );

  it('finds the same plan again with the same seed', () => {
    const task = randomTask(randomSource('again'), 20);
    expect(search(task).result).toEqual(search(task).result);
  });

  it('keeps to its budgets exactly (meter.1)', () => {
    const task = chain(500);
    for (const engine of ['greedy', 'astar', 'qstar', 'weighted-astar'] as const) {
      for (const budget of ['evaluated', 'expanded'] as const) {
        const { result, meter } = search(task, { engine, heuristics: ['blind'] }, { [budget]: 100 });
        expect([engine, result.kind, meter.stopped, meter[budget]]).toEqual([engine, 'stopped', budget, 100]);
      }
    }
  });

  it('ends when its tables have grown too large', () => {
    const operators = Array.from({ length: 24 }, (_, i) => sampleOperator(`o${i}`, { add: [i] }));
    const { result, meter } = search(
      sampleTask(26, { goal: [25], operators: [...operators, sampleOperator('never', { pre: [24], add: [24, 25] })] }),
      { heuristics: ['blind'] },
      { memory: 3_000_000 },
    );
    expect([result.kind, meter.stopped]).toEqual(['stopped', 'memory']);
  });

  it('ends soon after it is told to (meter.3)', () => {
    let asked = 0;
    const { result, meter } = search(chain(100_000), { heuristics: ['blind'] }, {}, { cancelled: () => ++asked === 3 });
    expect([result.kind, meter.stopped]).toEqual(['stopped', 'cancelled']);
    expect(meter.evaluated).toBeLessThan(1000);
  });

  it('proves that there is no plan, from the relaxation or by looking at everything', () => {
    const relaxed = search(sampleTask(2, { init: [0], goal: [1] })).result;
    expect(relaxed).toMatchObject({
      kind: 'unsolvable',
      reason: expect.stringContaining('even if actions never undid anything'),
    });
    const either = sampleTask(3, {
      init: [0],
      goal: [1, 2],
      operators: [
        sampleOperator('left', { pre: [0], add: [1], del: [0] }),
        sampleOperator('right', { pre: [0], add: [2], del: [0] }),
      ],
    });
    expect(search(either).result).toMatchObject({
      kind: 'unsolvable',
      reason: expect.stringContaining('All 3 states'),
    });
  });

  it('drops steps that a plan does not need', () => {
    const { result } = search(
      sampleTask(4, {
        goal: [3],
        operators: [
          sampleOperator('go', { add: [1] }),
          sampleOperator('end', { pre: [1], add: [3] }),
          sampleOperator('idle', { pre: [1], add: [2] }),
        ],
      }),
      { heuristics: ['blind'] },
    );
    expect(result).toMatchObject({ kind: 'found', plan: [0, 1] });
  });

  it('is led to numeric goals: counters that must be filled and paid for', () => {
    const one = { kind: 'constant', value: 1 } as const;
    const earn = sampleOperator('earn', { numeric: [{ variable: 0, op: 'increase', value: one }] });
    const buy = sampleOperator('buy', {
      preNumeric: [compare(0, '>=', 3)],
      numeric: [
        { variable: 0, op: 'decrease', value: { kind: 'constant', value: 3 } },
        { variable: 1, op: 'increase', value: one },
      ],
    });
    const distract = sampleOperator('distract', { numeric: [{ variable: 2, op: 'increase', value: one }] });
    const task = sampleTask(0, {
      variables: ['(money)', '(goods)', '(noise)'],
      initNumbers: [0, 0, 0],
      goalNumeric: [compare(1, '=', 4)],
      operators: [earn, buy, distract],
    });
    const { result, meter } = search(task);
    expect(result.kind === 'found' && result.plan.length).toBe(16);
    expect(meter.evaluated).toBeLessThan(5000);
  });
});
