import * as fc from 'fast-check';
import { makeState } from '@praxis/core';
import type { Formula, TypedName } from '../pddl/ast.js';
import { parseDomain } from '../pddl/read/read-domain.js';
import { parseProblem } from '../pddl/read/read-problem.js';
import { printFormula } from '../pddl/print.js';
import { Interpreter } from './interpreter.js';

const OBJECTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['object', ['a', 'b', 'c']],
  ['s', ['a', 'b']],
  ['t', ['c']],
  ['none', []],
]);
const HEADER = '(define (domain d) (:types s t none) (:constants a b - s c - t) (:predicates (p ?x) (r ?x ?y) (q))';
const PROBLEM = '(define (problem p) (:domain d) (:goal (and)))';

const variable = fc.constantFrom('?x', '?y', '?z');
const term = fc.oneof(variable, variable, fc.constantFrom('a', 'c'));
const typed = fc
  .tuple(variable, fc.constantFrom('object', 's', 't', 'none'))
  .map(([name, type]): TypedName => ({ name, types: [type] }));
const formula: fc.Arbitrary<Formula> = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 5 },
    term.map((arg) => ({ kind: 'atom' as const, predicate: 'p', args: [arg] })),
    fc.tuple(term, term).map((args) => ({ kind: 'atom' as const, predicate: 'r', args })),
    fc.record({ kind: fc.constant('equal' as const), left: term, right: term }),
    fc.record({ kind: fc.constant('not' as const), part: tie('formula') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('formula'), { maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constantFrom('forall' as const, 'exists' as const),
      variables: fc.uniqueArray(typed, { maxLength: 2, selector: ({ name }) => name }),
      part: tie('formula'),
    }),
  ),
})).formula;
const facts = fc.subarray([
  '(p a)',
  '(p b)',
  '(p c)',
  '(q)',
  ...['a', 'b', 'c'].flatMap((x) => ['a', 'b', 'c'].map((y) => `(r ${x} ${y})`)),
]);

/** The meaning of a formula as a textbook has it: every quantifier runs over every object. */
function plainly(formula: Formula, binding: Readonly<Record<string, string>>, facts: readonly string[]): boolean {
  const value = (term: string) => binding[term] ?? term;
  switch (formula.kind) {
    case 'atom':
      return facts.includes(`(${[formula.predicate, ...formula.args.map(value)].join(' ')})`);
    case 'equal':
      return value(formula.left) === value(formula.right);
    case 'not':
      return !plainly(formula.part, binding, facts);
    case 'and':
      return formula.parts.every((part) => plainly(part, binding, facts));
    case 'or':
      return formula.parts.some((part) => plainly(part, binding, facts));
    case 'forall':
    case 'exists': {
      const bindings = formula.variables.reduce<Record<string, string>[]>(
        (all, { name, types }) =>
          all.flatMap((one) => OBJECTS.get(types[0]!)!.map((object) => ({ ...one, [name]: object }))),
        [{ ...binding }],
      );
      return formula.kind === 'forall'
        ? bindings.every((one) => plainly(formula.part, one, facts))
        : bindings.some((one) => plainly(formula.part, one, facts));
    }
    default:
      throw new Error('not in this test');
  }
}

describe('holds and legal', () => {
  it('find by joins exactly what trying every object finds (interpret-join.1)', () => {
    fc.assert(
      fc.property(formula, facts, (precondition, facts) => {
        const text = `${HEADER} (:action act :parameters (?x - object ?y - s ?z - t) :precondition ${printFormula(precondition)}))`;
        const domain = parseDomain(text);
        const world = new Interpreter(domain, parseProblem(PROBLEM, domain));
        const state = makeState(facts);
        const expected: string[] = [];
        for (const x of ['a', 'b', 'c'])
          for (const y of ['a', 'b'])
            if (plainly(precondition, { '?x': x, '?y': y, '?z': 'c' }, facts)) expected.push(`${x} ${y} c`);
        expect(world.legal(state).map(({ args }) => args.join(' '))).toEqual(expected);
        for (const x of ['a', 'b', 'c']) {
          for (const y of ['a', 'b']) {
            const found = world.applicable('act', [x, y, 'c'], state);
            expect(found.ok).toBe(expected.includes(`${x} ${y} c`));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('name a part that is not true exactly where the formula is not true', () => {
    const domain = parseDomain(`${HEADER})`);
    const world = new Interpreter(domain, parseProblem(PROBLEM, domain));
    const closed = formula.map((part): Formula => ({
      kind: 'exists',
      variables: ['?x', '?y', '?z'].map((name) => ({ name, types: ['object'] })),
      part,
    }));
    const parts = fc.array(closed, { maxLength: 3 }).map((parts): Formula => ({ kind: 'and', parts }));
    fc.assert(
      fc.property(parts, facts, (condition, facts) => {
        const state = makeState(facts);
        const unmet = world.unmet(condition, state);
        expect(unmet.length === 0).toBe(world.holds(condition, state));
        expect(unmet.every(({ isFalse }) => isFalse)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('derive by joins exactly what trying every object derives', () => {
    fc.assert(
      fc.property(formula, facts, (condition, facts) => {
        const domain = parseDomain(
          `${HEADER.slice(0, -1)} (d ?x ?y ?z)) (:derived (d ?x - object ?y - s ?z - t) ${printFormula(condition)}))`,
        );
        const world = new Interpreter(domain, parseProblem(PROBLEM, domain));
        const expected: string[] = [];
        for (const x of ['a', 'b', 'c'])
          for (const y of ['a', 'b'])
            if (plainly(condition, { '?x': x, '?y': y, '?z': 'c' }, facts)) expected.push(`(d ${x} ${y} c)`);
        expect(world.derivedFacts(makeState(facts))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
