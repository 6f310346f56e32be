import * as fc from 'fast-check';
import { Semantics } from '../interpret/semantics.js';
import type { Situation } from '../interpret/situation.js';
import type { ActionSchema, Domain, Effect, Expression, Formula, Problem, TypedName } from '../pddl/ast.js';
import { groundTask, type GroundOptions } from './ground-task.js';
import type { NumericCondition, NumericExpression, Operator, Task } from './task/task.js';

const POSITION = { line: 1, column: 1 };
const OBJECTS: readonly TypedName[] = [
  { name: 'a1', types: ['a'] },
  { name: 'a2', types: ['a'] },
  { name: 'b1', types: ['b'] },
];
const NAMES = OBJECTS.map((object) => object.name);
const FLUENTS: Readonly<Record<string, number>> = { p: 1, q: 2, r: 0 };
const STATICS: Readonly<Record<string, number>> = { s: 2, t: 1 };
const DERIVED: Readonly<Record<string, number>> = { d: 1, e: 2 };

type Vocabulary = Readonly<Record<string, number>>;

function terms(count: number, variables: readonly string[]): fc.Arbitrary<string[]> {
  const weighted = [...variables, ...variables, ...variables, 'a1', 'b1'];
  return fc.array(fc.constantFrom(...weighted), { minLength: count, maxLength: count });
}

function atom(
  vocabulary: Vocabulary,
  variables: readonly string[],
): fc.Arbitrary<{ predicate: string; args: string[] }> {
  return fc
    .constantFrom(...Object.keys(vocabulary))
    .chain((predicate) => terms(vocabulary[predicate]!, variables).map((args) => ({ predicate, args })));
}

function expression(variables: readonly string[]): fc.Arbitrary<Expression> {
  const fluent = (name: string, count: number): fc.Arbitrary<Expression> =>
    terms(count, variables).map((args) => ({ kind: 'fluent', function: name, args }));
  const leaf = fc.oneof(
    fluent('f', 1),
    fluent('g', 1),
    fluent('h', 1),
    fluent('n', 0),
    fc.integer({ min: 0, max: 3 }).map((value): Expression => ({ kind: 'number', value })),
  );
  // Only by what makes exact fractions, so that the order of sums does not matter.
  const divisor = fc.oneof(
    fluent('g', 1),
    fluent('n', 0),
    fc.constantFrom(0, 2).map((value): Expression => ({ kind: 'number', value })),
  );
  const quotient = fc.tuple(leaf, divisor).map((parts): Expression => ({ kind: 'arithmetic', op: '/', parts }));
  return fc.oneof(
    { weight: 1, arbitrary: quotient },
    { weight: 4, arbitrary: leaf },
    { weight: 4, arbitrary: sums(leaf) },
  );
}

function sums(leaf: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  return fc
    .tuple(fc.constantFrom('+' as const, '-' as const), leaf, leaf)
    .map(([op, x, y]): Expression => ({ kind: 'arithmetic', op, parts: [x, y] }));
}

function formula(depth: number, vocabulary: Vocabulary, variables: readonly string[]): fc.Arbitrary<Formula> {
  const fact = atom(vocabulary, variables).map((one): Formula => ({ kind: 'atom', ...one }));
  const leaf = fc.oneof(
    { weight: 6, arbitrary: fact },
    { weight: 2, arbitrary: fact.map((part): Formula => ({ kind: 'not', part })) },
    {
      weight: 1,
      arbitrary: terms(2, variables).map(([left, right]): Formula => ({ kind: 'equal', left: left!, right: right! })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom('<' as const, '<=' as const, '=' as const, '>' as const),
          expression(variables),
          expression(variables),
        )
        .map(([op, left, right]): Formula => ({ kind: 'compare', op, left, right })),
    },
  );
  if (depth === 0) return leaf;
  const inner = formula(depth - 1, vocabulary, variables);
  const name = `?v${variables.length}`;
  const quantified = fc.tuple(
    fc.constantFrom('forall' as const, 'exists' as const),
    fc.constantFrom('a', 'b', 'object'),
    formula(depth - 1, vocabulary, [...variables, name]),
  );
  return fc.oneof(
    leaf,
    inner.map((part): Formula => ({ kind: 'not', part })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(inner, { minLength: 1, maxLength: 3 }))
      .map(([kind, parts]): Formula => ({ kind, parts })),
    quantified.map(([kind, type, part]): Formula => ({ kind, variables: [{ name, types: [type] }], part })),
  );
}

