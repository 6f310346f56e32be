import { NO_COST, parseApprovalRule } from '@praxis/core';
import { costText } from './cost.js';
import { budgetWords, ruleText } from './goal-words.js';
import { goalOf, questionOf } from './fixtures/parked-run.js';
import { answersTo, answerWords } from './question-words.js';

describe('what to type to answer', () => {
  it('fits the kind of the question', () => {
    expect(answersTo(questionOf())).toEqual([
      'praxis answer q-1 --approve',
      'praxis answer q-1 --reject "why"',
      `praxis answer q-1 --edit '{"args":{"to":"acme","amount":12}}'`,
    ]);
    expect(answersTo(questionOf({ kind: 'uncertain' }))).toEqual([
      'praxis answer q-1 --happened',
      'praxis answer q-1 --not-happened',
    ]);
    expect(answersTo(questionOf({ kind: 'budget', needs: { ...NO_COST, steps: 10, money: 2.5 } }))[0]).toBe(
      'praxis answer q-1 --grant steps=10,money=2.5',
    );
    expect(answersTo(questionOf({ kind: 'budget', needs: NO_COST }))[0]).toBe('praxis answer q-1 --grant');
    expect(answersTo(questionOf({ kind: 'question', action: null }))[0]).toBe('praxis answer q-1 --text "…"');
  });
});

describe('what was said', () => {
  it('names who said it and why', () => {
    const answer = { by: 'ann', reason: 'fine', args: null, grant: null, value: null };
    expect(answerWords({ ...answer, verdict: 'approve' })).toEqual({ said: 'Approved', more: 'by ann: fine' });
    expect(
      answerWords({ ...answer, verdict: 'grant', grant: { ...NO_COST, steps: 10, money: 0.5 }, reason: '' }),
    ).toEqual({ said: 'More budget granted', more: '10 steps, 0.50 money, by ann' });
    expect(answerWords({ ...answer, verdict: 'answer', value: 'blue' }).more).toBe('"blue", by ann: fine');
    expect(answerWords({ ...answer, verdict: 'expired', by: 'planner' })).toEqual({
      said: 'Nobody answered in time',
      more: '',
    });
    expect(costText(NO_COST)).toBe('nothing');
  });
});

describe('what holds a run in', () => {
  it('shows a rule as it is typed', () => {
    for (const rule of [
      'ask effect=irreversible|unknown skill=pay* tenant=acme expires=3600 tainted',
      'deny',
      'allow world=shop',
    ])
      expect(parseApprovalRule(ruleText(parseApprovalRule(rule)))).toEqual(parseApprovalRule(rule));
    expect(ruleText(parseApprovalRule('ask effect=reversible'))).toBe('ask effect=reversible');
  });

  it('tells every bound and what becomes of the run at it', () => {
    expect(budgetWords(goalOf())).toBe(
      '500 steps, 12 replans, 1,000,000 states per search; when it is spent, people are asked for more',
    );
    expect(budgetWords(goalOf({ budget: { money: 2, wallMs: 600_000, whenSpent: 'fail' } }))).toContain(
      '2 money, 10 min 00 s of work, 12 replans',
    );
  });
});
