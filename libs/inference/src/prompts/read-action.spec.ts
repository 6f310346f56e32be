import * as fc from 'fast-check';
import { actionText, makeAction, type SkillManifest } from '@praxis/core';
import { readAction } from './read-action.js';

const skill = (name: string, ...parameters: readonly [string, string][]): SkillManifest => ({
  name,
  summary: '',
  parameters: parameters.map(([p, type]) => ({ name: p, type })),
  effect: 'reversible',
  keyed: true,
  source: 'builtin',
});
const SKILLS = [
  skill('move', ['who', 'agent'], ['to', 'room']),
  skill('pay', ['invoice', 'string'], ['amount', 'number'], ['express', 'boolean']),
  skill('post', ['body', 'object'], ['tags', 'array']),
];
const OBJECTS = new Set(['ann', 'hall']);

describe('readAction', () => {
  it.each([
    '(move ann hall)',
    ' ( MOVE Ann  HALL ) ',
    'move ann hall',
    'move(ann, hall)',
    'move (ann hall)',
    '("move" ann hall)'.replaceAll('"', ''),
    '(move "ann" "hall")',
  ])('understands %s', (text) => {
    expect(readAction(text, SKILLS, OBJECTS)).toEqual({
      action: { skill: 'move', args: { who: 'ann', to: 'hall' } },
      problem: null,
    });
  });

  it('gives each argument its type, and text its spaces', () => {
    expect(readAction('(pay "A 17" 3.5 true)', SKILLS, null).action?.args).toEqual({
      invoice: 'A 17',
      amount: 3.5,
      express: true,
    });
    expect(readAction('(pay 17 3 false)', SKILLS, null).action?.args).toEqual({
      invoice: '17',
      amount: 3,
      express: false,
    });
    expect(readAction('(post {"a": ["(", "}"]} ["x y"])', SKILLS, null).action?.args).toEqual({
      body: { a: ['(', '}'] },
      tags: ['x y'],
    });
  });

  it('takes `object` for what PDDL means by it as well', () => {
    const stack = skill('stack', ['what', 'object']);
    expect(readAction('(stack ann)', [stack], OBJECTS).action?.args).toEqual({ what: 'ann' });
    expect(readAction('(stack moon)', [stack], OBJECTS).problem).toBe('moon in (stack moon) is not of type object');
  });

  it('keeps a number a number where a skill takes any JSON', () => {
    const note = skill('note', ['what', 'json']);
    expect(
      ['(note 3)', '(note "3")', '(note x)'].map((text) => readAction(text, [note], null).action?.args['what']),
    ).toEqual([3, '3', 'x']);
  });

  it('takes arguments by name, whatever their order, and never a name as part of a value', () => {
    for (const text of [
      '(pay {"amount": 3.5, "invoice": "A 17", "express": true})',
      'pay({"express": true, "invoice": "A 17", "amount": 3.5})',
    ]) {
      expect(readAction(text, SKILLS, null).action?.args).toEqual({ invoice: 'A 17', amount: 3.5, express: true });
    }
    expect(readAction('(pay amount=3 invoice=A17 express=false)', SKILLS, null).action?.args).toEqual({
      invoice: 'A17',
      amount: 3,
      express: false,
    });
    expect(readAction('(pay {"amount": 3, "invoice": "A"})', SKILLS, null).problem).toBe('pay needs express (boolean)');
    expect(readAction('(move {"who": "ann", "to": "moon"})', SKILLS, OBJECTS).problem).toBe(
      'to of move is not an object that exists',
    );
  });

  it.each([
    ['', 'an empty text is not a call such as (move ann hall kitchen)'],
    ['(move ann', '(move ann is not a call such as (move ann hall kitchen)'],
    ['(fly ann)', 'there is no skill fly'],
    ['(move ann)', '(move ann) has 1 arguments; move takes who, to'],
    ['(move ann moon)', 'moon in (move ann moon) is not an object that exists'],
    ['(pay A much true)', 'much in (pay A much true) is not of type number'],
    ['(post "a" [])', '"a" in (post "a" []) is not of type object'],
    ['(post {"a" [])', '(post {"a" []) is not a call such as (move ann hall kitchen)'],
  ])('refuses %s and says why', (text, problem) => expect(readAction(text, SKILLS, OBJECTS).problem).toBe(problem));

  it('reads what core writes', () => {
    const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/);
    fc.assert(
      fc.property(
        word,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        (invoice, amount, express) => {
          const action = makeAction(
            'pay',
            ['invoice', 'amount', 'express'],
            [invoice, Object.is(amount, -0) ? 0 : amount, express],
          );
          expect(readAction(actionText(action), SKILLS, null).action).toEqual(action);
        },
      ),
    );
  });
});
