import * as fc from 'fast-check';
import { parseDomain } from '../pddl/read/read-domain.js';
import { parseProblem } from '../pddl/read/read-problem.js';
import type { Formula } from '../pddl/ast.js';
import { holds } from './evaluate.js';
import { Interpreter } from './interpreter.js';
import { ObjectTable } from './object-table.js';
import { Situation } from './situation.js';
import { StepMeter } from './step-meter.js';

const OBJECTS = ['a', 'b', 'c', 'd'];
const each = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');

/** Conditions over `?x` and `?y`; those of the second layer may also deny what the first derives. */
const atom = (predicates: readonly string[], terms: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...predicates), fc.constantFrom(...terms), fc.constantFrom(...terms))
    .map(([p, x, y]) => `(${p} ${x} ${y})`);
const condition = (predicates: readonly string[], denied: readonly string[]): fc.Arbitrary<string> => {
  const leaf = fc.oneof(
    atom(predicates, ['?x', '?y', 'a']),
    ...(denied.length > 0 ? [atom(denied, ['?x', '?y']).map((text) => `(not ${text})`)] : []),
  );
  const inner = atom(predicates, ['?x', '?y', '?z']);
  const quantified = fc
    .tuple(fc.constantFrom('exists', 'forall'), inner, inner)
    .map(([kind, one, other]) =>
      kind === 'exists' ? `(exists (?z) (and ${one} ${other}))` : `(forall (?z) (or ${one} ${other}))`,
    );
  return fc
    .array(fc.oneof({ arbitrary: leaf, weight: 4 }, quantified), { minLength: 1, maxLength: 3 })
    .chain((parts) => fc.constantFrom(`(and ${parts.join(' ')})`, `(or ${parts.join(' ')})`));
};

const rules = fc.record({
  low: fc.array(fc.tuple(fc.constantFrom('r', 's'), condition(['e', 'r', 's'], ['e'])), { minLength: 1, maxLength: 4 }),
  high: fc.array(condition(['e', 'r', 't'], ['r', 's']), { maxLength: 2 }),
});
const facts = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...OBJECTS), fc.constantFrom(...OBJECTS)).map(([x, y]) => `(e ${x} ${y})`),
  { maxLength: 7 },
);

function read(derived: readonly string[], objects: readonly string[]) {
  const domain =
    parseDomain(`(define (domain d) (:requirements :adl :derived-predicates) (:constants a) (:predicates (e ?x ?y) (r ?x ?y) (s ?x ?y) (t ?x ?y)) ${derived.join(' ')}
    (:action none :parameters () :effect (e a a)))`);
  return {
    domain,
    problem: parseProblem(
      `(define (problem p) (:domain d) (:objects ${objects.filter((o) => o !== 'a').join(' ')}) (:init) (:goal (e a a)))`,
      domain,
    ),
  };
}

/** Every rule tried with every pair of objects until nothing changes, a layer at a time. */
function bySimplestMeans({ domain, problem }: ReturnType<typeof read>, base: readonly string[]): string[] {
  const table = new ObjectTable(domain, problem);
  const all = new Set(base);
  for (const layer of [['r', 's'], ['t']]) {
    for (let size = -1; size !== all.size;) {
      size = all.size;
      const now = new Situation(table, new Set(all), new Map());
      for (const rule of domain.derived.filter(({ name }) => layer.includes(name))) {
        for (const x of OBJECTS)
          for (const y of OBJECTS)
            if (
              holds(
                rule.condition as Formula,
                new Map([
                  ['?x', x],
                  ['?y', y],
                ]),
                now,
              )
            )
              all.add(`(${rule.name} ${x} ${y})`);
      }
    }
  }
  return [...all].filter((fact) => !base.includes(fact)).sort();
}

