import { NO_COST, UNBOUNDED, type Allowance } from '@praxis/core';
import type { WatchedEvent } from '../../../src/api.js';
import {
  answerOf,
  begun,
  decided,
  goalOf,
  observed,
  questionOf,
  RUN,
  settled,
  SUBGOAL,
  tried,
} from './fixtures/parked-run.js';
import { applyEvents, newRunModel, type RunModel } from './run-model.js';
import { metersOf, runMeters, spentBy, workedMs } from './spending.js';

const told = (events: readonly WatchedEvent[]): RunModel => applyEvents(newRunModel(RUN), events);
const texts = (model: RunModel, goal = goalOf(), now = 0): readonly string[] =>
  runMeters(model, goal, now).map((m) => m.text);

describe('what a run has spent', () => {
  it('counts what is under way, and counts nothing twice when it has settled', () => {
    const story = begun().step(decided(), tried(), {
      ...observed(),
      spent: { ...NO_COST, steps: 1, calls: 1, risk: 5 },
    } as never);
    expect(spentBy(told(story.events))).toEqual({ ...NO_COST, steps: 1, calls: 1, risk: 5 });
    expect(spentBy(told(story.run(settled({ spent: { ...NO_COST, steps: 1, calls: 1, risk: 5 } })).events))).toEqual({
      ...NO_COST,
      steps: 1,
      calls: 1,
      risk: 5,
    });
  });

  it('has a meter for each bound, and for none that there is not', () => {
    const model = told(begun().step(decided(), tried(), observed()).events);
    expect(texts(model)).toEqual(['1 of 500 steps']);
    expect(texts(model, goalOf({ budget: { steps: 10, money: 2.5, risk: 20 } }))).toEqual([
      '1 of 10 steps',
      '0 of 2.50 money',
      '0 of 20 risk',
    ]);
    expect(metersOf({ ...UNBOUNDED, calls: 0 }, NO_COST)).toEqual([{ name: 'calls', share: 1, text: '0 of 0 calls' }]);
  });

  it('counts what people granted', () => {
    const grant = answerOf('grant', { grant: { ...NO_COST, steps: 10 } });
    const model = told(
      begun().run(
        { type: 'asked', question: questionOf({ kind: 'budget' }) },
        { type: 'answered', question: 'q-1', subgoal: null, answer: grant },
      ).events,
    );
    expect(texts(model, goalOf({ budget: { steps: 5 } }))).toEqual(['0 of 15 steps']);
  });

  it('adds to the allowance of the subgoal that asked, of this attempt alone', () => {
    const bounded: Allowance = { ...UNBOUNDED, steps: 2 };
    const grant = (subgoal: string) =>
      ({
        type: 'answered',
        question: 'q-1',
        subgoal,
        answer: answerOf('grant', { by: 'planner', grant: { ...NO_COST, steps: 3, money: 1 } }),
      }) as const;
    expect(told(begun(goalOf(), bounded).run(grant(SUBGOAL)).events).nodes['1.1']!.allowance).toEqual({
      ...UNBOUNDED,
      steps: 5,
    });
    expect(told(begun(goalOf(), bounded).run(grant('r-1.1.1.2')).events).nodes['1.1']!.allowance).toEqual(bounded);
  });
});

describe('the time a run has worked', () => {
  it('stands still while the run is paused or has asked, however these overlap', () => {
    const story = begun();
    const from = story.at;
    const ask = questionOf({ kind: 'budget' });
    story.run({ type: 'paused', by: 'u', reason: '' }, { type: 'asked', question: ask }, { type: 'resumed', by: 'u' });
    // Begun at 1 s, held from the next second on.
    expect(workedMs(told(story.events), 60_000)).toBe(from + 1_000 - 1_000);
    story.run({ type: 'answered', question: ask.id, subgoal: null, answer: answerOf('grant') });
    expect(workedMs(told(story.events), story.at + 500)).toBe(from + 500);
  });

  it('is one more whole time after each grant in overtime', () => {
    const goal = goalOf({ budget: { wallMs: 60_000 } });
    const story = begun(goal).run({ type: 'overtime', wallMs: 60_000 });
    expect(told(story.events).overtime).toBe(true);
    const model = told(
      story.run(
        { type: 'asked', question: questionOf({ kind: 'budget' }) },
        { type: 'answered', question: 'q-1', subgoal: null, answer: answerOf('grant') },
      ).events,
    );
    expect([model.overtime, texts(model, goal, story.at).at(-1)]).toEqual([
      false,
      expect.stringContaining('of 2 min 00 s'),
    ]);
  });
});
