import * as fc from 'fast-check';
import type { ActionSchema, Domain, Effect, Expression, Formula, Signature, TypedName } from './ast.js';
import { printDomain, printFormula } from './print.js';
import { parseDomain } from './read/read-domain.js';

const TYPES: Domain['types'] = new Map([
  ['object', []],
  ['place', ['object']],
  ['thing', ['object']],
  ['box', ['thing']],
  ['crate', ['thing', 'place']],
]);
const CONSTANTS: readonly TypedName[] = [
  { name: 'hall', types: ['place'] },
  { name: 'k-1', types: ['box', 'crate'] },
];
const PREDICATES: readonly Signature[] = [
  { name: 'lit', parameters: [] },
  { name: 'open', parameters: [{ name: '?x', types: ['object'] }] },
  {
    name: 'at',
    parameters: [
      { name: '?x', types: ['object'] },
      { name: '?y', types: ['object'] },
    ],
  },
  { name: 'above', parameters: [{ name: '?x', types: ['box', 'crate'] }] },
];
const FUNCTIONS: readonly Signature[] = [
  { name: 'total-cost', parameters: [] },
  { name: 'fuel', parameters: [{ name: '?x', types: ['object'] }] },
];
const VARIABLES: readonly TypedName[] = [
  { name: '?a', types: ['box', 'place'] },
  { name: '?b', types: ['object'] },
  { name: '?c', types: ['crate'] },
];

const term = fc.constantFrom('?a', '?b', '?c', 'hall', 'k-1');
const args = (count: number) => fc.array(term, { minLength: count, maxLength: count });
const fluent = fc.oneof(
  fc.constant({ function: 'total-cost', args: [] }),
  args(1).map((args) => ({ function: 'fuel', args })),
);
const number = fc
  .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((value) => ({ kind: 'number' as const, value: value + 0 }));
const numeric = fluent.map((target): Expression => ({ kind: 'fluent', ...target }));
const expression: fc.Arbitrary<Expression> = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    number,
    numeric,
    fc
      .tuple(fc.constantFrom('+' as const, '*' as const), fc.array(tie('expression'), { minLength: 2, maxLength: 3 }))
      .map(([op, parts]) => ({ kind: 'arithmetic' as const, op, parts })),
    fc
      .array(tie('expression'), { minLength: 1, maxLength: 2 })
      .map((parts) => ({ kind: 'arithmetic' as const, op: '-' as const, parts })),
    fc
      .tuple(tie('expression'), tie('expression'))
      .map((parts) => ({ kind: 'arithmetic' as const, op: '/' as const, parts })),
  ),
})).expression;
const predicates = ['lit', 'open', 'at'] as const;
const atom = fc
  .constantFrom(...predicates)
  .chain((predicate) => args(predicates.indexOf(predicate)).map((args) => ({ predicate, args })));
const quantified = fc.uniqueArray(fc.constantFrom(...VARIABLES), { maxLength: 2 });
const formula: fc.Arbitrary<Formula> = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    atom.map((atom) => ({ kind: 'atom' as const, ...atom })),
    fc.record({ kind: fc.constant('equal' as const), left: term, right: term }),
    fc.record({
      kind: fc.constant('compare' as const),
      op: fc.constantFrom('<' as const, '<=' as const, '=' as const, '>=' as const, '>' as const),
      left: expression,
      right: expression,
    }),
    fc.record({ kind: fc.constant('not' as const), part: tie('formula') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('formula'), { maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constantFrom('forall' as const, 'exists' as const),
      variables: quantified,
      part: tie('formula'),
    }),
  ),
})).formula;
const effect: fc.Arbitrary<Effect> = fc.letrec<{ effect: Effect }>((tie) => ({
  effect: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(fc.constantFrom('add' as const, 'delete' as const), atom).map(([kind, atom]) => ({ kind, ...atom })),
    fc.record({
      kind: fc.constant('assign' as const),
      op: fc.constantFrom(
        'assign' as const,
        'increase' as const,
        'decrease' as const,
        'scale-up' as const,
        'scale-down' as const,
      ),
      target: fluent,
      value: expression,
    }),
    fc.record({ kind: fc.constant('and' as const), parts: fc.array(tie('effect'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('forall' as const), variables: quantified, part: tie('effect') }),
    fc.record({ kind: fc.constant('when' as const), condition: formula, part: tie('effect') }),
  ),
})).effect;
const position = { line: 0, column: 0 };
const action = fc.record({ precondition: formula, effect });
const domain: fc.Arbitrary<Domain> = fc
  .record({
    requirements: fc.subarray([':strips', ':typing', ':adl']),
    actions: fc.array(action, { maxLength: 3 }),
    conditions: fc.array(formula, { maxLength: 2 }),
  })
  .map(({ requirements, actions, conditions }) => ({
    name: 'random',
    requirements,
    types: TYPES,
    constants: CONSTANTS,
    predicates: PREDICATES,
    functions: FUNCTIONS,
    actions: actions.map((action, index): ActionSchema => ({
      name: `act-${index}`,
      parameters: VARIABLES,
      ...action,
      position,
    })),
    derived: conditions.map((condition) => ({
      name: 'above',
      parameters: [{ name: '?c', types: ['crate'] }],
      condition: close(condition),
      position,
    })),
  }));

/** Only `?c` is bound in a rule's head; the others get a quantifier. */
function close(part: Formula): Formula {
  return { kind: 'exists', variables: VARIABLES.slice(0, 2), part };
}

function withoutPositions(domain: Domain): Domain {
  const place = <T>(entry: T): T => ({ ...entry, position });
  return { ...domain, actions: domain.actions.map(place), derived: domain.derived.map(place) };
}

describe('printDomain', () => {
  it('is read back as the same domain, positions apart', () => {
    fc.assert(
      fc.property(domain, (domain) => {
        const again = parseDomain(printDomain(domain));
        expect(withoutPositions(again)).toEqual(domain);
        expect(printDomain(again)).toBe(printDomain(domain));
      }),
      { numRuns: 300 },
    );
  });

  it('leaves out sections that would be empty', () => {
    expect(printDomain(parseDomain('(define (domain d))'))).toBe('(define (domain d)\n)\n');
  });
});

describe('printFormula', () => {
  it('writes a formula on one line, with the types of its variables', () => {
    const [action] = parseDomain(`(define (domain d) (:types a b) (:predicates (p ?x) (q)) (:functions (f))
      (:action act :precondition (and (forall (?x - a ?y - (either a b)) (imply (p ?x) (= ?x ?y))) (or) (< (f) (- 2)) (q))))`).actions;
    expect(printFormula(action!.precondition)).toBe(
      '(and (forall (?x - a ?y - (either a b)) (or (not (p ?x)) (= ?x ?y))) (or) (< (f) (- 2)) (q))',
    );
  });
});
