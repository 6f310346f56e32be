import type { Json } from '@praxis/core';
import { SkillError } from '../../authoring/skill-error.js';
import { uniqueNames, type Cell } from './column-type.js';
import { decodeText } from './decode-text.js';
import { MOST_COLUMNS, type RowsSource } from './rows-source.js';

/** Opens a JSON file that holds a list. */
export function readJson(bytes: Uint8Array, name: string): RowsSource {
  const { utf8, encoding } = decodeText(bytes);
  const rows = parsed(utf8.toString('utf8'), name);
  return { ...fromRows(rows, name), notes: { format: 'json', encoding } };
}

/** Opens a file with one JSON value a line. */
export function readJsonLines(bytes: Uint8Array, name: string): RowsSource {
  const { utf8, encoding } = decodeText(bytes);
  const rows: Json[] = [];
  for (const [i, line] of utf8.toString('utf8').split('\n').entries())
    if (line.trim() !== '') rows.push(parsed(line, `${name}, line ${i + 1}`));
  return { ...fromRows(rows, name), notes: { format: 'jsonl', encoding } };
}

/**
 * Rows that are JSON already: objects by their fields, lists by their places, scalars in one column. Values inside
 * values are kept as JSON text.
 */
export function fromRows(rows: Json, name: string): RowsSource {
  if (!Array.isArray(rows))
    throw new SkillError(
      'world-error',
      `${name} holds no list of rows. Give the list inside it as \`rows\`, such as $step.body.items.`,
    );
  const list = rows as readonly Json[];
  const keys = fieldsOf(list);
  if (keys.length > MOST_COLUMNS)
    throw new SkillError(
      'world-error',
      `${name} has ${keys.length} fields; a table has at most ${MOST_COLUMNS} columns`,
    );
  return {
    names: uniqueNames(keys.map((key) => (typeof key === 'number' ? '' : key))),
    allowsComma: false,
    isTyped: true,
    shortRows: 0,
    notes: { format: 'json' },
    forEach(visit) {
      for (const row of list) visit(keys.map((key) => cellOf(fieldOf(row, key))));
    },
  };
}

/** The fields of all rows, in the order in which they come up. */
function fieldsOf(rows: readonly Json[]): readonly (string | number)[] {
  const fields = new Set<string | number>();
  for (const row of rows) {
    if (Array.isArray(row)) for (const i of row.keys()) fields.add(i);
    else if (typeof row === 'object' && row !== null) for (const key of Object.keys(row)) fields.add(key);
    else fields.add('value');
    if (fields.size > MOST_COLUMNS) break;
  }
  return [...fields];
}

function fieldOf(row: Json, key: string | number): Json | undefined {
  if (typeof row !== 'object' || row === null) return key === 'value' ? row : undefined;
  return Object.hasOwn(row, key) ? (row as Readonly<Record<string | number, Json>>)[key] : undefined;
}

const cellOf = (value: Json | undefined): Cell =>
  value === undefined || value === null ? null : typeof value === 'object' ? JSON.stringify(value) : value;

/** Integers with so many digits may be no doubles. */
const LONG_INTEGER = /\d{16}/;
const TEXT_OR_LONG_INTEGER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{16,}(?![\d.eE])/g;

/** JSON whose long integers are texts, since a double would change their last digits. */
function parsed(text: string, name: string): Json {
  const exact = LONG_INTEGER.test(text)
    ? text.replace(TEXT_OR_LONG_INTEGER, (token) =>
        token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${token}"`,
      )
    : text;
  try {
    return JSON.parse(exact) as Json;
  } catch (cause) {
    throw new SkillError('world-error', `${name} cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
}
