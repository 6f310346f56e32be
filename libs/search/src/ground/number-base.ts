import type { InitialNumber } from './initial.js';
import { constant, type GroundNumber } from './numeric.js';
import { atomText } from './text.js';
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
    for (const { function: id, tuple, value } of numbers) this.#values[id]!.set(universe.keys.key(tuple, 0, tuple.length), value);
  }

  /** The value of a function that never changes, or the variable of one that does. */
  read(id: number, tuple: ArrayLike<number>): GroundNumber {
    if (this.#universe.functions[id]!.kind === 'fluent') return { kind: 'variable', variable: this.variable(id, tuple) };
    const value = this.#values[id]!.get(this.#universe.keys.key(tuple, 0, tuple.length));
    return value === undefined ? null : constant(value);
  }

  variable(id: number, tuple: ArrayLike<number>): number {
    const key = this.#universe.keys.key(tuple, 0, tuple.length);
    const known = this.#variables[id]!.get(key);
    if (known !== undefined) return known;
    const variable = this.texts.length;
    this.#variables[id]!.set(key, variable);
    this.texts.push(atomText(this.#universe.functions[id]!.name, Array.from(tuple, (object) => this.#universe.objects[object]!)));
    this.initial.push(this.#values[id]!.get(key) ?? Number.NaN);
    return variable;
  }
}
