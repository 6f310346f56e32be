import type { NumberedStep } from '@praxis/core';
import { stepLines } from './step-lines.js';

const step = (more: Partial<NumberedStep>): NumberedStep => ({
  number: 0,
  subgoal: 'r-1.1.1.1',
  step: 0,
  position: 2,
  at: 1,
  action: { skill: 'open', args: { r: 'robby' } },
  origin: 'policy',
  key: 'k',
  effect: 'reversible',
  result: { ok: true, message: '' },
  change: null,
  observedAt: 2,
  ...more,
});

describe('stepLines', () => {
  it('numbers what was decided, and says what is known of each step', () => {
    const lines = stepLines(
      [
        step({}),
        step({ number: 1, step: 1, effect: null }),
        step({ number: 2, step: 2, result: { ok: false, code: 'not-applicable', message: 'It is shut.' } }),
        step({ number: 3, step: 3, result: null }),
        step({ number: 6, step: 6, effect: null, result: { ok: false, code: 'denied', message: 'by ann' } }),
        step({ number: 4, step: 4, result: null, effect: null }),
        step({
          number: 5,
          step: 5,
          effect: null,
          answeredBy: 'http:shop',
          result: { ok: true, message: '[{"id":\n"inv-101"}]' },
        }),
      ],
      200,
    );
    expect(lines.slice(2).map((l) => l.trim().split(/ {2,}/))).toEqual([
      ['0', 'r-1.1.1.1', '0', '(open robby)', 'reversible', 'done'],
      ['1', 'r-1.1.1.1', '1', '(open robby)', 'pure', 'done'],
      ['2', 'r-1.1.1.1', '2', '(open robby)', 'reversible', 'not-applicable: It is shut.'],
      ['3', 'r-1.1.1.1', '3', '(open robby)', 'reversible', 'tried'],
      ['6', 'r-1.1.1.1', '6', '(open robby)', '–', 'denied: by ann'],
      ['4', 'r-1.1.1.1', '4', '(open robby)', '–', 'decided'],
      ['5', 'r-1.1.1.1', '5', '(open robby)', 'pure', 'done: [{"id": "inv-101"}]'],
    ]);
  });
});
