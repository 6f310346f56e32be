import type { FactBase } from './fact-base.js';
import type { GroundLiteral } from '../ground-formula.js';

/** All ground atoms: those of the domain's predicates, then the auxiliary ones which stand for disjunctions. */
export class AtomTable {
  readonly #facts: FactBase;
  #auxiliary = 0;

  constructor(facts: FactBase) {
    this.#facts = facts;
  }

  get count(): number {
    return this.#facts.count + this.#auxiliary;
  }

  /** A new derived atom. */
  addAuxiliary(): number {
    return this.#facts.count + this.#auxiliary++;
  }

  isAuxiliary(atom: number): boolean {
    return atom >= this.#facts.count;
  }

  isDerived(atom: number): boolean {
    return this.isAuxiliary(atom) || this.#facts.isDerived(atom);
  }

  isInitial(atom: number): boolean {
    return !this.isAuxiliary(atom) && this.#facts.isInitial(atom);
  }

  /** The atom's predicate and objects; an auxiliary atom has a predicate of its own. */
  parts(atom: number): readonly number[] {
    return this.isAuxiliary(atom) ? [-1 - atom] : [this.#facts.predicateOf(atom), ...this.#facts.tupleOf(atom)];
  }

  text(literal: GroundLiteral): string {
    const atom = literal >> 1;
    const text = this.isAuxiliary(atom) ? `(any-of ${atom - this.#facts.count + 1})` : this.#facts.text(atom);
    return literal % 2 === 0 ? text : `(not ${text})`;
  }
}
