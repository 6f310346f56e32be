import type { InitialNumber } from '../task/initial.js';
import { TOTAL_COST } from '../../pddl/types/vocabulary.js';
import { constant, type GroundNumber } from '../task/numeric.js';
import { atomText } from '../task/text.js';
import type { TupleKey } from './tuple-key.js';
import type { Universe } from './universe.js';

/** The values of functions that never change, and a variable for every other number that is asked for. */
export class NumberBase {
  /** Text of each variable. */
  readonly texts: string[] = [];
  /** First value of each variable; not a number where it starts undefined. */
  readonly initial: number[] = [];
  readonly #universe: Universe;
  readonly #values: readonly Map<TupleKey, number>[];
  readonly #variables: readonly Map<TupleKey, number>[];

  constructor(universe: Universe, numbers: readonly InitialNumber[]) {
    this.#universe = universe;
    this.#values = universe.functions.map(() => new Map());
    this.#variables = universe.functions.map(() => new Map());
    for (const { function: id, tuple, value } of numbers)
      this.#values[id]!.set(universe.keys.key(tuple, 0, tuple.length), value);
    // The cost of a plan is 0 in the beginning where nothing says otherwise.
    const cost = this.#values[universe.functionIds.get(TOTAL_COST)!]!;
    const key = universe.keys.key([], 0, 0);
    if (!cost.has(key)) cost.set(key, 0);
  }

  /** A number's first value; undefined where it starts without one. */
  first(id: number, tuple: ArrayLike<number>): number | undefined {
    return this.#values[id]!.get(this.#universe.keys.key(tuple, 0, tuple.length));
  }

  /** The value of a function that never changes, or the variable of one that does; null where it is never defined. */
  read(id: number, tuple: ArrayLike<number>): GroundNumber {
    const { kind, isAssigned } = this.#universe.functions[id]!;
    const value = this.first(id, tuple);
    if (value === undefined && !isAssigned) return null;
    if (kind === 'fluent') return { kind: 'variable', variable: this.variable(id, tuple) };
    return value === undefined ? null : constant(value);
  }

  variable(id: number, tuple: ArrayLike<number>): number {
    const key = this.#universe.keys.key(tuple, 0, tuple.length);
    const known = this.#variables[id]!.get(key);
    if (known !== undefined) return known;
    const variable = this.texts.length;
    this.#variables[id]!.set(key, variable);
    this.texts.push(
      atomText(
        this.#universe.functions[id]!.name,
        Array.from(tuple, (object) => this.#universe.objects[object]!),
      ),
    );
    this.initial.push(this.#values[id]!.get(key) ?? Number.NaN);
    return variable;
  }
}
