/** A tuple of objects as a key of a Map: equal tuples of equal length have equal keys. */
export type TupleKey = number | string;

/** Makes keys for tuples of numbers below `base`: a number where it fits exactly, text otherwise. */
export class TupleKeys {
  readonly #base: number;
  readonly #longestNumber: number;

  constructor(base: number) {
    this.#base = Math.max(2, base);
    this.#longestNumber = Math.floor((53 * Math.LN2) / Math.log(this.#base));
  }

  key(values: ArrayLike<number>, start: number, length: number): TupleKey {
    let key = 0;
    if (length <= this.#longestNumber) {
      for (let i = start; i < start + length; i++) key = key * this.#base + values[i]!;
      return key;
    }
    let text = '';
    for (let i = start; i < start + length; i++) text += `${values[i]!},`;
    return text;
  }
}
