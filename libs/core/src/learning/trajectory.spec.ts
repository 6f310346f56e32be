import { UNBOUNDED } from '../values/cost.js';
import { makeState } from '../values/state.js';
import type { StepEvent } from '../acting/step.js';
import { readTrajectory } from './trajectory.js';

const opened: StepEvent = {
  type: 'opened',
  by: 'e1',
  strategy: 'search',
  state: { facts: ['(at robby hall)'], numbers: {} },
  condition: '(lit lamp)',
  owner: 'robby',
  limits: { steps: 9, replans: 2 },
  allowance: UNBOUNDED,
  suggested: [],
  avoid: [],
  domain: 'house',
};
const decided = (step: number, skill: string): StepEvent => ({
  type: 'decided',
  id: `e${step}`,
  step,
  action: { skill, args: {} },
  why: `step ${step}`,
  origin: 'search',
  taint: [],
});
const observed = (step: number, ok: boolean, added: string[] = [], removed: string[] = []): StepEvent => ({
  type: 'observed',
  id: `e${step}`,
  step,
  result: ok ? { ok, message: '' } : { ok, code: 'not-applicable', message: 'no' },
  change: { added, removed, numbers: {} },
});
const proposed: StepEvent = { type: 'proposed', id: 'p', candidates: [], note: '' };

describe('readTrajectory', () => {
  it('tells of each step what the world was before and after', () => {
    const events = [
      opened,
      proposed,
      decided(0, 'move'),
      observed(0, true, ['(at robby study)'], ['(at robby hall)']),
      decided(1, 'light'),
      observed(1, false),
    ];
    const trajectory = readTrajectory(events)!;
    expect(trajectory.steps.map((s) => [s.action.skill, s.result.ok, s.before.facts, s.after.facts])).toEqual([
      ['move', true, ['(at robby hall)'], ['(at robby study)']],
      ['light', false, ['(at robby study)'], ['(at robby study)']],
    ]);
    expect(trajectory).toMatchObject({ plans: 1, outcome: null, reason: '' });
  });

  it('hangs a snapshot on the step after which it was taken', () => {
    const events: StepEvent[] = [
      opened,
      decided(0, 'a'),
      observed(0, true),
      decided(1, 'b'),
      observed(1, false),
      { type: 'checkpointed', id: 'c', snapshot: 'S' },
      decided(2, 'c'),
      observed(2, true),
    ];
    expect(readTrajectory(events)!.steps.map((s) => s.snapshot)).toEqual([null, 'S', null]);
  });

  it('is not put out by a snapshot that was taken before any step', () => {
    expect(readTrajectory([opened, { type: 'checkpointed', id: 'c', snapshot: 'S' }])!.steps).toEqual([]);
  });

  it('follows the world back where it was restored', () => {
    const events: StepEvent[] = [
      opened,
      decided(0, 'a'),
      observed(0, true, ['(broken vase)']),
      { type: 'restored', id: 'r', state: { facts: ['(at robby hall)'], numbers: {} } },
      decided(1, 'b'),
      observed(1, true),
    ];
    expect(readTrajectory(events)!.steps[1]!.before).toEqual(makeState(['(at robby hall)']));
  });

  it('leaves out a step whose outcome nobody knows, and tells how it ended', () => {
    const trajectory = readTrajectory([
      opened,
      decided(0, 'a'),
      { type: 'ended', outcome: 'cancelled', reason: 'enough', result: null },
    ])!;
    expect(trajectory).toMatchObject({ steps: [], outcome: 'cancelled', reason: 'enough' });
  });

  it('is null for a subgoal that was never opened', () => {
    expect(readTrajectory([])).toBeNull();
    expect(readTrajectory([{ type: 'ended', outcome: 'failed', reason: 'no world', result: null }])).toBeNull();
  });
});
