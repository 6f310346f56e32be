/** What a column holds. A column without any value is `null`. */
export type ColumnType = 'integer' | 'number' | 'boolean' | 'date' | 'text' | 'null';

/** A cell as it was read: text of a CSV file, or a JSON scalar. Null is a missing value. */
export type Cell = string | number | boolean | null;

/** How a column is stored: its type, and whether its numbers are written with a decimal comma. */
export interface ColumnPlan {
  readonly type: ColumnType;
  readonly isComma: boolean;
}

const INTEGER = /^[+-]?(0|[1-9]\d*)$/;
const NUMBER = /^[+-]?(0|[1-9]\d*|(?=\.\d))(\.\d*)?([eE][+-]?\d+)?$/;
const COMMA = /^[+-]?(0|[1-9]\d*|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?$/;
const BOOLEAN = /^(true|false|yes|no)$/i;
const DATE = /^(\d{4})-(\d\d)-(\d\d)([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;
/** Words for a missing value, where the rest of the column is no text. */
const MISSING = /^(null|none|na|n\/a|nan|#n\/a|-)$/i;

/** Whether a cell of text looks like a value of some type other than text. */
export const looksTyped = (text: string): boolean => {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) || BOOLEAN.test(trimmed) || DATE.test(trimmed);
};

/** Which types all values so far fit. */
type Fits = Record<'integer' | 'number' | 'comma' | 'boolean' | 'date', boolean>;

/**
 * Finds out what a column holds from all of its cells.
 *
 * A type is given only where every value fits it and nothing is lost: numbers with leading zeros (postal codes),
 * integers that a double cannot hold (long ids) and numbers that overflow stay text.
 */
export class ColumnGuess {
  readonly #allowsComma: boolean;
  /** Texts are texts, since numbers and booleans have forms of their own; only dates are found in them. */
  readonly #isTyped: boolean;
  #values = 0;
  #words = 0;
  readonly #canBe: Fits = { integer: true, number: true, comma: true, boolean: true, date: true };
  #hasComma = false;

  constructor(options: { readonly allowsComma: boolean; readonly isTyped: boolean }) {
    this.#allowsComma = options.allowsComma;
    this.#isTyped = options.isTyped;
  }

  add(cell: Cell): void {
    if (cell === null || cell === '') return;
    if (typeof cell === 'string') return this.#addText(cell.trim());
    this.#values += 1;
    const isNumber = typeof cell === 'number';
    this.#allow({
      integer: isNumber && Number.isSafeInteger(cell),
      number: isNumber && Number.isFinite(cell),
      comma: false,
      boolean: !isNumber,
      date: false,
    });
  }

  #addText(text: string): void {
    if (MISSING.test(text) && !this.#isTyped) return void (this.#words += 1);
    this.#values += 1;
    const can = this.#canBe;
    if (!Object.values(can).includes(true)) return;
    if (this.#isTyped)
      return this.#allow({ integer: false, number: false, comma: false, boolean: false, date: isDate(text) });
    const isLong = INTEGER.test(text) && !Number.isSafeInteger(Number(text));
    this.#hasComma ||= can.comma && text.includes(',');
    this.#allow({
      integer: INTEGER.test(text) && !isLong,
      number: NUMBER.test(text) && Number.isFinite(Number(text)) && !isLong,
      comma: this.#allowsComma && COMMA.test(text),
      boolean: BOOLEAN.test(text),
      date: isDate(text),
    });
  }

  #allow(fits: Fits): void {
    const can = this.#canBe;
    can.integer &&= fits.integer;
    can.number &&= fits.number;
    can.comma &&= fits.comma;
    can.boolean &&= fits.boolean;
    can.date &&= fits.date;
  }

  get plan(): ColumnPlan {
    const { integer, number, comma, boolean, date } = this.#canBe;
    if (this.#values === 0) return { type: this.#words > 0 ? 'text' : 'null', isComma: false };
    if (boolean) return { type: 'boolean', isComma: false };
    if (integer) return { type: 'integer', isComma: false };
    if (number) return { type: 'number', isComma: false };
    if (comma && this.#hasComma) return { type: 'number', isComma: true };
    return { type: date ? 'date' : 'text', isComma: false };
  }
}

function isDate(text: string): boolean {
  const found = DATE.exec(text);
  if (found === null) return false;
  const [year, month, day] = found.slice(1, 4).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** A cell as it is stored. */
export function storedCell(cell: Cell, { type, isComma }: ColumnPlan): string | number | null {
  if (cell === null || cell === '') return null;
  if (type === 'text') return String(cell);
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  const text = cell.trim();
  return text === '' || MISSING.test(text) ? null : storedText(text, type, isComma);
}

function storedText(text: string, type: ColumnType, isComma: boolean): string | number {
  if (type === 'boolean') return /^(true|yes)$/i.test(text) ? 1 : 0;
  if (type === 'date') return text;
  return Number(isComma ? text.replaceAll('.', '').replace(',', '.') : text);
}

const STORED: Readonly<Record<ColumnType, string>> = {
  integer: 'INTEGER',
  number: 'REAL',
  boolean: 'BOOLEAN',
  date: 'DATE',
  text: 'TEXT',
  null: '',
};

/** The type by which SQLite declares a column. */
export const declaredType = (type: ColumnType): string => STORED[type];

/** The type of a column by its declaration; a table that something else made may declare anything. */
export function typeOfDeclared(declared: string | null): ColumnType {
  const type = (declared ?? '').toUpperCase();
  const own = Object.entries(STORED).find(([, stored]) => stored === type);
  if (own !== undefined) return own[0] as ColumnType;
  if (type.includes('INT')) return 'integer';
  if (/REAL|FLOA|DOUB|NUMERIC|DECIMAL/.test(type)) return 'number';
  return /DATE|TIME/.test(type) ? 'date' : 'text';
}

/**
 * Names of columns that can be told apart: an empty one becomes `column_3`, a second `name` becomes `name_2`. SQL does
 * not tell `ID` from `id`.
 */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return names.map((name, i) => {
    const base = name.trim() === '' ? `column_${i + 1}` : name;
    let unique = base;
    for (let n = 2; taken.has(unique.toLowerCase()) || (n > 2 && wanted.has(unique.toLowerCase())); n++)
      unique = `${base}_${n}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
