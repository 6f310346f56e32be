import { NO_COST, type RunEvent } from '@praxis/core';
import * as fc from 'fast-check';
import type { WatchedEvent } from '../../../src/api.js';
import {
  answerOf,
  begun,
  decided,
  goalOf,
  observed,
  parked,
  questionOf,
  RUN,
  settled,
  SUBGOAL,
  tried,
} from './fixtures/parked-run.js';
import { openQuestions } from './questions.js';
import { applyEvents, newRunModel, type RunModel } from './run-model.js';
import type { StepEntry } from './timeline-entry.js';
import { runStatus, sharedSteps, standingOf } from './run-words.js';
import { countEntries, filterEntries } from './timeline-filter.js';

const told = (events: readonly WatchedEvent[]): RunModel => applyEvents(newRunModel(RUN), events);
const steps = (model: RunModel): readonly (readonly [string, StepEntry['outcome']])[] =>
  model.entries.flatMap((e) => (e.kind === 'step' ? [[String(e.args['amount']), e.outcome] as const] : []));
const open = (model: RunModel): readonly string[] => openQuestions(model).map((q) => q.question.id);
const moments = (model: RunModel): readonly string[] =>
  filterEntries(model.entries, 'people', null).flatMap((e) =>
    e.kind === 'moment' ? [`${e.node ?? 'run'} ${e.text}: ${e.detail}`] : [],
  );
const answered = (verdict: Parameters<typeof answerOf>[0], more = {}): RunEvent => ({
  type: 'answered',
  question: 'q-1',
  subgoal: SUBGOAL,
  answer: answerOf(verdict, more),
});

describe('a subgoal that waits for a person', () => {
  it('is shown as waiting, with its step and its question, until somebody has answered', () => {
    const waiting = told(parked().events);
    expect([runStatus(waiting, null), standingOf(waiting, '1.1'), steps(waiting)]).toEqual([
      'running',
      'asking',
      [['12', 'asking']],
    ]);
    expect(openQuestions(waiting)).toMatchObject([
      { run: RUN, title: 'Bills', subgoal: SUBGOAL, askedAt: 6_000, reminders: 0, question: { id: 'q-1' } },
    ]);

    const answeredOnly = told(parked().run(answered('approve')).events);
    expect([standingOf(answeredOnly, '1.1'), open(answeredOnly)]).toEqual(['dispatched', []]);

    const goingOn = told(
      parked()
        .run(answered('approve'))
        .step({ type: 'replied', id: 'e1', question: 'q-1', answer: answerOf('approve') }, tried()).events,
    );
    expect([standingOf(goingOn, '1.1'), steps(goingOn)]).toEqual(['dispatched', [['12', 'running']]]);
  });

  it('tells in the timeline what was asked, who answered what and why, and when people were reminded', () => {
    const story = parked()
      .run({ type: 'reminded', question: 'q-1', subgoal: SUBGOAL }, answered('reject', { reason: 'too much' }))
      .step({ type: 'replied', id: 'e1', question: 'q-1', answer: answerOf('reject') });
    const model = told(story.events);
    expect(moments(model)).toEqual([
      '1.1 Asks for approval: May (pay acme 12) be done?',
      '1.1 Parked: holds nothing until 1 answer is there',
      '1.1 People were reminded: May (pay acme 12) be done?',
      '1.1 Rejected: by ann: too much',
      '1.1 Goes on: rejected',
    ]);
    expect(countEntries(model.entries, '1.1').people).toBe(5);
    expect(
      openQuestions(told(parked().run({ type: 'reminded', question: 'q-1', subgoal: SUBGOAL }).events))[0]!.reminders,
    ).toBe(1);
  });

  it('run-model.2 an edit is a step of its own, and the one it replaces was never done', () => {
    const other = decided(1, { to: 'acme', amount: 10 }, 'person');
    const model = told(
      parked()
        .run(answered('edit'))
        .step({ type: 'replied', id: 'e1', question: 'q-1', answer: answerOf('edit') }, other, tried(1), observed(1))
        .events,
    );
    expect(steps(model)).toEqual([
      ['12', 'cancelled'],
      ['10', 'done'],
    ]);
    expect(new Set(model.entries.map((e) => e.key)).size).toBe(model.entries.length);
    expect(model.totals).toMatchObject({ steps: 1, failed: 0 });
  });

  // run-model.3
  it('what waited to be allowed was not begun when its subgoal ends; what had been tried may have been done', () => {
    const end = { type: 'ended', outcome: 'cancelled', reason: '', result: null } as const;
    expect(steps(told(parked().step(end).events))).toEqual([['12', 'cancelled']]);
    const uncertain = begun().step(
      decided(),
      tried(),
      { type: 'asked', id: 'e1', question: questionOf({ kind: 'uncertain' }) },
      end,
    );
    expect(steps(told(uncertain.events))).toEqual([['12', 'unknown']]);
  });

  // run-model.4
  it('a question is closed by its answer, its subgoal or its run, also where the answer is told first', () => {
    const closers: readonly RunEvent[] = [
      answered('approve'),
      settled(),
      { type: 'ended', outcome: 'failed', reason: '' },
    ];
    for (const closer of closers) expect(open(told(parked().run(closer).events))).toEqual([]);
    const { events } = parked().run(answered('approve'));
    fc.assert(
      fc.property(fc.nat({ max: events.length - 1 }), (place) => {
        const streams = [events.filter((e) => e.kind === 'run'), events.filter((e) => e.kind === 'step')] as const;
        const mixed = [...streams[0].slice(0, place), ...streams[1], ...streams[0].slice(place)];
        return open(told(mixed)).length === 0;
      }),
    );
  });

  it('waits for its run, not for people, where its allowance is short', () => {
    const model = told(parked(questionOf({ kind: 'budget', action: null, needs: { ...NO_COST, steps: 1 } })).events);
    expect([standingOf(model, '1.1'), steps(model), open(model), moments(model)]).toEqual([
      'waiting',
      [['12', 'waiting']],
      [],
      [],
    ]);
    const granted = told(
      parked(questionOf({ kind: 'budget', action: null })).run(
        answered('grant', { by: 'planner', grant: { ...NO_COST, steps: 3 } }),
      ).events,
    );
    expect(granted.entries.at(-1)).toMatchObject({
      text: 'More budget granted',
      detail: '3 steps, by planner',
      tone: 'plain',
    });
  });
});

