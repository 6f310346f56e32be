import { jest } from '@jest/globals';
import type { Task } from '../ground/task/task.js';
import type { Heuristic, StateView } from '../heuristics/heuristic.js';
import { operatorCosts } from '../heuristics/operator-costs.js';
import { BestFirst } from './algorithms/best-first.js';
import { LazyGreedy } from './algorithms/lazy-greedy.js';
import { Meter } from './meter.js';
import { PairHeap } from './queues/pair-heap.js';
import { QStar } from './algorithms/q-star.js';
import { randomSource } from './random.js';
import { chain, sampleOperator, sampleTask } from './states/sample-tasks.js';
import { StateSpace } from './states/state-space.js';

const meter = (): Meter => new Meter({ facts: 1, operators: 1 }, {}, {}, performance.now());
const stub = (evaluate: (state: StateView) => number): Heuristic => ({
  name: 'stub',
  admissible: true,
  evaluate,
  preferred: () => undefined,
});
const holds = (state: StateView, fact: number): boolean => (state.words[0]! & (1 << fact)) !== 0;

/** From `(f0)` to `(f2)`, at once for 3 or by `(f1)` for 2, and from there to the goal for 5. */
const twoWays: Task = sampleTask(4, {
  init: [0],
  goal: [3],
  operators: [
    sampleOperator('direct', { cost: 3, pre: [0], add: [2], del: [0] }),
    sampleOperator('detour', { pre: [0], add: [1], del: [0] }),
    sampleOperator('back', { pre: [1], add: [2], del: [1] }),
    sampleOperator('last', { cost: 5, pre: [2], add: [3], del: [2] }),
  ],
});

describe('what engines do with estimates', () => {
  it('opens a closed state again that is reached more cheaply (best-first.1)', () => {
    const expanded: number[] = [];
    const space = new StateSpace(twoWays);
    // Never more than the true cost, yet so uneven that `(f2)` is closed by the dearer way first.
    const uneven = stub((state) => (holds(state, 1) ? 6 : 0));
    const search = new BestFirst(space, meter(), {
      heuristics: [uneven],
      weight: 1,
      costs: operatorCosts(twoWays, 'costs'),
      isGoal: (state) => {
        expanded.push([0, 1, 2, 3].findIndex((fact) => (state.words[0]! & (1 << fact)) !== 0));
        return space.isGoal(state);
      },
    }).search();
    expect(expanded).toEqual([0, 2, 1, 2, 3]);
    expect(search).toEqual({ kind: 'found', plan: [1, 2, 3] });
  });

  it('ranks a pair by its cost and value, and not before the pair it came from (q-star.1)', () => {
    const pushes = jest.spyOn(PairHeap.prototype, 'push');
    const value = [10, 4, 3, 2];
    new QStar(new StateSpace(twoWays), meter(), {
      values: { heuristic: stub(() => 0), value: (operator) => value[operator]! },
      costs: operatorCosts(twoWays, 'costs'),
    }).run();
    const pairs = pushes.mock.calls.map(([key, , , operator]) => [operator, key]);
    pushes.mockRestore();
    // `back` follows `detour`: 1 + 3 is its key. `last` follows `back`: 2 + 2, which is not less than 4 either.
    expect(pairs).toEqual([
      [0, 10],
      [1, 4],
      [2, 4],
      [3, 4],
    ]);
  });

  it('keeps the key of the pair before where a value falls (q-star.1)', () => {
    const pushes = jest.spyOn(PairHeap.prototype, 'push');
    new QStar(new StateSpace(chain(4)), meter(), {
      values: { heuristic: stub(() => 0), value: (operator) => [9, 1, 20][operator]! },
      costs: operatorCosts(chain(4), 'costs'),
    }).run();
    expect(pushes.mock.calls.map(([key]) => key)).toEqual([9, 9, 22]);
    pushes.mockRestore();
  });

  it.each(['best-first', 'lazy-greedy', 'q-star'] as const)(
    'asks about a state after its parent, in %s (landmark-count.3)',
    (engine) => {
      const asked = new Set([-1]);
      const heuristic = stub(({ id, parent }) => {
        expect(asked).toContain(parent);
        asked.add(id);
        return 1;
      });
      const [space, costs] = [new StateSpace(twoWays), operatorCosts(twoWays, 'costs')];
      if (engine === 'best-first')
        new BestFirst(space, meter(), { heuristics: [heuristic], weight: 1, costs }).search();
      else if (engine === 'q-star') new QStar(space, meter(), { values: { heuristic, value: () => 1 }, costs }).run();
      else
        new LazyGreedy(space, meter(), { heuristics: [heuristic], preferred: false, random: randomSource('1') }).run();
      expect(asked.size).toBeGreaterThan(2);
    },
  );
});
