import type { Fact } from '@praxis/core';
import type { ObjectTable } from './object-table.js';
import { UNLIMITED, type StepMeter } from './step-meter.js';

/** The arguments of a fact. */
export type Row = readonly string[];

type PositionIndex = Map<string, Row[]>[];

const NO_ROWS: readonly Row[] = [];

/**
 * What is true at one moment, with indexes for joins.
 *
 * situation.1 `base` never changes; `facts` is `base` and what rules derive from it, added before anyone else looks.
 * situation.2 Indexes are built when first asked for and kept in step by `derive`.
 * situation.3 Rows stand in the order in which their facts came, so that `earlier` can cut them off.
 */
export class Situation {
  #facts: Set<Fact> | null = null;
  #rows: Map<string, Row[]> | null = null;
  readonly #positions = new Map<string, PositionIndex>();
  /** When each derived fact came, and its row; facts of `base` were there before. */
  readonly #times = new Map<Fact | Row, number>();
  #derived = 0;

  constructor(
    readonly objects: ObjectTable,
    readonly base: ReadonlySet<Fact>,
    readonly numbers: ReadonlyMap<string, number>,
    /** Counts whatever is evaluated here. */
    readonly meter: StepMeter = UNLIMITED,
  ) {}

  get facts(): ReadonlySet<Fact> {
    return this.#facts ?? this.base;
  }

  has(fact: Fact): boolean {
    return this.facts.has(fact);
  }

  /** Adds a fact that follows from the others; its row. */
  derive(fact: Fact): Row {
    this.#facts ??= new Set(this.base);
    this.#facts.add(fact);
    const { predicate, row } = splitFact(fact);
    const time = this.#derived++;
    this.#times.set(fact, time);
    this.#times.set(row, time);
    if (this.#rows === null) return row;
    push(this.#rows, predicate, row);
    this.#positions.get(predicate)?.forEach((index, at) => push(index, row[at] ?? '', row));
    return row;
  }

  /** When a fact was derived; before all times where it is one of `base`. */
  timeOf(fact: Fact | Row): number {
    return this.#times.get(fact) ?? -1;
  }

  /** Few rows of a predicate among which are all that agree with the arguments that are known. */
  candidates(predicate: string, args: readonly (string | undefined)[]): readonly Row[] {
    if (args.every((value): value is string => value !== undefined))
      return this.has(factOf(predicate, args)) ? [args] : NO_ROWS;
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
      this.meter.tick(this.facts.size >> 3);
      this.#rows = new Map();
      for (const fact of this.facts) {
        const { predicate, row } = splitFact(fact);
        push(this.#rows, predicate, row);
        const time = this.#times.get(fact);
        if (time !== undefined) this.#times.set(row, time);
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

/**
 * A situation as it was before a fact was derived: what the fact follows from is there, and what follows from it is
 * not.
 */
export class EarlierSituation extends Situation {
  readonly #whole: Situation;
  readonly #time: number;

  constructor(whole: Situation, fact: Fact) {
    super(whole.objects, whole.base, whole.numbers, whole.meter);
    this.#whole = whole;
    this.#time = whole.timeOf(fact);
  }

  override get facts(): ReadonlySet<Fact> {
    return new Set([...this.#whole.facts].filter((fact) => this.#isBefore(fact)));
  }

  override has(fact: Fact): boolean {
    return this.#whole.has(fact) && this.#isBefore(fact);
  }

  override timeOf(fact: Fact | Row): number {
    return this.#whole.timeOf(fact);
  }

  override candidates(predicate: string, args: readonly (string | undefined)[]): readonly Row[] {
    if (args.every((value): value is string => value !== undefined))
      return this.has(factOf(predicate, args)) ? [args] : NO_ROWS;
    const rows = this.#whole.candidates(predicate, args);
    const last = rows.at(-1);
    return last === undefined || this.#isBefore(last)
      ? rows
      : rows.slice(
          0,
          firstFrom(rows, (row) => !this.#isBefore(row)),
        );
  }

  #isBefore(fact: Fact | Row): boolean {
    return this.#whole.timeOf(fact) < this.#time;
  }
}

/** The place of the first row for which something holds that holds for all rows after it too. */
function firstFrom(rows: readonly Row[], holds: (row: Row) => boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(rows[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function factOf(predicate: string, args: readonly string[]): Fact {
  return args.length === 0 ? `(${predicate})` : `(${predicate} ${args.join(' ')})`;
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
