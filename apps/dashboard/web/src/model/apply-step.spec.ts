import type { StepEvent } from '@praxis/core';
import { begun, decided, RUN, tried } from './fixtures/parked-run.js';
import { applyEvents, newRunModel } from './run-model.js';
import { filterEntries } from './timeline-filter.js';

describe('a decision that came too late', () => {
  it('is shown as not done: it is no step, and stands among no failures', () => {
    const stale: StepEvent = {
      type: 'observed',
      id: 'e1',
      step: 0,
      result: { ok: false, code: 'stale', message: 'the world has changed' },
      change: { added: [], removed: [], numbers: {} },
    };
    const model = applyEvents(newRunModel(RUN), begun().step(decided(), tried(), stale).events);
    expect(model.entries.filter((e) => e.kind === 'step')).toMatchObject([
      { outcome: 'cancelled', code: 'stale', message: 'the world has changed' },
    ]);
    expect(model.totals).toMatchObject({ steps: 0, failed: 0 });
    expect(filterEntries(model.entries, 'failures', null)).toEqual([]);
  });
});
