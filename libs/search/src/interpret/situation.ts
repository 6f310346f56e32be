import type { Fact } from '@praxis/core';
import type { ObjectTable } from './object-table.js';

/** The arguments of a fact. */
export type Row = readonly string[];

type PositionIndex = Map<string, Row[]>[];

const NO_ROWS: readonly Row[] = [];

/**
 * What is true at one moment, with indexes for joins.
 *
 * N1 `base` never changes; `facts` is `base` and what rules derive from it, added before anyone else looks.
 * N2 Indexes are built when first asked for and kept in step by `derive`.
 */
export class Situation {
  #facts: Set<Fact> | null = null;
  #rows: Map<string, Row[]> | null = null;
  readonly #positions = new Map<string, PositionIndex>();

  constructor(
    readonly objects: ObjectTable,
    readonly base: ReadonlySet<Fact>,
    readonly numbers: ReadonlyMap<string, number>,
  ) {}

  get facts(): ReadonlySet<Fact> {
    return this.#facts ?? this.base;
  }

  has(fact: Fact): boolean {
    return this.facts.has(fact);
  }

  /** Adds a fact that follows from the others. */
  derive(fact: Fact): void {
    this.#facts ??= new Set(this.base);
    this.#facts.add(fact);
    if (this.#rows === null) return;
    const { predicate, row } = splitFact(fact);
    push(this.#rows, predicate, row);
    this.#positions.get(predicate)?.forEach((index, at) => push(index, row[at] ?? '', row));
  }

  /** Few rows of a predicate among which are all that agree with the arguments that are known. */
  candidates(predicate: string, args: readonly (string | undefined)[]): readonly Row[] {
    const all = this.#rowsOf(predicate);
    if (all.length === 0) return all;
    const index = this.#indexOf(predicate, all);
    let fewest = all;
    for (let at = 0; at < args.length; at += 1) {
      const value = args[at];
      if (value === undefined) continue;
      const rows = index[at]?.get(value) ?? NO_ROWS;
      if (rows.length < fewest.length) fewest = rows;
    }
    return fewest;
  }

  #rowsOf(predicate: string): readonly Row[] {
    if (this.#rows === null) {
      this.#rows = new Map();
      for (const fact of this.facts) {
        const { predicate, row } = splitFact(fact);
        push(this.#rows, predicate, row);
      }
    }
    return this.#rows.get(predicate) ?? NO_ROWS;
  }

  #indexOf(predicate: string, rows: readonly Row[]): PositionIndex {
    let index = this.#positions.get(predicate);
    if (index === undefined) {
      index = rows[0]!.map((_, at) => indexAt(rows, at));
      this.#positions.set(predicate, index);
    }
    return index;
  }
}

/** The predicate and the arguments of a fact's text. */
export function splitFact(fact: Fact): { predicate: string; row: Row } {
  const [predicate, ...row] = fact.slice(1, -1).split(' ');
  return { predicate: predicate!, row };
}

function indexAt(rows: readonly Row[], at: number): Map<string, Row[]> {
  const index = new Map<string, Row[]>();
  for (const row of rows) push(index, row[at] ?? '', row);
  return index;
}

function push(rows: Map<string, Row[]>, key: string, row: Row): void {
  const list = rows.get(key);
  if (list === undefined) rows.set(key, [row]);
  else list.push(row);
}
