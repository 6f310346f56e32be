import { parse, type CsvError, type Options } from 'csv-parse/sync';
import { SkillError } from '../../authoring/skill-error.js';
import { looksTyped, uniqueNames, type Cell } from './column-type.js';
import { decodeText } from './decode-text.js';
import { MOST_COLUMNS, type RowsSource } from './rows-source.js';

/** What the caller says about a CSV file; the rest is found out. */
export interface CsvOptions {
  readonly name: string;
  readonly delimiter?: string | undefined;
  readonly header?: boolean | undefined;
}

const DELIMITERS = [',', ';', '\t', '|'];
/** Bytes from whose rows the delimiter and the header are found out. */
const SAMPLE = 64 * 1024;
const SAMPLE_ROWS = 50;

const OPTIONS: Options = { relax_quotes: true, relax_column_count: true };

/** Opens a CSV file: encoding, delimiter and header are found out where they are not said. */
export function readCsv(bytes: Uint8Array, options: CsvOptions): RowsSource {
  const { utf8, encoding } = decodeText(bytes);
  const delimiter = options.delimiter ?? sniffDelimiter(utf8);
  const sample = sampleRows(utf8, delimiter);
  const first = sample[0] ?? [];
  const header = options.header ?? hasHeader(sample);
  const width = header ? first.length : Math.max(0, ...sample.map((row) => row.length));
  if (width > MOST_COLUMNS)
    throw new SkillError('world-error', `${options.name} has ${width} columns; a table has at most ${MOST_COLUMNS}`);
  const names = uniqueNames(header ? first : Array.from({ length: width }, () => ''));
  // A blank line is a missing value only where there is nothing else in a row.
  const skip_empty_lines = names.length !== 1;
  const source = {
    names,
    allowsComma: delimiter !== ',',
    isTyped: false,
    shortRows: 0,
    notes: { format: 'csv', delimiter, encoding, header },
    forEach(visit: (row: readonly Cell[]) => void): void {
      source.shortRows = 0;
      eachRow(utf8, { ...OPTIONS, delimiter, skip_empty_lines }, options.name, (row, isFirst, line) => {
        if (isFirst && header) return;
        visit(fitted(row, names.length, `${options.name}, line ${line}`));
        if (row.length < names.length) source.shortRows += 1;
      });
    },
  };
  return source;
}

/** A row with as many cells as there are columns. */
function fitted(row: readonly string[], width: number, where: string): readonly Cell[] {
  if (row.length === width) return row;
  if (row.length < width) return [...row, ...Array.from({ length: width - row.length }, () => null)];
  if (row.slice(width).every((cell) => cell.trim() === '')) return row.slice(0, width);
  throw new SkillError(
    'world-error',
    `${where}: ${row.length} cells where the table has ${width} columns. Correct the line, or name the right delimiter.`,
  );
}

function eachRow(
  utf8: Buffer,
  options: Options,
  name: string,
  visit: (row: readonly string[], isFirst: boolean, line: number) => void,
): void {
  let isFirst = true;
  try {
    parse(utf8, {
      ...options,
      on_record: (row: unknown, { lines }) => {
        visit(row as readonly string[], isFirst, lines);
        isFirst = false;
        return null;
      },
    });
  } catch (thrown) {
    if (!(thrown instanceof Error) || !String((thrown as Partial<CsvError>).code).startsWith('CSV_')) throw thrown;
    throw new SkillError('world-error', `${name} cannot be read as CSV: ${thrown.message}`, { cause: thrown });
  }
}

/** The first rows; what the end of the sample cuts in half is left out. */
function sampleRows(utf8: Buffer, delimiter: string): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  const isWhole = utf8.length <= SAMPLE;
  try {
    eachRow(
      utf8.subarray(0, SAMPLE),
      { ...OPTIONS, delimiter, skip_empty_lines: true, to: SAMPLE_ROWS + 1 },
      '',
      (row) => rows.push(row),
    );
  } catch {
    // Whatever is wrong with the file is said when all of it is read; the rows before it count here.
    return rows;
  }
  // A first row longer than the sample still says how many columns there are.
  return isWhole || rows.length > SAMPLE_ROWS || rows.length < 2 ? rows.slice(0, SAMPLE_ROWS) : rows.slice(0, -1);
}

/** The delimiter that cuts most rows into the same number of cells, and at least in two. */
function sniffDelimiter(utf8: Buffer): string {
  let best = { delimiter: ',', share: 0, width: 1 };
  for (const delimiter of DELIMITERS) {
    const widths = sampleRows(utf8, delimiter).map((row) => row.length);
    const width = mostFrequent(widths.filter((n) => n > 1));
    if (width === undefined) continue;
    const share = widths.filter((n) => n === width).length / widths.length;
    if (share > best.share + 0.1 || (share > best.share - 0.1 && width > best.width))
      best = { delimiter, share, width };
  }
  return best.delimiter;
}

function mostFrequent(numbers: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const n of numbers) counts.set(n, (counts.get(n) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || b - a)[0]?.[0];
}

/**
 * Whether the first row names the columns: none of its cells is a number, a date or a boolean, or some column holds
 * such values below a word.
 */
function hasHeader([first, ...rest]: readonly (readonly string[])[]): boolean {
  if (first === undefined) return false;
  if (!first.some(looksTyped)) return true;
  return first.some(
    (name, i) =>
      name.trim() !== '' &&
      !looksTyped(name) &&
      rest.length > 0 &&
      rest.every((row) => (row[i] ?? '') === '' || looksTyped(row[i]!)) &&
      rest.some((row) => looksTyped(row[i] ?? '')),
  );
}
