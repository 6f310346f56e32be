import { makeState } from '@praxis/core';
import { holdsByFacts, stillRuns, type PlannedStep } from './planned-step.js';

const step = (needs: string[], added: string[], removed: string[] = []): PlannedStep => ({
  action: { skill: 'do', args: {} },
  needs,
  expects: { added, removed, numbers: {} },
  origin: 'search',
  taint: [],
});
const walk = [
  step(['(at hall)'], ['(at study)'], ['(at hall)']),
  step(['(at study)', '(not (lit lamp))'], ['(lit lamp)']),
];

describe('stillRuns', () => {
  it('lets each step use what the steps before it bring about', () => {
    expect(stillRuns(walk, makeState(['(at hall)']))).toBe(true);
    expect(stillRuns([], makeState([]))).toBe(true);
  });

  it('sees a need that is gone, at the first step or later', () => {
    expect(stillRuns(walk, makeState(['(at attic)']))).toBe(false);
    expect(stillRuns(walk, makeState(['(at hall)', '(lit lamp)']))).toBe(false);
    expect(stillRuns([walk[0]!, walk[0]!], makeState(['(at hall)']))).toBe(false);
  });

  it('does not mind changes that no step needs (receding-horizon.5)', () => {
    expect(stillRuns(walk, makeState(['(at hall)', '(asleep cat)']))).toBe(true);
  });
});

describe('holdsByFacts', () => {
  const state = makeState(['(lit lamp)', '(ordered tea)', '(raining)', '(notable x)', '(andante)']);
  it.each([
    ['(lit lamp)', true],
    ['(lit stove)', false],
    ['(not (lit stove))', true],
    ['(and (lit lamp) (not (lit stove)))', true],
    ['(and (lit lamp) (lit stove))', false],
    ['(and)', true],
    ['(raining)', true],
    ['(ordered tea)', true],
    ['(not (ordered tea))', false],
    ['(and (notable x) (andante))', true],
  ])('tells that %s is %s', (condition, expected) => expect(holdsByFacts(condition, state)).toBe(expected));

  it.each([
    '(or (lit lamp) (lit stove))',
    '(and (lit lamp) (or))',
    '(not (and))',
    '(not (= a a))',
    '(= a a)',
    '(<= (fuel car) 3)',
    '(> 1 2)',
    '(forall (?x) (lit ?x))',
    '(not (exists (?x) (lit ?x)))',
    '(imply (lit lamp) (lit stove))',
  ])('leaves %s to whoever knows the rules', (condition) => expect(holdsByFacts(condition, state)).toBeNull());
});