describe('derived facts', () => {
  it('are those that trying every rule with every object gives (derive.1, derive.2)', () => {
    fc.assert(
      fc.property(rules, facts, ({ low, high }, base) => {
        const derived = [
          ...low.map(([name, body]) => `(:derived (${name} ?x ?y) ${body})`),
          ...high.map((body) => `(:derived (t ?x ?y) ${body})`),
        ];
        const texts = read(derived, OBJECTS);
        expect(new Interpreter(texts.domain, texts.problem).derivedFacts({ facts: base, numbers: {} })).toEqual(
          bySimplestMeans(texts, base),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('take steps in proportion to what is derived, not to that times the rounds', () => {
    const steps = (length: number): number => {
      const names = Array.from({ length }, (_, i) => `n${i}`);
      const { domain, problem } = read(
        ['(:derived (r ?x ?y) (or (e ?x ?y) (exists (?z) (and (r ?x ?z) (e ?z ?y)))))'],
        names,
      );
      const meter = new StepMeter();
      const found = new Interpreter(domain, problem, meter).derivedFacts({
        facts: names.slice(1).map((to, i) => `(e n${i} ${to})`),
        numbers: {},
      });
      expect(found).toHaveLength((length * (length - 1)) / 2);
      return meter.steps / found.length;
    };
    // Each derived fact is joined once: the steps for one do not grow with the length of the chain.
    expect(steps(80)).toBeLessThan(1.5 * steps(20));
  });
});

describe('the step meter', () => {
  const vars = each(8, (i) => `?v${i}`);
  const domain =
    parseDomain(`(define (domain d) (:requirements :adl :derived-predicates) (:predicates (p ?x) (q ?x) (all ${vars}))
    (:derived (all ${vars}) (and ${each(8, (i) => `(p ?v${i})`)}))
    (:action act :parameters (${vars}) :precondition (and ${each(8, (i) => `(p ?v${i})`)}) :effect (q ?v0))
    (:action spread :parameters () :effect (forall (${vars}) (when (p ?v0) (q ?v1)))))`);
  const plain = { ...domain, derived: [] };
  const names = Array.from({ length: 60 }, (_, i) => `o${i}`);
  const problem = parseProblem(
    `(define (problem p) (:domain d) (:objects ${names.join(' ')}) (:init ${names.map((o) => `(p ${o})`).join(' ')}) (:goal (q o1)))`,
    domain,
  );
  const state = { facts: names.map((o) => `(p ${o})`), numbers: {} };
  const exists: Formula = {
    kind: 'forall',
    variables: Array.from({ length: 8 }, (_, i) => ({ name: `?v${i}`, types: ['object'] })),
    part: {
      kind: 'or',
      parts: [
        { kind: 'atom', predicate: 'p', args: ['?v7'] },
        { kind: 'atom', predicate: 'q', args: ['?v1'] },
      ],
    },
  };

  it.each([
    [
      'a derived predicate of 8 parameters',
      (meter: StepMeter) => new Interpreter(domain, problem, meter).derivedFacts(state),
    ],
    [
      'a list of legal actions of 8 parameters',
      (meter: StepMeter) => new Interpreter(plain, problem, meter).legal(state),
    ],
    [
      'a quantifier over 8 variables',
      (meter: StepMeter) => new Interpreter(plain, problem, meter).holds(exists, state),
    ],
    [
      'an effect for all of 8 variables',
      (meter: StepMeter) => new Interpreter(plain, problem, meter).apply('spread', [], state),
    ],
  ])('ends %s, and leaves nothing behind (step-meter.1, step-meter.2, interpret-join.4)', (_, run) => {
    expect(() => run(new StepMeter({ steps: 100_000 }))).toThrow(expect.objectContaining({ code: 'exhausted' }));
    let looks = 0;
    const look = (): void => {
      if (++looks === 3) throw new Error('enough');
    };
    expect(() => run(new StepMeter({ look }))).toThrow('enough');
    const meter = new StepMeter({ steps: 100_000 });
    const one = new Interpreter(plain, problem, meter);
    expect(() => one.holds(exists, state)).toThrow(expect.objectContaining({ code: 'exhausted' }));
    meter.allow({ steps: 100_000 });
    expect(one.holds({ kind: 'atom', predicate: 'p', args: ['o1'] }, state)).toBe(true);
    expect(
      one.holds(
        {
          kind: 'exists',
          variables: [{ name: '?x', types: ['object'] }],
          part: { kind: 'atom', predicate: 'p', args: ['?x'] },
        },
        state,
      ),
    ).toBe(true);
  });
});
