import type { InitialAtom } from '../task/initial.js';
import { Relation } from './relation.js';
import { atomText } from '../task/text.js';
import type { Universe } from './universe.js';

/**
 * One relation for each predicate, filled with what can be reached; numbers the ground atoms once that is known.
 * The atoms of static predicates have no numbers: they are simply true or false.
 */
export class FactBase {
  readonly universe: Universe;
  readonly relations: readonly Relation[];
  /** Number of atoms; known after `numberAtoms`. */
  count = 0;
  #offsets: readonly number[] = [];
  #initially = new Uint8Array(0);
  readonly #initialSizes: number[];

  constructor(universe: Universe, atoms: readonly InitialAtom[]) {
    this.universe = universe;
    this.relations = universe.predicates.map((p) => new Relation(p.arity, universe.keys, universe.objects.length));
    for (const { predicate, tuple } of atoms) this.relations[predicate]!.insert(tuple);
    for (const [i, predicate] of universe.predicates.entries())
      if (predicate.kind === 'static') this.relations[i]!.revealAll();
    this.#initialSizes = this.relations.map((relation) => relation.size);
  }

  isStatic(predicate: number): boolean {
    return this.universe.predicates[predicate]!.kind === 'static';
  }

  /** Whether a static atom holds. */
  holds(predicate: number, tuple: ArrayLike<number>): boolean {
    return this.relations[predicate]!.find(tuple) >= 0;
  }

  numberAtoms(): void {
    const offsets: number[] = [];
    let count = 0;
    for (const [i, relation] of this.relations.entries()) {
      offsets.push(count);
      if (!this.isStatic(i)) count += relation.size;
    }
    this.count = count;
    this.#offsets = offsets;
    this.#initially = new Uint8Array(count);
    for (const [i, size] of this.#initialSizes.entries())
      if (!this.isStatic(i)) this.#initially.fill(1, offsets[i]!, offsets[i]! + size);
  }

  /** The number of an atom that may change, or -1 where it can never be true. */
  atom(predicate: number, tuple: ArrayLike<number>): number {
    const row = this.relations[predicate]!.find(tuple);
    return row < 0 ? -1 : this.#offsets[predicate]! + row;
  }

  /** Whether an atom is true at the start (before axioms). */
  isInitial(atom: number): boolean {
    return this.#initially[atom] === 1;
  }

  predicateOf(atom: number): number {
    let low = 0;
    let high = this.#offsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#offsets[middle]! <= atom) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  tupleOf(atom: number): readonly number[] {
    const predicate = this.predicateOf(atom);
    return this.relations[predicate]!.tuple(atom - this.#offsets[predicate]!);
  }

  isDerived(atom: number): boolean {
    return this.universe.predicates[this.predicateOf(atom)]!.kind === 'derived';
  }

  text(atom: number): string {
    return this.textOf(this.predicateOf(atom), this.tupleOf(atom));
  }

  textOf(predicate: number, tuple: readonly number[]): string {
    return atomText(
      this.universe.predicates[predicate]!.name,
      tuple.map((object) => this.universe.objects[object]!),
    );
  }
}
