import { NO_COST, questionSchema, type Question } from '@praxis/core';
import { answersTo, questionLine, questionLines } from './question-lines.js';

const question = (more: Partial<Question>): Question =>
  questionSchema.parse({ id: 'q-1', kind: 'approval', text: 'May this be paid?', ...more });
const pay = { skill: 'pay', args: { to: "o'hara", amount: 12 } };

describe('answersTo', () => {
  it('can be typed as it stands, also where the arguments hold quotes', () => {
    expect(answersTo(question({ action: pay }))).toEqual([
      'praxis answer q-1 --approve',
      'praxis answer q-1 --reject "why"',
      String.raw`praxis answer q-1 --edit '{"args":{"to":"o'\''hara","amount":12}}'`,
    ]);
  });

  it('offers to each kind what answers it', () => {
    expect(answersTo(question({ kind: 'uncertain' }))).toEqual([
      'praxis answer q-1 --happened',
      'praxis answer q-1 --not-happened',
    ]);
    expect(answersTo(question({ kind: 'budget', needs: { ...NO_COST, steps: 10, money: 2.5 } }))[0]).toBe(
      'praxis answer q-1 --grant steps=10,money=2.5',
    );
    expect(answersTo(question({ kind: 'budget', needs: NO_COST }))[0]).toBe('praxis answer q-1 --grant');
    expect(answersTo(question({ kind: 'question' }))[0]).toBe('praxis answer q-1 --text "…"');
  });
});

describe('questionLine', () => {
  it('says in a log what is asked and how to answer', () => {
    expect(questionLine(question({ action: pay }))).toBe(
      'asks for approval: May this be paid? (praxis answer q-1 --approve, or --reject "why")',
    );
  });
});

describe('questionLines', () => {
  it('tells who asks, about what, since when and for how long', () => {
    const asked = question({ action: pay, effect: 'irreversible', taint: ['page of acme'], expiresAt: 130_000 });
    expect(
      questionLines(
        { run: 'r-1', title: 'Bills', subgoal: 'r-1.1.2.1', question: asked, askedAt: 10_000, reminders: 2 },
        70_000,
      ).slice(0, 5),
    ).toEqual([
      'q-1  approval  r-1.1.2.1 (Bills)',
      '  May this be paid?',
      "  (pay o'hara 12)  irreversible",
      '  with untrusted parts from page of acme',
      '  asked 1 min 0 s ago, expires in 1 min 0 s, reminded 2 times',
    ]);
  });

  it('tells what a run lacks', () => {
    expect(
      questionLines(
        {
          run: 'r-1',
          title: 'Bills',
          subgoal: null,
          question: question({ kind: 'budget', needs: { ...NO_COST, steps: 10 } }),
          askedAt: 0,
          reminders: 0,
        },
        0,
      ).slice(0, 3),
    ).toEqual(['q-1  budget  r-1 (Bills)', '  May this be paid?', '  needs 10 steps']);
  });
});
