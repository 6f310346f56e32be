import { NO_COST } from '../values/cost.js';
import { goalSchema } from '../goals/goal.js';
import { makeQuestion, type Answer } from '../acting/question.js';
import type { RunEvent } from './run-event.js';
import { fold } from './fold-run.js';
import { timeLimits, type TimedRunEvent } from './time-limits.js';

const at = (time: number, event: RunEvent): TimedRunEvent => ({ event, at: time });
const accepted = (goal: object): TimedRunEvent =>
  at(0, { type: 'accepted', goal: goalSchema.parse({ title: 'g', world: 'w', ...goal }) });
const paused: RunEvent = { type: 'paused', by: 'me', reason: '' };
const resumed: RunEvent = { type: 'resumed', by: 'me' };
const overtime: RunEvent = { type: 'overtime', wallMs: 100 };
const question = makeQuestion({ id: 'q', kind: 'budget', text: 'More time?', needs: NO_COST });
const asked: RunEvent = { type: 'asked', question };
const answered = (verdict: Answer['verdict']): RunEvent => ({
  type: 'answered',
  question: 'q',
  subgoal: null,
  answer: { verdict, by: 'me', reason: '', args: null, grant: null, value: null },
});
const judge = (history: readonly TimedRunEvent[], now: number) =>
  timeLimits(fold(history.map((h) => h.event))!, history, now);

describe('timeLimits', () => {
  it('says nothing of a run without limits', () =>
    expect(judge([accepted({})], 1e12)).toEqual({ due: null, nextAt: null }));

  it('fails a run at its deadline, and says until then when to look again', () => {
    const run = [accepted({ deadlineMs: 2000 })];
    expect(judge(run, 1999)).toEqual({ due: null, nextAt: 2000 });
    expect(judge(run, 2000)).toEqual({
      due: { type: 'cancelling', reason: 'the deadline of 2 s has passed', outcome: 'failed' },
      nextAt: null,
    });
  });

  it('counts a pause towards the deadline, since others wait for it', () =>
    expect(judge([accepted({ deadlineMs: 2000 }), at(10, paused)], 2000).due?.type).toBe('cancelling'));

  it('says nothing once the run is being cancelled or has ended', () => {
    expect(
      judge([accepted({ deadlineMs: 1 }), at(5, { type: 'cancelling', reason: '', outcome: 'cancelled' })], 10),
    ).toEqual({ due: null, nextAt: null });
    expect(judge([accepted({ deadlineMs: 1 }), at(5, { type: 'ended', outcome: 'done', reason: '' })], 10)).toEqual({
      due: null,
      nextAt: null,
    });
  });

  it('counts the time of work, without that in which people held the run back', () => {
    const history = [
      accepted({ budget: { wallMs: 100 } }),
      at(30, paused),
      at(530, resumed),
      at(540, asked),
      at(740, answered('grant')),
    ];
    expect(judge(history, 790)).toEqual({ due: null, nextAt: 800 });
    expect(judge(history, 800).due).toEqual({ type: 'overtime', wallMs: 100 });
  });

  it('does not let the time run out while it is held', () => {
    expect(judge([accepted({ budget: { wallMs: 100 } }), at(30, paused)], 1e6)).toEqual({ due: null, nextAt: null });
    expect(judge([accepted({ budget: { wallMs: 100 } }), at(30, asked)], 1e6)).toEqual({ due: null, nextAt: null });
  });

  it('looks again at whichever comes first', () =>
    expect(judge([accepted({ deadlineMs: 50, budget: { wallMs: 100 } })], 10).nextAt).toBe(50));

  it('gives the whole time once more where people grant it, and asks again when that is over', () => {
    const history = [
      accepted({ budget: { wallMs: 100 } }),
      at(100, overtime),
      at(100, asked),
      at(500, answered('grant')),
    ];
    expect(judge(history, 590)).toEqual({ due: null, nextAt: 600 });
    expect(judge(history, 600).due).toEqual({ type: 'overtime', wallMs: 200 });
  });

  it('stops what is under way where nobody grants more time, or nobody is to be asked', () => {
    const stop = { type: 'cancelling', outcome: 'failed', reason: expect.stringContaining('time') };
    expect(
      judge(
        [accepted({ budget: { wallMs: 100 } }), at(100, overtime), at(100, asked), at(500, answered('reject'))],
        501,
      ).due,
    ).toEqual(stop);
    expect(judge([accepted({ budget: { wallMs: 100, whenSpent: 'fail' } }), at(100, overtime)], 101).due).toEqual(stop);
    expect(judge([accepted({ budget: { wallMs: 100 } }), at(100, overtime), at(100, asked)], 1e6).due).toBeNull();
  });
});
