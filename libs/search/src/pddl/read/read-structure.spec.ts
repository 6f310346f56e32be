import * as fc from 'fast-check';
import type { NumberExpression, ParsedCondition } from '@praxis/core';
import { printFormula } from '../print.js';
import { parseStructure } from './read-structure.js';

const word = fc.constantFrom('on', 'plate', 'Report.txt', 'größe', 'a-1', 'x_y');
const term = fc.oneof(word, fc.constant('?x'));
const number = fc.letrec<{ number: NumberExpression }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant('number' as const), value: fc.integer({ min: 0, max: 99 }) }),
    fc.record({ kind: fc.constant('fluent' as const), function: word, args: fc.array(term, { maxLength: 2 }) }),
    fc.record({
      kind: fc.constant('arithmetic' as const),
      op: fc.constantFrom('+' as const, '*' as const),
      parts: fc.array(tie('number'), { minLength: 2, maxLength: 3 }),
    }),
  ),
})).number;
const condition = fc.letrec<{ condition: ParsedCondition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    fc.record({ kind: fc.constant('atom' as const), predicate: word, args: fc.array(term, { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('equal' as const), left: term, right: term }),
    fc.record({
      kind: fc.constant('compare' as const),
      op: fc.constantFrom('<' as const, '<=' as const, '>=' as const, '>' as const),
      left: number,
      right: number,
    }),
    fc.record({ kind: fc.constant('not' as const), part: tie('condition') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('condition'), { maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constantFrom('forall' as const, 'exists' as const),
      variables: fc.constant([{ name: '?y', types: ['thing', 'Place'] }]),
      part: tie('condition'),
    }),
  ),
})).condition;
/** A condition in which `?x` may stand. */
const closed = condition.map((part): ParsedCondition => ({
  kind: 'exists',
  variables: [{ name: '?x', types: ['object'] }],
  part,
}));

describe('parseStructure', () => {
  it('reads back every condition that is printed, in upper and lower case as it is written', () => {
    fc.assert(
      fc.property(closed, (one) => expect(parseStructure(printFormula(one))).toEqual(one)),
      { numRuns: 300 },
    );
  });

  it('needs no domain, takes keywords in any case and imply for "not, or"', () => {
    expect(parseStructure('(AND (file Report.txt) (Imply (late) (> (pages Report.txt) 3)))')).toEqual({
      kind: 'and',
      parts: [
        { kind: 'atom', predicate: 'file', args: ['Report.txt'] },
        {
          kind: 'or',
          parts: [
            { kind: 'not', part: { kind: 'atom', predicate: 'late', args: [] } },
            {
              kind: 'compare',
              op: '>',
              left: { kind: 'fluent', function: 'pages', args: ['Report.txt'] },
              right: { kind: 'number', value: 3 },
            },
          ],
        },
      ],
    });
    expect(parseStructure('(= a b)')).toMatchObject({ kind: 'equal' });
    expect(parseStructure('(= (a) 3)')).toMatchObject({ kind: 'compare' });
    expect(parseStructure('()')).toEqual({ kind: 'and', parts: [] });
  });

  it.each([
    ['', /found the end of the text/],
    ['(and (no such', /expected/],
    ['report', /expected a condition/],
    ['(not (a) (b))', /expected "\)"/],
    ['(on ?x table)', /stands outside of a quantifier/],
    ['(on (a) b)', /expected an object or a variable/],
    ['(< a)', /right side/],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => parseStructure(text)).toThrow(message);
  });
});
