import type { TupleKey, TupleKeys } from './tuple-key.js';

/** Rows that agree on some columns, chained newest first. */
export interface ColumnIndex {
  readonly heads: Map<TupleKey, number>;
  /** The next older row with the same key, or -1. */
  next: Int32Array;
  readonly columns: readonly number[];
}

/**
 * A set of tuples of objects that only grows.
 *
 * relation.1 Rows are numbered in the order of insertion and never move.
 * relation.2 Joins see the first `visible` rows only; `reveal` shows one more.
 */
export class Relation {
  readonly arity: number;
  rows: Int32Array;
  size = 0;
  visible = 0;
  /** Different visible values of each column. */
  readonly distinct: number[];
  readonly #keys: TupleKeys;
  readonly #known = new Map<TupleKey, number>();
  readonly #indexes = new Map<string, ColumnIndex>();
  readonly #seen: Uint8Array[];
  readonly #scratch: Int32Array;

  constructor(arity: number, keys: TupleKeys, objects: number) {
    this.arity = arity;
    this.rows = new Int32Array(8 * arity);
    this.#keys = keys;
    this.distinct = Array.from({ length: arity }, () => 0);
    this.#seen = Array.from({ length: arity }, () => new Uint8Array(objects));
    this.#scratch = new Int32Array(arity);
  }

  /** Adds a tuple; false where it was there already. */
  insert(tuple: ArrayLike<number>): boolean {
    const key = this.#keys.key(tuple, 0, this.arity);
    if (this.#known.has(key)) return false;
    this.#known.set(key, this.size);
    this.append(tuple);
    return true;
  }

  /** Adds a tuple that is known to be new; `find` will not find it. */
  append(tuple: ArrayLike<number>): void {
    const start = this.size * this.arity;
    if (start + this.arity > this.rows.length) this.rows = grow(this.rows, start + this.arity);
    for (let i = 0; i < this.arity; i++) this.rows[start + i] = tuple[i]!;
    this.size++;
  }

  /** The row of a tuple, or -1. */
  find(tuple: ArrayLike<number>): number {
    return this.#known.get(this.#keys.key(tuple, 0, this.arity)) ?? -1;
  }

  /** The row as an array of its own. */
  tuple(row: number): number[] {
    return Array.from(this.rows.subarray(row * this.arity, (row + 1) * this.arity));
  }

  /** Shows the next row to joins and returns its number. */
  reveal(): number {
    const row = this.visible++;
    for (let i = 0; i < this.arity; i++) {
      const seen = this.#seen[i]!;
      const value = this.rows[row * this.arity + i]!;
      if (seen[value] === 0) {
        seen[value] = 1;
        this.distinct[i]!++;
      }
    }
    for (const index of this.#indexes.values()) this.#enter(index, row);
    return row;
  }

  revealAll(): void {
    while (this.visible < this.size) this.reveal();
  }

  /** An index on these columns, kept up to date from now on. */
  indexOn(columns: readonly number[]): ColumnIndex {
    const name = columns.join(',');
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    const index: ColumnIndex = { heads: new Map(), next: new Int32Array(Math.max(8, this.visible)), columns };
    this.#indexes.set(name, index);
    for (let row = 0; row < this.visible; row++) this.#enter(index, row);
    return index;
  }

  #enter(index: ColumnIndex, row: number): void {
    const { columns, heads } = index;
    for (let i = 0; i < columns.length; i++) this.#scratch[i] = this.rows[row * this.arity + columns[i]!]!;
    const key = this.#keys.key(this.#scratch, 0, columns.length);
    if (row >= index.next.length) index.next = grow(index.next, row + 1);
    index.next[row] = heads.get(key) ?? -1;
    heads.set(key, row);
  }
}

function grow(array: Int32Array, atLeast: number): Int32Array {
  const larger = new Int32Array(Math.max(16, atLeast, array.length * 2));
  larger.set(array);
  return larger;
}
