import type { Cell } from './column-type.js';

/** Rows that can be read more than once, so that none of them have to be kept. */
export interface RowsSource {
  readonly names: readonly string[];
  /** Numbers may be written with a decimal comma. */
  readonly allowsComma: boolean;
  /** Numbers and booleans have forms of their own, as in JSON. */
  readonly isTyped: boolean;
  /** Rows that had fewer cells than there are columns. */
  readonly shortRows: number;
  /** How the rows were read, for people. */
  readonly notes: {
    readonly format: string;
    readonly delimiter?: string;
    readonly encoding?: string;
    readonly header?: boolean;
  };
  forEach(visit: (row: readonly Cell[]) => void): void;
}

/** The most columns of a table: SQLite's own limit. */
export const MOST_COLUMNS = 2_000;
