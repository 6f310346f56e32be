import { NO_COST, questionSchema } from '@praxis/core';
import { eventLine } from './event-line.js';
import { FINISHED, runEvent, stepEvent, UNDER_WAY } from './sample-run.js';

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

  it('says why a run or a subgoal cannot go on, also where steps are not told', () => {
    const reason = 'No model could be asked.';
    expect(eventLine('b', runEvent({ type: 'blocked', reason }), false)).toBe(`b: cannot go on for now: ${reason}`);
    expect(eventLine('b', stepEvent('r-1.1.1.1', { type: 'blocked', reason }), false)).toBe(
      `b: 1.1 cannot go on for now: ${reason}`,
    );
  });

  it('tells what a skill outside the world answered, in one line', () => {
    const observed = {
      type: 'observed',
      id: 'e1',
      step: 0,
      result: { ok: true, message: '[1,\n2]' },
      change: { added: [], removed: [], numbers: {} },
      answeredBy: 'http:shop',
    } as const;
    const line = eventLine(
      'b',
      stepEvent('r-1.1.1.1', { ...observed, change: { added: [], removed: [], numbers: {} } }),
      true,
    );
    expect(line).toBe('b: 1.1 http:shop answered: [1, 2]');
  });

  it('says what became of a plan that was repaired', () => {
    const plan = { version: 2, nodes: [] };
    expect(
      eventLine(
        'b',
        runEvent({
          type: 'planned',
          plan,
          diff: { kept: ['1.1'], added: ['2.1', '2.2'], dropped: [] },
          reason: 'repair',
          evaluated: 1,
        }),
        false,
      ),
    ).toBe('b: repaired, plan 2 with 2 new subgoals, 1 kept');
  });

  it('says what a model made of a goal in plain words, so that a person can object', () => {
    const opened = {
      type: 'opened',
      session: 's',
      domainName: 'd',
      domain: '',
      problem: '',
      condition: '(clean cup)',
      agents: [],
      tools: [],
      approvals: [],
      versions: { planning: 1, acting: 1 },
    } as const;
    const tell = (more: object): string | null =>
      eventLine('b', runEvent({ ...opened, agents: [], tools: [], approvals: [], ...more }), false);
    expect(tell({ call: { prompt: 'p', answer: 'a' } })).toBe('b: a model understands the goal as (clean cup)');
    expect(tell({ call: { prompt: 'p', answer: 'a' }, constraints: ['by hand', 'first the cup'] })).toBe(
      'b: a model understands the goal as (clean cup), keeping to: by hand; first the cup',
    );
    expect(tell({})).toBeNull();
  });

  it('tells what waits, until when and why, also where steps are not told, and who asked to try again', () => {
    const until = Date.UTC(2026, 0, 1);
    const yields = eventLine(
      'b',
      stepEvent('r-1.1.1.1', {
        type: 'postponed',
        id: 'x',
        step: 0,
        attempt: 2,
        until,
        code: 'stale',
        message: 'another subgoal attempts it',
      }),
      false,
    );
    expect(yields).not.toContain('before attempt');
    const line = eventLine(
      'b',
      stepEvent('r-1.1.1.1', {
        type: 'postponed',
        id: 'x',
        step: 0,
        attempt: 2,
        until,
        code: 'unavailable',
        message: 'bank answered 503',
      }),
      false,
    );
    expect(line).toMatch(/^b: 1\.1 waits until .* before attempt 3: bank answered 503$/);
    expect(eventLine('b', runEvent({ type: 'retried', by: 'ann', reopened: true }), false)).toBe('b: reopened by ann');
    expect(eventLine('b', runEvent({ type: 'retried', by: 'ann', reopened: false }), false)).toBe(
      'b: ann asks to try again now',
    );
  });

  it('says why a run failed', () => {
    expect(eventLine('b', runEvent({ type: 'ended', outcome: 'failed', reason: 'no way' }), false)).toBe(
      'b: failed: no way',
    );
  });

  it('tells what people are asked, also where steps are not told, and how to answer', () => {
    const question = questionSchema.parse({ id: 'q-1', kind: 'approval', text: 'May the fridge be opened?' });
    const asked = stepEvent('r-1.1.1.1', { type: 'asked', id: 'x', question });
    expect(eventLine('b', asked, false)).toBe(
      'b: 1.1 asks for approval: May the fridge be opened? (praxis answer q-1 --approve, or --reject "why")',
    );
    expect(
      eventLine('b', runEvent({ type: 'asked', question: { ...question, kind: 'budget', needs: null } }), false),
    ).toContain('asks for more budget');
    expect(
      eventLine(
        'b',
        stepEvent('r-1.1.1.1', { type: 'asked', id: 'x', question: { ...question, kind: 'budget' } }),
        true,
      ),
    ).toBeNull();
  });

  it('tells what a model wants to know, and what to type', () => {
    const question = questionSchema.parse({ id: 'q-1', kind: 'question', text: 'Which\u001b[2J cup?' });
    const line = 'asks for an answer: Which [2J cup? (praxis answer q-1 --text "…", or --reject "why")';
    expect(eventLine('b', stepEvent('r-1.1.1.1', { type: 'asked', id: 'x', question }), false)).toBe(`b: 1.1 ${line}`);
    expect(eventLine('b', runEvent({ type: 'asked', question }), false)).toBe(`b: ${line}`);
  });

  it('tells who answered, and not what the planner answers by itself', () => {
    const answer = { verdict: 'reject', by: 'ann', reason: 'too early', args: null, grant: null, value: null } as const;
    expect(eventLine('b', runEvent({ type: 'answered', question: 'q-1', subgoal: null, answer }), false)).toBe(
      'b: ann answers q-1: reject (too early)',
    );
    expect(
      eventLine(
        'b',
        runEvent({ type: 'answered', question: 'q-1', subgoal: null, answer: { ...answer, by: 'planner' } }),
        false,
      ),
    ).toBeNull();
  });

  it('tells what was answered: a text, changed arguments or a grant', () => {
    const answer = { verdict: 'answer', by: 'ann', reason: '', args: null, grant: null, value: 'the\nbowl' } as const;
    const told = (more: object): string | null =>
      eventLine(
        'b',
        runEvent({ type: 'answered', question: 'q-1', subgoal: null, answer: { ...answer, ...more } }),
        false,
      );
    expect(told({})).toBe('b: ann answers q-1: answer, the bowl');
    expect(told({ verdict: 'edit', value: null, args: { amount: 5 } })).toBe('b: ann answers q-1: edit, {"amount":5}');
    expect(told({ verdict: 'approve', value: null, grant: { ...NO_COST, tokens: 70 } })).toBe(
      'b: ann answers q-1: approve, 70 tokens',
    );
    expect(told({ verdict: 'approve', value: null })).toBe('b: ann answers q-1: approve');
  });

  it('tells what calls of a model gave no goal or no plan', () => {
    const spent = { ...NO_COST, calls: 2 };
    expect(eventLine('b', runEvent({ type: 'spent', on: 'opening', modelCalls: 2, spent }), false)).toBe(
      'b: 2 model calls to understand the request, no goal yet',
    );
    expect(eventLine('b', runEvent({ type: 'spent', on: 'planning', modelCalls: 1, spent }), false)).toBe(
      'b: 1 model call for the planning, no plan yet',
    );
    expect(eventLine('b', runEvent({ type: 'spent', on: 'planning', modelCalls: 0, spent }), false)).toBeNull();
  });

  it('tells when a run is held back, goes on, is stopped or comes of another one', () => {
    const tell = (event: Parameters<typeof runEvent>[0]): string | null => eventLine('b', runEvent(event), false);
    expect([
      tell({ type: 'paused', by: 'user', reason: 'lunch' }),
      tell({ type: 'resumed', by: 'user' }),
      tell({ type: 'overtime', wallMs: 5 }),
      tell({ type: 'cancelling', reason: 'the deadline is over', outcome: 'failed' }),
      tell({ type: 'cancelling', reason: 'wrong seed', outcome: 'cancelled' }),
      tell({ type: 'reminded', question: 'q-1', subgoal: null }),
    ]).toEqual([
      'b: paused: lunch',
      'b: goes on',
      'b: the time that the budget allows is over',
      'b: being stopped: the deadline is over',
      'b: being cancelled: wrong seed',
      null,
    ]);
  });
});