function effect(depth: number, variables: readonly string[]): fc.Arbitrary<Effect> {
  const change = fc
    .tuple(fc.constantFrom('add' as const, 'delete' as const), atom(FLUENTS, variables))
    .map(([kind, one]): Effect => ({ kind, ...one }));
  const cost = fc.integer({ min: 0, max: 3 }).map((value): Effect => ({
    kind: 'assign',
    op: 'increase',
    target: { function: 'total-cost', args: [] },
    value: { kind: 'number', value },
  }));
  const numeric = fc
    .tuple(fc.constantFrom('increase' as const, 'decrease' as const), terms(1, variables), expression(variables))
    .map(([op, args, value]): Effect => ({ kind: 'assign', op, target: { function: 'f', args }, value }));
  // Two changes of one number in one step are in conflict unless they commute.
  const assigned = terms(1, variables).map((args): Effect => ({
    kind: 'assign',
    op: 'assign',
    target: { function: 'h', args },
    value: { kind: 'fluent', function: 'g', args },
  }));
  const leaf = fc.oneof(
    { weight: 6, arbitrary: change },
    { weight: 1, arbitrary: numeric },
    { weight: 1, arbitrary: assigned },
    { weight: 1, arbitrary: cost },
  );
  if (depth === 0) return leaf;
  const name = `?w${variables.length}`;
  return fc.oneof(
    leaf,
    fc.array(effect(depth - 1, variables), { maxLength: 3 }).map((parts): Effect => ({ kind: 'and', parts })),
    fc
      .tuple(formula(1, { ...FLUENTS, ...STATICS, ...DERIVED }, variables), effect(depth - 1, variables))
      .map(([condition, part]): Effect => ({ kind: 'when', condition, part })),
    fc
      .tuple(fc.constantFrom('a', 'object'), effect(depth - 1, [...variables, name]))
      .map(([type, part]): Effect => ({ kind: 'forall', variables: [{ name, types: [type] }], part })),
  );
}

function action(name: string): fc.Arbitrary<ActionSchema> {
  return fc.array(fc.constantFrom('a', 'b', 'object'), { maxLength: 2 }).chain((types) => {
    const parameters = types.map((type, i) => ({ name: `?x${i}`, types: [type] }));
    const variables = parameters.map((one) => one.name);
    return fc
      .tuple(
        formula(2, { ...FLUENTS, ...STATICS, ...DERIVED }, variables),
        fc.array(effect(2, variables), { minLength: 1, maxLength: 3 }),
      )
      .map(([precondition, parts]) => ({
        name,
        parameters,
        precondition,
        effect: { kind: 'and' as const, parts },
        position: POSITION,
      }));
  });
}

const signature = (name: string, arity: number): { name: string; parameters: TypedName[] } => ({
  name,
  parameters: Array.from({ length: arity }, (_, i) => ({ name: `?x${i}`, types: ['object'] })),
});

const reaches: Formula = {
  kind: 'or',
  parts: [
    { kind: 'atom', predicate: 'q', args: ['?x0', '?x1'] },
    {
      kind: 'exists',
      variables: [{ name: '?z', types: ['object'] }],
      part: {
        kind: 'and',
        parts: [
          { kind: 'atom', predicate: 'q', args: ['?x0', '?z'] },
          { kind: 'atom', predicate: 'e', args: ['?z', '?x1'] },
        ],
      },
    },
  ],
};

