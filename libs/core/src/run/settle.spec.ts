import { UNBOUNDED } from '../values/cost.js';
import type { ActionResult } from '../acting/observation.js';
import { settleSubgoal } from './settle.js';
import { costOf, stepEvents, type StepEvent } from '../acting/step.js';

const step = (n: number, result: ActionResult, more: object = {}): StepEvent[] => [
  { type: 'decided', id: `e${n}`, step: n, action: { skill: 'go', args: {} }, why: '', origin: 'search', taint: [] },
  { type: 'observed', id: `e${n}`, step: n, result, change: { added: [], removed: [], numbers: {} }, ...more },
];
const opened: StepEvent = {
  type: 'opened',
  by: 'e',
  strategy: 'search',
  state: { facts: [], numbers: {} },
  condition: '',
  owner: null,
  limits: { steps: 9, replans: 9, stale: 3 },
  allowance: UNBOUNDED,
  suggested: [],
  avoid: [],
  domain: 'd',
};
const no = (code: 'stale' | 'not-applicable'): ActionResult => ({ ok: false, code, message: '' });
const NOTHING = { steps: 0, calls: 1, tokens: 0, money: 0, risk: 0 };

describe('settleSubgoal', () => {
  it('counts a stale decision as no step and no failure, and charges its call (staleness.5)', () => {
    const events: StepEvent[] = [
      opened,
      ...step(0, no('stale'), { spent: NOTHING }),
      ...step(1, { ok: true, message: '' }),
      ...step(2, no('not-applicable')),
      ...step(3, no('stale'), { spent: NOTHING }),
      { type: 'ended', outcome: 'failed', reason: 'enough', result: null },
    ];
    expect(settleSubgoal('1.1', { attempt: 1 }, events, { cancelling: null })).toMatchObject({
      steps: 2,
      failedSteps: 1,
      spent: { steps: 2, calls: 4 },
    });
  });

  it('reads back what a stale decision is, and leaves it to a release that knows it', () => {
    const [, observed] = step(0, no('stale'), { spent: NOTHING, others: { added: ['(a)'], removed: [], numbers: {} } });
    const stored = stepEvents.encode(observed!);
    expect(stepEvents.decode(stored)).toEqual(observed);
    expect(stored.version).toBeGreaterThan(2);
    expect(costOf(observed!)).toEqual(NOTHING);
  });
});
