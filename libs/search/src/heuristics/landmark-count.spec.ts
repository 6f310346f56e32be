import { OperatorList, OperatorSet } from '../engines/states/operator-list.js';
import { chain, sampleOperator, sampleTask } from '../engines/states/sample-tasks.js';
import { StateSpace } from '../engines/states/state-space.js';
import type { Task } from '../ground/task/task.js';
import { LandmarkCount } from './landmark-count.js';
import { relax } from './relaxation.js';

function countOf(task: Task) {
  const space = new StateSpace(task);
  const count = new LandmarkCount(relax(task, 'steps'), space.initial(), { hold: () => undefined });
  const texts = count.landmarks.map((l) => l.nodes.map((n) => task.facts[n]).join(' or '));
  return { space, count, texts };
}

/** What the heuristic says after each step of a plan. */
function along(task: Task, plan: readonly number[]): number[] {
  const { space, count } = countOf(task);
  let state = space.initial();
  const out = [count.evaluate({ ...state, id: 0, parent: -1 })];
  for (const [i, operator] of plan.entries()) {
    const next = space.blank();
    space.apply(operator, state, next);
    state = next;
    out.push(count.evaluate({ ...state, id: i + 1, parent: i }));
  }
  return out;
}

describe('LandmarkCount', () => {
  it('finds every step of a chain and counts down along it (landmark-count.1)', () => {
    expect(countOf(chain(5)).texts.sort()).toEqual(['(f0)', '(f1)', '(f2)', '(f3)', '(f4)']);
    expect(along(chain(5), [0, 1, 2, 3])).toEqual([4, 3, 2, 1, 0]);
  });

  it('finds what either of two ways shares, and the choice between them as a disjunction', () => {
    const task = sampleTask(5, {
      facts: ['(start)', '(by boat)', '(by car)', '(there)', '(done)'],
      init: [0],
      goal: [4],
      operators: [
        sampleOperator('sail', { pre: [0], add: [1] }),
        sampleOperator('drive', { pre: [0], add: [2] }),
        sampleOperator('land', { pre: [1], add: [3] }),
        sampleOperator('park', { pre: [2], add: [3] }),
        sampleOperator('finish', { pre: [3], add: [4] }),
      ],
    });
    expect(countOf(task).texts.sort()).toEqual(['(by boat) or (by car)', '(done)', '(start)', '(there)']);
    expect(along(task, [1, 3, 4])).toEqual([3, 2, 1, 0]);
  });

  it('counts a goal again that was reached and lost (landmark-count.2)', () => {
    const task = sampleTask(3, {
      init: [0],
      goal: [1, 2],
      operators: [sampleOperator('one', { add: [1] }), sampleOperator('two', { add: [2], del: [1] })],
    });
    const values = along(task, [0, 1, 0]);
    expect(values.at(-1)).toBe(0);
    expect(values[1]).toBeGreaterThan(0);
    expect(values[2]).toBeGreaterThan(0);
  });

  it('orders what would be destroyed after what destroys it', () => {
    // Painting the wall needs a clear wall, which the picture (a goal) takes away.
    const task = sampleTask(3, {
      facts: ['(clear wall)', '(painted)', '(picture)'],
      init: [0],
      goal: [1, 2],
      mutexGroups: [[0, 2]],
      operators: [
        sampleOperator('paint', { pre: [0], add: [1] }),
        sampleOperator('hang', { pre: [0], add: [2], del: [0] }),
      ],
    });
    const { count, texts } = countOf(task);
    expect([...count.landmarks[texts.indexOf('(picture)')]!.before].map((i) => texts[i])).toContain('(painted)');
    expect([...count.landmarks[texts.indexOf('(painted)')]!.before].map((i) => texts[i])).not.toContain('(picture)');
  });

  it('orders two goals one way only, where each undoes the other (reasonable-orders.1)', () => {
    const task = sampleTask(3, {
      facts: ['(start)', '(one)', '(two)'],
      init: [0],
      goal: [1, 2],
      operators: [
        sampleOperator('first', { pre: [0], add: [1], del: [2] }),
        sampleOperator('second', { pre: [0], add: [2], del: [1] }),
      ],
    });
    const { count, texts } = countOf(task);
    const before = (a: string, b: string) => count.landmarks[texts.indexOf(b)]!.before.has(texts.indexOf(a));
    expect([before('(one)', '(two)'), before('(two)', '(one)')].filter(Boolean)).toEqual([true]);
  });

  it('prefers operators that reach the next landmark', () => {
    const task = chain(4);
    const { space, count } = countOf({ ...task, operators: [...task.operators, sampleOperator('idle', {})] });
    const [applicable, preferred] = [new OperatorList(), new OperatorSet(4)];
    const state = { ...space.initial(), id: 0, parent: -1 };
    count.evaluate(state);
    space.applicable(state, applicable);
    count.preferred(state, applicable, preferred);
    expect([...preferred.items.slice(0, preferred.size)]).toEqual([0]);
  });
});