const domains: fc.Arbitrary<Domain> = fc
  .tuple(action('one'), action('two'), formula(2, { ...FLUENTS, ...STATICS, e: 2 }, ['?x0']))
  .map(([one, two, condition]) => ({
    name: 'random',
    requirements: [],
    types: new Map<string, string[]>([
      ['object', []],
      ['a', ['object']],
      ['b', ['object']],
    ]),
    constants: [],
    predicates: Object.entries({ ...FLUENTS, ...STATICS, ...DERIVED }).map(([name, arity]) => signature(name, arity)),
    functions: [signature('f', 1), signature('g', 1), signature('h', 1), signature('n', 0), signature('total-cost', 0)],
    actions: [one, two],
    derived: [
      { ...signature('d', 1), condition, position: POSITION },
      { ...signature('e', 2), condition: reaches, position: POSITION },
    ],
  }));

const groundAtoms = Object.entries({ ...FLUENTS, ...STATICS }).flatMap(([predicate, arity]) =>
  tuples(arity, NAMES).map((args) => ({ predicate, args })),
);

const NUMBERS = [...['f', 'g', 'h'].flatMap((name) => NAMES.map((object) => `(${name} ${object})`)), '(n)'];

/** Some numbers have no value in the beginning. */
const numbers = fc
  .array(fc.option(fc.integer({ min: 0, max: 2 }), { freq: 4, nil: null }), {
    minLength: NUMBERS.length,
    maxLength: NUMBERS.length,
  })
  .map((values) => NUMBERS.flatMap((name, i): [string, number][] => (values[i] === null ? [] : [[name, values[i]!]])));

const problems: fc.Arbitrary<Problem> = fc
  .tuple(fc.subarray(groundAtoms), numbers, formula(2, { ...FLUENTS, ...STATICS, ...DERIVED }, []))
  .map(([atoms, values, goal]) => ({
    name: 'random',
    domain: 'random',
    objects: OBJECTS,
    init: {
      atoms,
      numbers: new Map([...values, ['(total-cost)', 0]]),
    },
    goal,
    metric: { direction: 'minimize' as const, value: { kind: 'fluent' as const, function: 'total-cost', args: [] } },
  }));

function tuples(count: number, names: readonly string[]): string[][] {
  return count === 0 ? [[]] : tuples(count - 1, names).flatMap((rest) => names.map((name) => [...rest, name]));
}

interface TaskState {
  readonly facts: ReadonlySet<number>;
  readonly numbers: readonly number[];
}

/** Carries a task out by the letter of task.1–5. */
class Simulation {
  constructor(readonly task: Task) {}

  start(): TaskState {
    return this.#settled(new Set(this.task.init), this.task.initNumbers);
  }

