import type { Json } from '@praxis/core';
import { SkillError } from '../../authoring/skill-error.js';

/** The most bytes of a file of rows. */
const MOST_BYTES = 64 * 1024 * 1024;

export type RowsFormat = 'csv' | 'tsv' | 'json' | 'jsonl';

/** Writes rows as the text of a file. */
export class RowsWriter {
  readonly #format: RowsFormat;
  readonly #parts: Buffer[] = [];
  #length = 0;
  #rows = 0;

  constructor(format: RowsFormat) {
    this.#format = format;
  }

  add(row: readonly Json[], names: readonly string[]): void {
    this.#begin(names);
    this.#rows += 1;
    const isJson = this.#format === 'json' || this.#format === 'jsonl';
    if (!isJson) return this.#push(this.#line(row));
    const text = JSON.stringify(Object.fromEntries(names.map((name, i) => [name, row[i]!])));
    this.#push(this.#format === 'jsonl' ? `${text}\n` : `${this.#rows === 1 ? '' : ',\n'}${text}`);
  }

  /** The whole file; a query without rows still has its header. */
  finish(names: readonly string[]): Uint8Array {
    this.#begin(names);
    if (this.#format === 'json') this.#push('\n]\n');
    return new Uint8Array(Buffer.concat(this.#parts));
  }

  #begin(names: readonly string[]): void {
    if (this.#length > 0 || this.#format === 'jsonl') return;
    this.#push(this.#format === 'json' ? '[\n' : this.#line(names));
  }

  #line(cells: readonly Json[]): string {
    const separator = this.#format === 'tsv' ? '\t' : ',';
    return `${cells.map((cell) => csvCell(cell, separator)).join(separator)}\n`;
  }

  #push(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.#length += bytes.length;
    if (this.#length > MOST_BYTES)
      throw new SkillError('world-error', `the rows are more than ${MOST_BYTES} bytes, the most that a file gets`);
    this.#parts.push(bytes);
  }
}

function csvCell(cell: Json, separator: string): string {
  if (cell === null) return '';
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
