import { answerFormat, type NextActionAnswer } from './answers.js';
import { candidatesOf, nextActionProblems } from './candidates-from-answers.js';
import { actionText, makeAction } from '@praxis/core';

const MOVE = makeAction('move', ['who', 'to'], ['ann', 'hall']);
const WAIT = makeAction('wait', ['who'], ['ann']);
const say = (action: string, thought = '', question = ''): NextActionAnswer => ({ thought, action, question });

describe('candidatesOf', () => {
  it('counts equal proposals, the most frequent first and the first of equals first', () => {
    const answers = [
      say('(wait ann)', 'why not'),
      say('stuck'),
      say('(move ann hall)', 'near'),
      say('(move ann hall)', 'other words'),
      say('done', 'it holds'),
    ];
    expect(candidatesOf(answers, [MOVE, WAIT], ['mail'])).toEqual([
      { kind: 'act', action: MOVE, why: 'near', times: 2, origin: 'model', taint: ['mail'] },
      { kind: 'act', action: WAIT, why: 'why not', times: 1, origin: 'model', taint: ['mail'] },
      { kind: 'stuck', why: '', times: 1 },
      { kind: 'done', why: 'it holds', times: 1 },
    ]);
  });

  it('takes questions in different words for one proposal, so that wanting to ask is not outvoted by its wording', () => {
    expect(
      candidatesOf([say('(wait ann)'), say('ask', '', 'Where is it?'), say('ask', '', 'Where?')], [WAIT])[0],
    ).toEqual({ kind: 'ask', question: 'Where is it?', times: 2 });
  });

  it('leaves out what is of no use, and says why', () => {
    const useless = [say('(fly ann)'), say(''), say('ask', '', ' ')];
    expect(candidatesOf(useless, [MOVE])).toEqual([]);
    expect(useless.map((answer) => nextActionProblems(answer, [MOVE])[0])).toEqual([
      '(fly ann) is not legal now; choose a line of "actions", or done, ask, stuck',
      'an empty text is not legal now; choose a line of "actions", or done, ask, stuck',
      'it asks without a question; put the question into "question"',
    ]);
  });

  it('understands a legal action in another spelling, for engines that do not hold to the list', () => {
    for (const text of ['move(ann, hall)', '( move  Ann hall )', 'move ann hall'])
      expect(candidatesOf([say(text)], [MOVE])).toMatchObject([{ kind: 'act', action: MOVE }]);
  });

  it('understands every answer that the format allows', () => {
    const legal = [MOVE, WAIT, makeAction('done', [], []), makeAction('say', ['text'], ['hello (all) "of" you'])];
    const { properties } = answerFormat('next_action', { actions: legal.map(actionText) }).schema as {
      readonly properties: { readonly action: { readonly enum: readonly string[] } };
    };
    for (const text of properties.action.enum) expect(candidatesOf([say(text, '', 'What?')], legal)).toHaveLength(1);
    expect(candidatesOf([say('(done)')], legal)[0]).toMatchObject({ kind: 'act' });
    expect(candidatesOf([say('done')], legal)[0]).toMatchObject({ kind: 'done' });
  });
});
