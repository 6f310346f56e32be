import { parseCondition } from './read-condition.js';
import { parseDomain } from './read-domain.js';

const DOMAIN = parseDomain('(define (domain d) (:constants hall) (:predicates (at ?x ?r) (open ?d)))');

describe('parseCondition', () => {
  it('reads a condition over constants and named objects', () => {
    expect(
      parseCondition('(and (at ball hall) (not (open door)))', DOMAIN, [
        { name: 'ball', types: ['object'] },
        { name: 'door', types: ['object'] },
      ]),
    ).toEqual({
      kind: 'and',
      parts: [
        { kind: 'atom', predicate: 'at', args: ['ball', 'hall'] },
        { kind: 'not', part: { kind: 'atom', predicate: 'open', args: ['door'] } },
      ],
    });
  });

  it.each([
    ['(at ball hall)', 'condition:1:5: unknown object `ball`; did you mean `hall`?'],
    ['(at ?x hall)', 'condition:1:5: unknown variable `?x`; none is declared'],
    [
      '(open hall) (open hall)',
      'condition:1:13: found "(open …" after the end of a condition such as (at ball kitchen); remove it or check the brackets before it',
    ],
    ['', 'condition:1:1: found the end of the text, expected a condition such as (at ball kitchen)'],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => parseCondition(text, DOMAIN, [])).toThrow(message);
  });
});