describe('a run that is held back', () => {
  it('is paused with its reason until it is resumed', () => {
    const paused = begun().run({ type: 'paused', by: 'user', reason: 'lunch' });
    expect([runStatus(told(paused.events), null), told(paused.events).paused]).toEqual(['paused', 'lunch']);
    expect(runStatus(told(paused.run({ type: 'resumed', by: 'user' }).events), null)).toBe('running');
  });

  it('asks for more budget itself, and goes on with a grant', () => {
    const asked = begun().run({ type: 'asked', question: questionOf({ kind: 'budget', action: null }) });
    expect(openQuestions(told(asked.events))).toMatchObject([{ subgoal: null }]);
    const model = told(
      asked.run({
        type: 'answered',
        question: 'q-1',
        subgoal: null,
        answer: answerOf('grant', { grant: { ...NO_COST, steps: 10 } }),
      }).events,
    );
    expect([open(model), model.granted.steps]).toEqual([[], 10]);
  });

  it('says whether it is cancelled by somebody or stopped by its deadline', () => {
    const model = told(
      begun(goalOf({ deadlineMs: 1_000 })).run({
        type: 'cancelling',
        reason: 'the deadline of 1 s has passed',
        outcome: 'failed',
      }).events,
    );
    expect(model.entries.at(-1)).toMatchObject({ text: 'Being stopped', detail: 'the deadline of 1 s has passed' });
    expect(model.cancelling).toEqual({ reason: 'the deadline of 1 s has passed', outcome: 'failed' });
  });
});

describe('a fork', () => {
  const overrides = { seed: '7', strategy: null, versions: null, tools: null, action: null };

  it('knows where it comes from, what it shares and what it does otherwise', () => {
    const story = begun()
      .step(decided(), tried(), observed())
      .run({ type: 'forked', parent: 'r-0', session: RUN, cut: {}, overrides, again: ['1.1'] });
    const model = told(story.step({ ...decided(1), id: 'e2' } as never, { ...observed(1), id: 'e2' } as never).events);
    expect([model.forked?.parent, model.goal?.seed, sharedSteps(model), model.nodes['1.1']!.status]).toEqual([
      'r-0',
      '7',
      1,
      'pending',
    ]);
    expect(model.entries.find((e) => e.kind === 'moment' && e.text === 'Forked')).toMatchObject({
      detail: 'from r-0, with seed 7',
    });
  });
});

it('run-model.1 folds a run with people in it to the same in whatever batches', () => {
  const { events } = parked()
    .run(answered('edit'), { type: 'paused', by: 'u', reason: '' }, { type: 'resumed', by: 'u' })
    .step({ type: 'replied', id: 'e1', question: 'q-1', answer: answerOf('edit') }, decided(1), tried(1), observed(1))
    .run(settled());
  const whole = told(events);
  fc.assert(
    fc.property(fc.nat({ max: events.length }), (cut) => {
      const first = told(events.slice(0, cut));
      const before = JSON.stringify(first);
      expect(applyEvents(first, events.slice(cut))).toEqual(whole);
      expect(JSON.stringify(first)).toBe(before);
    }),
  );
});
