import * as fc from 'fast-check';
import {
  EMPTY_STATE,
  applyChange,
  conjunction,
  diffStates,
  isNoChange,
  literalHolds,
  makeState,
  negate,
  stateDigest,
  type WorldState,
} from './state.js';
import { splitConjunction } from '../goals/plan.js';

const fact = fc.constantFrom('(at ball kitchen)', '(at ball hall)', '(open door)', '(raining)', '(on a b)');
const numbers = fc.dictionary(
  fc.constantFrom('(fuel car)', '(load van)', '(total-cost)'),
  fc.integer({ min: -3, max: 3 }),
);
const state: fc.Arbitrary<WorldState> = fc.tuple(fc.array(fact), numbers).map(([facts, n]) => makeState(facts, n));
const literal = fc.tuple(fact, fc.boolean()).map(([f, positive]) => (positive ? f : negate(f)));

describe('makeState', () => {
  it('gives equal states for facts in any order and number', () => {
    expect(makeState(['(b)', '(a)', '(b)'], { z: 1, a: 2 })).toEqual({
      facts: ['(a)', '(b)'],
      numbers: { a: 2, z: 1 },
    });
    expect(JSON.stringify(makeState(['(b)', '(a)'], { z: 1, a: 2 }))).toBe(
      JSON.stringify(makeState(['(a)', '(b)'], { a: 2, z: 1 })),
    );
  });
});

describe('diffStates', () => {
  it('loses nothing: applied to the state before, it gives the state after', () => {
    fc.assert(
      fc.property(state, state, (before, after) =>
        expect(applyChange(before, diffStates(before, after))).toEqual(after),
      ),
    );
  });

  it('is no change exactly where the states are equal', () => {
    fc.assert(
      fc.property(state, state, (a, b) => expect(isNoChange(diffStates(a, b))).toBe(stateDigest(a) === stateDigest(b))),
    );
  });

  it('names a number that is gone', () => {
    expect(diffStates(makeState([], { '(fuel car)': 0 }), EMPTY_STATE)).toEqual({
      added: [],
      removed: [],
      numbers: { '(fuel car)': null },
    });
  });
});

describe('negate', () => {
  it('is its own opposite, and turns the truth round', () => {
    fc.assert(
      fc.property(literal, state, (l, s) => {
        expect(negate(negate(l))).toBe(l);
        expect(literalHolds(negate(l), s)).toBe(!literalHolds(l, s));
      }),
    );
  });

  it('is not misled by a predicate whose name begins with not', () => {
    expect(negate('(notable x)')).toBe('(not (notable x))');
    expect(negate('(not (notable x))')).toBe('(notable x)');
  });
});

describe('conjunction', () => {
  it('is taken apart again by splitConjunction', () => {
    fc.assert(
      fc.property(fc.array(literal), (literals) => expect(splitConjunction(conjunction(literals))).toEqual(literals)),
    );
  });

  it.each([
    ['(and)', []],
    ['  (and (p)\n\t(not (q a)) )  ', ['(p)', '(not (q a))']],
    ['(and(p)(q))', ['(p)', '(q)']],
    ['(p a)', ['(p a)']],
    ['(android a)', ['(android a)']],
    ['(or (p) (q))', ['(or (p) (q))']],
    ['(and (or (p) (q)) (r))', ['(or (p) (q))', '(r)']],
  ])('splitConjunction takes %j apart', (condition, parts) => expect(splitConjunction(condition)).toEqual(parts));
});
