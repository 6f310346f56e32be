import { UNBOUNDED } from '../values/cost.js';
import { goalSchema } from '../goals/goal.js';
import { settleSubgoal } from './settle.js';
import { fold } from './fold-run.js';
import type { StepEvent } from '../acting/step.js';

const opened: StepEvent = {
  type: 'opened',
  by: 'e',
  strategy: 'react',
  state: { facts: [], numbers: {} },
  condition: '(done)',
  owner: null,
  limits: { steps: 9, replans: 1 },
  allowance: UNBOUNDED,
  suggested: [],
  avoid: [],
  domain: 'd',
};
const did = (step: number, skill: string, message: string, more: object = {}): readonly StepEvent[] => [
  { type: 'decided', id: `e${step}`, step, action: { skill, args: {} }, why: '', origin: 'model', taint: [] },
  {
    type: 'observed',
    id: `e${step}`,
    step,
    result: { ok: true, message },
    change: { added: [], removed: [], numbers: {} },
    ...more,
  },
];
const end: StepEvent = { type: 'ended', outcome: 'done', reason: '', result: null };

describe('a subgoal that is settled', () => {
  it('hands on what skills outside the world answered, and nothing that the world said', () => {
    const events = [
      opened,
      ...did(0, 'list', '[1]', { answeredBy: 'http:h' }),
      ...did(1, 'go', 'you are there'),
      ...did(2, 'list', '[1,2]', { answeredBy: 'http:h' }),
      ...did(3, 'send', 'done', { answeredBy: 'http:h' }),
      end,
    ];
    const settled = settleSubgoal('1.1', { attempt: 1 }, events, { cancelling: null })!;
    expect(settled.heard).toEqual([{ action: '(list)', text: '[1,2]', source: 'http:h' }]);
    const run = fold([{ type: 'accepted', goal: goalSchema.parse({ title: 'g', world: 'w' }) }, settled])!;
    expect(run.heard).toEqual(settled.heard);
  });

  it('says nothing of answers where there were none, as older releases did', () => {
    expect(
      settleSubgoal('1.1', { attempt: 1 }, [opened, ...did(0, 'go', 'gone'), end], { cancelling: null }),
    ).not.toHaveProperty('heard');
  });

  it('does not take a failure for an answer', () => {
    const failed = did(0, 'list', '', {
      answeredBy: 'http:h',
      result: { ok: false, code: 'unavailable', message: 'away' },
    });
    expect(settleSubgoal('1.1', { attempt: 1 }, [opened, ...failed, end], { cancelling: null })).not.toHaveProperty(
      'heard',
    );
  });
});
