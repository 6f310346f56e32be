import type { ArtifactRef, Json } from '../../../src/api.js';
import { isFile } from './artifacts.js';
import { escapeInvisible } from './visible-text.js';

/** How a value is shown. */
export type ValueShape =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'table'; readonly table: Table }
  /** Too large for an event: the whole is a file, and only its beginning is at hand. */
  | { readonly kind: 'preview'; readonly text: string; readonly file: ArtifactRef };

/** Rows of texts, as far as they are shown. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Of the value, shown or not. */
  readonly allRows: number;
  readonly allColumns: number;
}

export const MOST_ROWS = 50;
const MOST_COLUMNS = 30;
const LONGEST_CELL = 200;

/** What a value looks like: a text, a table where it is a list of flat objects, and JSON otherwise. */
export function shapeOf(value: Json): ValueShape {
  if (value === null) return { kind: 'nothing' };
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (isFile(value)) {
    const { preview } = value as { readonly preview?: Json };
    return typeof preview === 'string' ? { kind: 'preview', text: preview, file: value } : { kind: 'nothing' };
  }
  const table = Array.isArray(value) ? tableOf(value) : null;
  return table === null ? { kind: 'json', text: jsonText(value) } : { kind: 'table', table };
}

/** A value as JSON, in lines. */
export const jsonText = (value: Json): string => escapeInvisible(JSON.stringify(value, null, 2));

function tableOf(list: readonly Json[]): Table | null {
  if (list.length === 0 || !list.every(isFlat)) return null;
  const columns = [...new Set(list.flatMap((row) => Object.keys(row)))];
  if (columns.length === 0) return null;
  const shown = columns.slice(0, MOST_COLUMNS);
  return {
    columns: shown,
    rows: list.slice(0, MOST_ROWS).map((row) => shown.map((c) => cellText(Object.hasOwn(row, c) ? row[c] : undefined))),
    allRows: list.length,
    allColumns: columns.length,
  };
}

const isFlat = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((v) => typeof v !== 'object' || v === null);

function cellText(value: Json | undefined): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text;
}

const MOST_LINES = 40;
const MOST_CHARACTERS = 8_000;

/** The beginning of a text, and how many lines are left out; a line of endless length is cut as well. */
export function cutLines(text: string): { readonly shown: string; readonly isCut: boolean; readonly lines: number } {
  const lines = text.split('\n');
  const first = lines.slice(0, MOST_LINES).join('\n');
  const shown = first.slice(0, MOST_CHARACTERS);
  return { shown, isCut: shown.length < text.length, lines: lines.length };
}

const PREVIEW = 300;

/** A value in one line. */
export function previewOf(value: Json): string {
  if (value === null) return '';
  const isLong = isFile(value) && typeof (value as { preview?: Json }).preview === 'string';
  const told = isLong ? (value as unknown as { readonly preview: string }).preview : value;
  if (isFile(value) && !isLong) return value.name;
  const text = (typeof told === 'string' ? told : JSON.stringify(told)).replace(/\s+/g, ' ').trim();
  return text.length > PREVIEW ? `${text.slice(0, PREVIEW)}…` : text;
}

const MOST_SOURCES = 8;

/** Who outside wrote parts of a value; null where nobody did. */
export function taintWords(taint: readonly string[]): string | null {
  if (taint.length === 0) return null;
  const more = taint.length - MOST_SOURCES;
  return `parts of it come from ${taint.slice(0, MOST_SOURCES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
