import * as fc from 'fast-check';
import { splitConjunction } from '@praxis/core';
import { readCondition, type Vocabulary } from './read-literals.js';

const WORDS: Vocabulary = {
  predicates: new Map([
    ['on', 2],
    ['open', 1],
    ['dry', 0],
  ]),
  functions: new Map([['fuel', 1]]),
  objects: new Set(['a', 'b', 'door1']),
};
const read = (text: string): string | readonly string[] => {
  const { condition, problems } = readCondition(text, WORDS);
  return condition ?? problems;
};

describe('readCondition', () => {
  it.each([
    ['(on a b)', '(on a b)'],
    ['(AND (On A B)\n  (not (open door1)))', '(and (on a b) (not (open door1)))'],
    ['(and (on a b))', '(on a b)'],
    ['(and (on a b) (and (dry) (on a b)))', '(and (on a b) (dry))'],
    ['(on a b) (dry)', '(and (on a b) (dry))'],
    ['(not (not (dry)))', '(dry)'],
    ['(and (>= (fuel a) 3) (= (fuel b) (fuel a)))', '(and (>= (fuel a) 3) (= (fuel b) (fuel a)))'],
    ['(dry) ; at last', '(dry)'],
  ])('reads %s in the one form that core compares', (text, condition) => expect(read(text)).toBe(condition));

  it.each([
    ['', 'it is empty'],
    ['(and)', 'it is empty'],
    ['the door is open', 'the door is open is not a condition such as (and (on a b) (not (open door1)))'],
    ['(on a b', '(on a b is not a condition such as (and (on a b) (not (open door1)))'],
    ['(on a b))', '(on a b)) is not a condition such as (and (on a b) (not (open door1)))'],
    ['(or (dry) (open door1))', '(or (dry) (open door1)) uses or; only literals joined by "and" will do'],
    ['(not (and (dry) (on a b)))', '(and (dry) (on a b)) uses and; only literals joined by "and" will do'],
    ['(and dry (on a b))', 'dry is not a literal; a literal stands in parentheses'],
    ['(on (on a b) b)', '(on (on a b) b) has terms within it; a fact has a predicate and objects'],
    ['(under a b)', 'under is not a predicate here; there are on, open, dry'],
    ['(on a)', 'on takes 2 objects, not 1'],
    ['(on a c)', 'there is no object c'],
    ['(on a ?x)', '?x is a variable; name an object'],
    ['(>= (weight a) 3)', 'weight is not a function here; there are fuel'],
    ['(>= (fuel a) much)', 'much is neither a number nor an object'],
    ['(and (dry) (not (dry)))', '(dry) is both to hold and not to hold'],
  ])('refuses %s and says why', (text, problem) => expect(read(text)).toEqual([problem]));

  it.each([
    ['(or (on a b) (on b a))', '(or (on a b) (on b a))'],
    [
      '(and (dry) (or (and (on a b) (open door1)) (not (open door1))))',
      '(and (dry) (or (and (on a b) (open door1)) (not (open door1))))',
    ],
    ['(or (dry) (or (on a b) (on b a)))', '(or (dry) (or (on a b) (on b a)))'],
  ])('leaves a choice where that is allowed: %s', (text, condition) =>
    expect(readCondition(text, WORDS, { choices: true }).condition).toBe(condition),
  );

  it.each([
    ['(or (on a c) (dry))', 'there is no object c'],
    ['(or (dry))', '(or (dry)) leaves no choice; an "or" has at least two parts'],
    ['(not (or (dry) (on a b)))', '(or (dry) (on a b)) uses or; only literals joined by "and" will do'],
    [
      '(or (dry) (exists (?x) (on ?x a)))',
      '(exists (?x) (on ?x a)) uses exists; only literals joined by "and" will do',
    ],
  ])('looks into every part of a choice: %s', (text, problem) =>
    expect(readCondition(text, WORDS, { choices: true }).problems).toEqual([problem]),
  );

  it('takes any names where the rules are not known, but no other form', () => {
    expect(readCondition('(near me you)', null).condition).toBe('(near me you)');
    expect(readCondition('(near me ?you)', null).problems).toHaveLength(1);
  });

  it('gives back what it gave, whatever a model writes', () => {
    const text = fc.string({
      unit: fc.constantFrom('(', ')', ' ', 'and', 'not', 'on', 'a', 'b', 'dry', '=', 'fuel', '3'),
    });
    fc.assert(
      fc.property(text, (said) => {
        const { condition, literals } = readCondition(said, WORDS);
        if (condition === null) return;
        expect(readCondition(condition, WORDS).condition).toBe(condition);
        expect(splitConjunction(condition)).toEqual(literals);
      }),
      { numRuns: 2_000 },
    );
  });
});
