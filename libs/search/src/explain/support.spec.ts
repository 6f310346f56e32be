import * as fc from 'fast-check';
import { applyChange, literalHolds, makeState, negate, type Literal } from '@praxis/core';
import { Interpreter } from '../interpret/interpreter.js';
import { Semantics } from '../interpret/semantics.js';
import type { Domain } from '../pddl/ast.js';
import { parseCondition } from '../pddl/read/read-condition.js';
import { parseDomain } from '../pddl/read/read-domain.js';
import { parseProblem } from '../pddl/read/read-problem.js';
import { Support } from './support.js';

const DOMAIN: Domain = parseDomain(`(define (domain shelf)
  (:types block)
  (:predicates (on ?x ?y - block) (table ?x - block) (red ?x - block) (heavy ?x - block) (above ?x ?y - block) (clear ?x - block) (joined ?x ?y - block))
  (:functions (load))
  (:derived (above ?x ?y) (or (on ?x ?y) (exists (?z - block) (and (on ?x ?z) (above ?z ?y)))))
  (:derived (clear ?x) (not (exists (?y - block) (on ?y ?x))))
  (:derived (joined ?x ?y) (or (on ?x ?y) (joined ?y ?x) (exists (?z - block) (and (joined ?x ?z) (joined ?z ?y)))))
  (:action stack :parameters (?x ?y - block) :effect (and (on ?x ?y) (not (table ?x)) (red ?x))))`);
const PROBLEM = parseProblem(
  '(define (problem p) (:domain shelf) (:objects a b c d - block) (:init (heavy a) (= (load) 1)) (:goal (and)))',
  DOMAIN,
);
const semantics = new Semantics(DOMAIN, PROBLEM);
const support = new Support(DOMAIN, new Set(['on', 'table', 'red']));
const world = new Interpreter(DOMAIN, PROBLEM);

const formula = (text: string) => parseCondition(text, DOMAIN, PROBLEM.objects);
const supportOf = (text: string, ...facts: string[]): readonly Literal[] =>
  support.of(formula(text), new Map(), semantics.situation(facts, new Map([['(load)', 1]])));

describe('Support', () => {
  it.each<[string, string, string[], string[]]>([
    ['an atom', '(on a b)', ['(on a b)'], ['(on a b)']],
    ['a negated atom', '(not (on a b))', [], ['(not (on a b))']],
    [
      'each part of a conjunction, once',
      '(and (red a) (not (red b)) (red a))',
      ['(red a)'],
      ['(red a)', '(not (red b))'],
    ],
    ['the first true part of a disjunction', '(or (red a) (red b) (red c))', ['(red b)', '(red c)'], ['(red b)']],
    ['an implication whose condition fails', '(imply (red a) (red b))', [], ['(not (red a))']],
    [
      'one witness of exists',
      '(exists (?x - block) (and (red ?x) (table ?x)))',
      ['(red a)', '(red b)', '(table b)'],
      ['(red b)', '(table b)'],
    ],
    [
      'every object of forall',
      '(forall (?x - block) (or (red ?x) (table ?x)))',
      ['(red a)', '(table b)', '(red c)', '(red d)', '(table d)'],
      ['(red a)', '(table b)', '(red c)', '(red d)'],
    ],
    ['a negated conjunction', '(not (and (red a) (red b)))', ['(red a)'], ['(not (red b))']],
    [
      'a negated exists',
      '(not (exists (?x - block) (on ?x a)))',
      [],
      ['(not (on a a))', '(not (on b a))', '(not (on c a))', '(not (on d a))'],
    ],
    ['the facts below a derived atom', '(above a c)', ['(on a b)', '(on b c)'], ['(on a b)', '(on b c)']],
    [
      'the facts that are missing below a derived atom',
      '(clear a)',
      ['(on a b)'],
      ['(not (on a a))', '(not (on b a))', '(not (on c a))', '(not (on d a))'],
    ],
    ['nothing that never changes', '(and (heavy a) (= a a) (not (= a b)) (>= (load) 1))', [], []],
    ['nothing for what is always true', '(and)', [], []],
  ])('is %s', (_what, text, facts, expected) =>
    expect([...supportOf(text, ...facts)].sort()).toEqual([...expected].sort()),
  );

  it('rests a negated derived atom on what keeps it false', () => {
    expect([...supportOf('(not (clear a))', '(on b a)')]).toEqual(['(on b a)']);
    expect(supportOf('(not (above a b))', '(on c b)')).toEqual(
      expect.arrayContaining(['(not (on a b))', '(not (on a c))']),
    );
  });

  it('comes to an end where rules lead in circles', () => {
    const facts = ['(on a b)', '(on b c)', '(on c d)', '(on d a)'];
    expect(supportOf('(joined a d)', ...facts).length).toBeGreaterThan(0);
    expect(supportOf('(joined d a)', ...facts).length).toBeGreaterThan(0);
  });

  it('holds the formula up: as long as it holds, so does the formula, whatever else changes', () => {
    const facts = ['a', 'b', 'c'].flatMap((x) => [
      `(red ${x})`,
      `(table ${x})`,
      ...['a', 'b', 'c'].map((y) => `(on ${x} ${y})`),
    ]);
    const texts = [
      '(or (and (red a) (table b)) (not (table c)))',
      '(exists (?x ?y - block) (and (on ?x ?y) (red ?y)))',
      '(forall (?x - block) (imply (red ?x) (not (table ?x))))',
      '(above a c)',
      '(above c a)',
      '(not (above a b))',
      '(clear a)',
      '(not (clear b))',
      '(joined a c)',
      '(joined c b)',
      '(not (joined a b))',
      '(and (joined a b) (clear c))',
      '(not (forall (?x - block) (or (red ?x) (exists (?y - block) (above ?x ?y)))))',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.subarray(facts), fc.subarray(facts), (text, now, changed) => {
        const state = makeState(now, { '(load)': 1 });
        fc.pre(world.holds(formula(text), state));
        const found = supportOf(text, ...now);
        for (const literal of found) expect(literalHolds(literal, state)).toBe(true);
        const kept = new Set(found.map((l) => (l.startsWith('(not ') ? negate(l) : l)));
        const toggled = changed.filter((f) => !kept.has(f));
        const later = applyChange(state, {
          added: toggled.filter((f) => !now.includes(f)),
          removed: toggled.filter((f) => now.includes(f)),
          numbers: {},
        });
        expect(world.holds(formula(text), later)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
