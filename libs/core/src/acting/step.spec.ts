import { stepEvents, type StepEvent } from './step.js';

const ok = { ok: true, message: '' } as const;
const decided = {
  type: 'decided',
  id: 'a',
  step: 0,
  action: { skill: 'wait', args: {} },
  why: '',
  origin: 'plan',
  taint: [],
} as const;
const observed = {
  type: 'observed',
  id: 'a',
  step: 0,
  result: ok,
  change: { added: [], removed: [], numbers: {} },
} as const;

describe('stepEvents', () => {
  it.each<[string, StepEvent, string]>([
    ['no taint', { ...decided, taint: [] }, 'taint'],
    ['no change', { ...observed, change: { added: [], removed: [], numbers: {} } }, 'change'],
  ])('writes nothing of %s, and reads it back', (_what, event, field) => {
    const written = stepEvents.encode(event);
    expect(written.data).not.toHaveProperty(field);
    expect(stepEvents.decode(written)).toEqual(event);
  });

  it.each<[string, StepEvent]>([
    ['taint', { ...decided, taint: ['a page'] }],
    ['a fact that was added', { ...observed, change: { added: ['(lit a)'], removed: [], numbers: {} } }],
    ['a fact that is gone', { ...observed, change: { added: [], removed: ['(lit a)'], numbers: {} } }],
    ['a number', { ...observed, change: { added: [], removed: [], numbers: { '(fuel)': 0 } } }],
  ])('keeps %s', (_what, event) => expect(stepEvents.decode(stepEvents.encode(event))).toEqual(event));

  it('still reads what version 1 wrote, which always said how the world changed', () => {
    const { type, ...data } = observed;
    expect(
      stepEvents.decode({ type, version: 1, data: { ...data, change: { ...data.change, added: [], removed: [] } } }),
    ).toEqual(observed);
  });
});
