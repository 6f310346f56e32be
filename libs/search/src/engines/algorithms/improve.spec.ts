import * as fc from 'fast-check';
import { Ff } from '../../heuristics/ff.js';
import { operatorCosts } from '../../heuristics/operator-costs.js';
import { relax } from '../../heuristics/relaxation.js';
import { BestFirst } from './best-first.js';
import { dropRedundant } from '../states/elimination.js';
import { improvePlan } from './improve.js';
import { Meter } from '../meter.js';
import { randomSource } from '../random.js';
import { randomTask, sampleOperator, sampleTask } from '../states/sample-tasks.js';
import { StateSpace } from '../states/state-space.js';
import { verifyPlan } from '../verify-plan.js';
import { Windows } from '../queues/windows.js';

const meterFor = (): Meter => new Meter({ facts: 0, operators: 0 }, {}, {}, performance.now());

/** A line of places in which one may step forwards, backwards and jump two ahead. */
function line(places: number) {
  const operators = Array.from({ length: places - 1 }, (_, i) => [
    sampleOperator(`on${i}`, { pre: [i], add: [i + 1], del: [i] }),
    sampleOperator(`back${i}`, { pre: [i + 1], add: [i], del: [i + 1] }),
  ]).flat();
  const jumps = Array.from({ length: places - 2 }, (_, i) =>
    sampleOperator(`jump${i}`, { pre: [i], add: [i + 2], del: [i] }),
  );
  return sampleTask(places, { init: [0], goal: [places - 1], operators: [...operators, ...jumps] });
}

describe('improvePlan', () => {
  it('never makes a plan dearer, and keeps it valid', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const task = randomTask(randomSource(seed));
        const space = new StateSpace(task);
        const found = new BestFirst(space, meterFor(), {
          heuristics: [],
          weight: 0,
          costs: operatorCosts(task, 'steps'),
        }).search();
        if (found.kind !== 'found') return;
        const { plan } = improvePlan(space, meterFor(), found.plan);
        verifyPlan(task, plan);
        const cost = (steps: readonly number[]): number => steps.reduce((sum, o) => sum + task.operators[o]!.cost, 0);
        expect(cost(plan)).toBeLessThanOrEqual(cost(found.plan));
      }),
    );
  });

  it('cuts detours out of a long plan piece by piece', () => {
    const task = line(60);
    const space = new StateSpace(task);
    const steps = Array.from({ length: 59 }, (_, i) => 2 * i);
    const ff = new Ff(relax(task, 'steps'));
    const shorter = new Windows(space, meterFor(), {
      ff,
      costs: operatorCosts(task, 'steps'),
      evaluations: 5000,
    }).improve(steps);
    verifyPlan(task, shorter);
    expect(shorter.length).toBeLessThanOrEqual(32);
  });
});

describe('dropRedundant', () => {
  it('drops an action with all that only it made possible', () => {
    const detour = sampleOperator('detour', { add: [2] });
    const further = sampleOperator('further', { pre: [2], add: [3] });
    const space = new StateSpace(
      sampleTask(4, {
        init: [0],
        goal: [1],
        operators: [detour, further, sampleOperator('go', { pre: [0], add: [1] })],
      }),
    );
    expect(dropRedundant(space, [0, 1, 2])).toEqual([2]);
  });
});

describe('verifyPlan', () => {
  it('refuses a plan with a step that does not apply and one that misses the goal', () => {
    const task = line(4);
    expect(() => verifyPlan(task, [2])).toThrow(/step 1, \(on1\), does not apply/);
    expect(() => verifyPlan(task, [0])).toThrow(/the goal is missed/);
  });
});
