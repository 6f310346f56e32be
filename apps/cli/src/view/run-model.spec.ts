import type { WatchedEvent } from '@praxis/wire';
import { learnEvent, newModel, totalsOf } from './run-model.js';
import { FINISHED, RUN, UNDER_WAY } from './sample-run.js';

describe('learnEvent', () => {
  it('counts the steps of subgoals that are still under way', () => {
    const model = UNDER_WAY.reduce(learnEvent, newModel(RUN));
    expect(totalsOf(model)).toEqual({ steps: 2, failed: 1, replans: 1, subgoals: 2, done: 0 });
    expect(model.work['1.1']!.last).toBe('open robby fridge');
  });

  it('counts a stale decision neither as a step nor as a failure', () => {
    const stale: WatchedEvent = {
      kind: 'step',
      stream: `subgoal/${RUN}.1.1.1`,
      position: 9,
      at: 1,
      event: {
        type: 'observed',
        id: 'e9',
        step: 9,
        result: { ok: false, code: 'stale', message: '' },
        change: { added: [], removed: [], numbers: {} },
      },
    };
    expect(totalsOf([...UNDER_WAY, stale].reduce(learnEvent, newModel(RUN)))).toMatchObject({ steps: 2, failed: 1 });
  });

  it('takes neither the planning of the run nor the first plan of a subgoal for a replan', () => {
    expect(totalsOf(UNDER_WAY.slice(0, 6).reduce(learnEvent, newModel(RUN))).replans).toBe(0);
  });

  it('knows how long the run took, and does not count settled steps again', () => {
    const model = FINISHED.reduce(learnEvent, newModel(RUN));
    expect([model.startedAt, model.endedAt, totalsOf(model).steps, totalsOf(model).done]).toEqual([1_000, 9_000, 2, 2]);
  });

  it('is called by its scenario as soon as the goal is known', () => {
    expect(learnEvent(newModel(RUN), UNDER_WAY[0]!).name).toBe('household breakfast-a');
  });
});
