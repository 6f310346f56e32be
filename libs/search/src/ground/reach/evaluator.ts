import type { FactBase } from './fact-base.js';
import { allOf, anyOf, literalOf, negation, type GroundFormula } from '../ground-formula.js';
import type { LiftedAtom, LiftedFormula, LiftedNumber, ObjectSet, Term } from '../normal/lifted.js';
import type { NumberBase } from './number-base.js';
import { combine, compare, constant, type GroundNumber } from '../task/numeric.js';

/** What grounding a formula once costs, in rows of a join. */
const ROWS_PER_BINDING = 100;

/** Grounds formulas under a binding, with everything that is known already taken into account. */
export class Evaluator {
  readonly facts: FactBase;
  readonly numbers: NumberBase;
  /** So much more work was done. */
  readonly tick: (units: number) => void;

  /** `tick` is called for every binding of a quantifier, so that the largest of them can be ended. */
  constructor(facts: FactBase, numbers: NumberBase, tick: (units: number) => void = () => {}) {
    this.facts = facts;
    this.numbers = numbers;
    this.tick = tick;
  }

  /** The objects that the terms stand for. */
  tuple(terms: readonly Term[], binding: Int32Array): number[] {
    return terms.map((term) => (term >= 0 ? binding[term]! : ~term));
  }

  formula(formula: LiftedFormula, binding: Int32Array, domains: readonly ObjectSet[]): GroundFormula {
    switch (formula.kind) {
      case 'constant':
        return formula.value;
      case 'literal':
        return this.literal(formula, formula.positive, binding);
      case 'same':
        return (object(formula.left, binding) === object(formula.right, binding)) === formula.positive;
      case 'compare': {
        // What compares an undefined number is neither true nor false, and holds under no sign.
        const result = compare(formula.op, this.number(formula.left, binding), this.number(formula.right, binding));
        if (result === null) return false;
        const holds: GroundFormula = typeof result === 'boolean' ? result : { kind: 'compare', condition: result };
        return formula.positive ? holds : negation(holds);
      }
      case 'and':
        return allOf(this.#each(formula.parts, binding, domains));
      case 'or':
        return anyOf(this.#each(formula.parts, binding, domains));
      case 'forall':
        return allOf(this.#bindings(formula.slots, formula.part, binding, domains));
      case 'exists':
        return anyOf(this.#bindings(formula.slots, formula.part, binding, domains));
    }
  }

  literal(atom: LiftedAtom, positive: boolean, binding: Int32Array): GroundFormula {
    const tuple = this.tuple(atom.terms, binding);
    if (this.facts.isStatic(atom.predicate)) return this.facts.holds(atom.predicate, tuple) === positive;
    const id = this.facts.atom(atom.predicate, tuple);
    return id < 0 ? !positive : { kind: 'literal', literal: literalOf(id, positive) };
  }

  number(value: LiftedNumber, binding: Int32Array): GroundNumber {
    if (value.kind === 'number') return constant(value.value);
    if (value.kind === 'fluent') return this.numbers.read(value.function, this.tuple(value.terms, binding));
    return combine(value.op, this.number(value.left, binding), this.number(value.right, binding));
  }

  *#each(parts: readonly LiftedFormula[], binding: Int32Array, domains: readonly ObjectSet[]): Iterable<GroundFormula> {
    for (const part of parts) yield this.formula(part, binding, domains);
  }

  *#bindings(
    slots: readonly number[],
    part: LiftedFormula,
    binding: Int32Array,
    domains: readonly ObjectSet[],
  ): Iterable<GroundFormula> {
    for (const _ of bindingsOf(slots, binding, domains)) {
      this.tick(ROWS_PER_BINDING);
      yield this.formula(part, binding, domains);
    }
  }
}

/** Runs through all bindings of these slots, writing each into `binding`. */
export function* bindingsOf(
  slots: readonly number[],
  binding: Int32Array,
  domains: readonly ObjectSet[],
): Iterable<Int32Array> {
  const [slot, ...others] = slots;
  if (slot === undefined) {
    yield binding;
    return;
  }
  for (const value of domains[slot]!.list) {
    binding[slot] = value;
    if (others.length === 0) yield binding;
    else yield* bindingsOf(others, binding, domains);
  }
}

function object(term: Term, binding: Int32Array): number {
  return term >= 0 ? binding[term]! : ~term;
}
