import type { Json } from '@praxis/core';
import type { ColumnType } from './column-type.js';

/** The most tables of one query: SQLite attaches no more. */
export const MOST_TABLES = 10;

export type TableFormat = 'csv' | 'json' | 'jsonl';

/** A table file with the name by which queries call it. */
export interface TableFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the thread of tables is asked. */
export type TableRequest =
  | {
      readonly kind: 'load';
      readonly table: string;
      /** Name of the source, for messages. */
      readonly name: string;
      readonly source: { readonly bytes: Uint8Array; readonly format: TableFormat } | { readonly rows: Json };
      readonly delimiter?: string | undefined;
      readonly header?: boolean | undefined;
      readonly limits: TableLimits;
    }
  | { readonly kind: 'profile'; readonly file: TableFile; readonly limits: TableLimits }
  | {
      readonly kind: 'query';
      readonly files: readonly TableFile[];
      readonly sql: string;
      readonly params: readonly Json[] | { readonly [name: string]: Json };
      /** The most rows of the answer. */
      readonly limit: number;
      /** How all rows are written into a file; null where they are not. */
      readonly writeAs: 'csv' | 'tsv' | 'json' | 'jsonl' | null;
      readonly limits: TableLimits;
    };

/** What a task may use. */
export interface TableLimits {
  /** Milliseconds that one task may take. */
  readonly timeoutMs: number;
  /** The most memory of the database, in MiB. */
  readonly memoryMb: number;
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

export interface LoadedTable {
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly shortRows: number;
  readonly format: string;
  readonly delimiter?: string;
  readonly encoding?: string;
  readonly header?: boolean;
  /** The table as a SQLite file. */
  readonly bytes: Uint8Array;
}

export interface ColumnProfile extends Column {
  readonly nulls: number;
  readonly distinct: number;
  /** Of numbers, dates and booleans; null for text. */
  readonly min: Json;
  readonly max: Json;
  /** Of numbers; null for the rest. */
  readonly mean: number | null;
  /** The longest text, in characters; null where it is no text. */
  readonly longest: number | null;
  /** The most frequent values, where some value stands more than once. */
  readonly top: readonly { readonly value: Json; readonly count: number }[];
  /** The first values that differ. */
  readonly examples: readonly Json[];
}

export interface TableProfile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

export interface QueryAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly [column: string]: Json }[];
  /** How many rows the query gave, or were read of it. */
  readonly count: number;
  /** The query gives more rows than `rows` holds. */
  readonly truncated: boolean;
  /** All rows as a file, where one was asked for. */
  readonly file: Uint8Array | null;
}

export type TableAnswer = LoadedTable | TableProfile | QueryAnswer;