  applicable(state: TaskState): readonly Operator[] {
    return this.task.operators.filter((operator) => this.#holds(operator.pre, operator.preNumeric, state));
  }

  isGoal(state: TaskState): boolean {
    return this.#holds(this.task.goal, this.task.goalNumeric, state);
  }

  after(operator: Operator, state: TaskState): TaskState {
    const effects = [operator, ...operator.conditional.filter((one) => this.#holds(one.when, one.whenNumeric, state))];
    const facts = new Set(state.facts);
    const numbers = [...state.numbers];
    for (const one of effects) for (const fact of one.del) facts.delete(fact);
    for (const one of effects) for (const fact of one.add) facts.add(fact);
    for (const { variable, op, value } of effects.flatMap((one) => one.numeric)) {
      const amount = this.#value(value, state);
      numbers[variable] =
        op === 'assign' ? amount : op === 'increase' ? numbers[variable]! + amount : numbers[variable]! - amount;
    }
    return this.#settled(facts, numbers);
  }

  #settled(facts: Set<number>, numbers: readonly number[]): TaskState {
    const state = { facts, numbers };
    for (const layer of this.task.axioms) {
      for (const rule of layer.rules) facts.delete(rule.head);
      for (const pair of layer.complements) facts.delete(pair.complement);
    }
    for (const layer of this.task.axioms) {
      for (let before = -1; before !== facts.size;) {
        before = facts.size;
        for (const rule of layer.rules) if (this.#holds(rule.body, rule.bodyNumeric, state)) facts.add(rule.head);
      }
      for (const { fact, complement } of layer.complements) if (!facts.has(fact)) facts.add(complement);
    }
    return state;
  }

  #holds(facts: readonly number[], numeric: readonly NumericCondition[], state: TaskState): boolean {
    return (
      facts.every((fact) => state.facts.has(fact)) &&
      numeric.every((one) => compares(one.op, this.#value(one.left, state)))
    );
  }

  #value(value: NumericExpression, state: TaskState): number {
    if (value.kind === 'constant') return value.value;
    if (value.kind === 'variable') return state.numbers[value.variable]!;
    const [left, right] = [this.#value(value.left, state), this.#value(value.right, state)];
    if (value.op === '/') return right === 0 ? Number.NaN : left / right;
    return value.op === '+' ? left + right : left - right;
  }
}

function compares(op: NumericCondition['op'], left: number): boolean {
  if (op === '=') return left === 0;
  return op.startsWith('<') ? left < 0 || (op === '<=' && left === 0) : left > 0 || (op === '>=' && left === 0);
}

const GOALLESS: Formula = { kind: 'and', parts: [] };

function ground(domain: Domain, problem: Problem, options: GroundOptions = {}): Task {
  const task = groundTask(domain, problem, options);
  if (!('facts' in task)) throw new Error('grounding was ended');
  return task;
}

const ATOMS = Object.entries({ ...FLUENTS, ...DERIVED }).flatMap(([predicate, arity]) =>
  tuples(arity, NAMES).map((args) => `(${[predicate, ...args].join(' ')})`),
);

const CHANGING = NUMBERS.filter((name) => /^\((f|h)/.test(name));

function situationText(situation: Situation): string {
  return JSON.stringify([
    ATOMS.filter((fact) => situation.has(fact)),
    CHANGING.map((name) => situation.numbers.get(name) ?? null),
  ]);
}

/** A task beside the lifted problem it was made from, compared state by state. */
class Comparison {
  readonly task: Task;
  readonly simulation: Simulation;
  readonly semantics: Semantics;
  readonly #constant: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(
    readonly domain: Domain,
    readonly problem: Problem,
    readonly goal: Formula,
  ) {
    this.task = ground(domain, problem, { goal, keep: 'all' });
    this.simulation = new Simulation(this.task);
    this.semantics = new Semantics(domain, problem);
    const start = this.semantics.start();
    this.#constant = ATOMS.filter((fact) => start.has(fact) && !this.task.facts.includes(fact));
    this.#numbers = start.numbers;
  }

  text(state: TaskState): string {
    const facts = new Set([...this.#constant, ...[...state.facts].map((fact) => this.task.facts[fact]!)]);
    const numbers = CHANGING.map((name) => {
      const variable = this.task.variables.indexOf(name);
      return (variable < 0 ? this.#numbers.get(name) : state.numbers[variable]) ?? null;
    });
    return JSON.stringify([ATOMS.filter((fact) => facts.has(fact)), numbers]);
  }

  /** Walks both side by side; every pair of states is shown to `visit`. */
  walk(states: number, visit: (situation: Situation, state: TaskState) => void): void {
    const start = this.semantics.start();
    expect(this.text(this.simulation.start())).toBe(situationText(start));
    const queue: [Situation, TaskState][] = [[start, this.simulation.start()]];
    const seen = new Set([situationText(start)]);
    for (let next = 0; next < Math.min(queue.length, states); next++) {
      const [situation, state] = queue[next]!;
      visit(situation, state);
      for (const [after, stateAfter] of this.#successors(situation, state)) {
        const text = situationText(after);
        const isSmall = CHANGING.every((name) => Math.abs(after.numbers.get(name) ?? 0) < 1e9);
        if (isSmall && !seen.has(text)) queue.push([after, stateAfter]);
        seen.add(text);
      }
    }
  }

  *#successors(situation: Situation, state: TaskState): Iterable<[Situation, TaskState]> {
    const applicable = this.simulation.applicable(state);
    for (const [action, args] of stepsOf(this.domain)) {
      const attempt = this.semantics.attempt({ action, args }, situation);
      const operators = applicable.filter((operator) => operator.name === `(${[action, ...args].join(' ')})`);
      if (!attempt.ok) {
        expect(operators).toEqual([]);
        continue;
      }
      const after = this.semantics.after(situation, attempt.change);
      if (situationText(after) !== situationText(situation)) expect(operators.length).toBeGreaterThan(0);
      for (const operator of operators) {
        const stateAfter = this.simulation.after(operator, state);
        expect(this.text(stateAfter)).toBe(situationText(after));
        expect(operator.cost).toBe(this.semantics.price(situation, attempt.change));
        yield [after, stateAfter];
      }
    }
  }
}

function stepsOf(domain: Domain): [string, string[]][] {
  return domain.actions.flatMap((schema) =>
    tuples(schema.parameters.length, NAMES).map((args): [string, string[]] => [schema.name, args]),
  );
}

/** The fewest steps to a state that passes, up to a depth. */
function distance<State>(
  start: State,
  depth: number,
  passes: (state: State) => boolean,
  successors: (state: State) => State[],
): number | null {
  let layer = [start];
  for (let steps = 0; steps <= depth; steps++) {
    if (layer.some(passes)) return steps;
    layer = layer.flatMap(successors);
  }
  return null;
}

describe('grounded task', () => {
  it('leads to the same states as the lifted problem, at the same cost (reachability.2)', () => {
    fc.assert(
      fc.property(domains, problems, (domain, problem) =>
        new Comparison(domain, problem, GOALLESS).walk(25, () => undefined),
      ),
      { numRuns: 150 },
    );
  });

  it('never claims a false mutex and keeps complements in step (mutex-groups.1)', () => {
    const claim = fc.property(domains, problems, (domain, problem) => {
      const comparison = new Comparison(domain, problem, GOALLESS);
      comparison.walk(25, (situation, { facts }) => {
        for (const group of comparison.task.mutexGroups)
          expect(group.filter((fact) => facts.has(fact)).length).toBeLessThanOrEqual(1);
        for (const [fact, name] of comparison.task.facts.entries()) {
          if (name.startsWith('(not ')) expect(facts.has(fact)).toBe(!situation.has(name.slice(5, -1)));
        }
      });
    });
    fc.assert(claim, { numRuns: 150 });
  });

  it('holds its goal exactly where the problem does, and calls it unreachable only where it is', () => {
    const claim = fc.property(domains, problems, (domain, problem) => {
      const { unreachable } = ground(domain, problem);
      const comparison = new Comparison(domain, problem, unreachable === null ? problem.goal : GOALLESS);
      comparison.walk(15, (situation, state) => {
        const expected = unreachable === null && comparison.simulation.isGoal(state);
        expect(comparison.semantics.isTrue(problem.goal, new Map(), situation)).toBe(expected);
      });
    });
    fc.assert(claim, { numRuns: 150 });
  });

  it('is as far from its goal as the problem is, after dropping what does not matter', () => {
    const claim = fc.property(domains, problems, (domain, problem) => {
      const semantics = new Semantics(domain, problem);
      const task = ground(domain, problem);
      const simulation = new Simulation(task);
      const lifted = distance<Situation>(
        semantics.start(),
        2,
        (one) => semantics.isTrue(problem.goal, new Map(), one),
        (one) =>
          stepsOf(domain).flatMap(([action, args]) => {
            const attempt = semantics.attempt({ action, args }, one);
            return attempt.ok ? [semantics.after(one, attempt.change)] : [];
          }),
      );
      const grounded = distance<TaskState>(
        simulation.start(),
        2,
        (one) => simulation.isGoal(one),
        (one) => simulation.applicable(one).map((operator) => simulation.after(operator, one)),
      );
      expect(grounded).toBe(lifted);
    });
    fc.assert(claim, { numRuns: 150 });
  });

  it('is the same task for the same input, numbers included (ground-join.2)', () => {
    fc.assert(
      fc.property(domains, problems, (domain, problem) =>
        expect(ground(domain, problem)).toEqual(ground(domain, problem)),
      ),
      { numRuns: 20 },
    );
  });
});
