import { eventLine } from './event-line.js';
import { FINISHED, runEvent, UNDER_WAY } from './sample-run.js';

describe('eventLine', () => {
  it('tells a run in a few lines', () => {
    expect(FINISHED.map((e) => eventLine('household breakfast-a', e, false)).filter((l) => l !== null)).toEqual([
      'household breakfast-a: accepted',
      'household breakfast-a: planned, 2 subgoals',
      'household breakfast-a: subgoal 1.1 done, 2 steps, 1 failed',
      'household breakfast-a: subgoal 1.2 done, 2 steps, 1 failed',
      'household breakfast-a: done',
    ]);
  });

  it('tells each step where that is asked for, with the reason of a refusal', () => {
    const lines = UNDER_WAY.map((e) => eventLine('b', e, true)).filter((l) => l?.includes('1.1 '));
    expect(lines).toEqual(['b: 1.1 (open robby fridge)', 'b: 1.1 failed: It is shut.', 'b: 1.1 (open robby fridge)']);
  });

  it('says what became of a plan that was repaired', () => {
    const plan = { version: 2, nodes: [] };
    expect(eventLine('b', runEvent({ type: 'planned', plan, diff: { kept: ['1.1'], added: ['2.1', '2.2'], dropped: [] }, reason: 'repair', evaluated: 1 }), false)).toBe('b: repaired, plan 2 with 2 new subgoals, 1 kept');
  });

  it('says why a run failed', () => {
    expect(eventLine('b', runEvent({ type: 'ended', outcome: 'failed', reason: 'no way' }), false)).toBe('b: failed: no way');
  });
});
