import { posix } from 'node:path';
import { numberText } from '../chart/scales.js';

/** Cells of tables are cut to this length, in characters, where a template says none. */
const CELL = 120;

/** A value as text: nothing for null, JSON for what is no scalar. */
export const plainText = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value as string);

/**
 * Text of strangers that shows as itself in Markdown: no markup, no HTML, no line break. Underscores inside words stay,
 * since they mark nothing there and addresses are full of them.
 */
export const markdownText = (value: unknown): string =>
  plainText(value)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .replace(/[\\`*[\]<>|~]|&(?=#?\w+;)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replace(/^([#+-]|\d+(?=[.)]))/, (mark) => (/^\d/.test(mark) ? mark : `\\${mark}`));

/** A cell of a Markdown table. */
export function markdownCell(value: unknown, length: unknown = CELL): string {
  const text = plainText(value);
  const most = typeof length === 'number' ? length : CELL;
  const signs = text.length <= most ? null : [...text.slice(0, most * 2)];
  return markdownText(signs === null || signs.length <= most ? text : `${signs.slice(0, most).join('')}…`);
}

/** A number for people; other values as they are. */
export const markdownNumber = (value: unknown): string =>
  typeof value === 'number' && Number.isFinite(value)
    ? numberText(Number.isInteger(value) ? value : Number(value.toPrecision(6)))
    : markdownText(value);

/** The target of a link from one file of the workspace to another. */
export function markdownLink(target: unknown, from: string): string {
  const named = typeof target === 'object' && target !== null && 'name' in target ? target.name : target;
  const text = plainText(named);
  const isPath = !/^[a-z][a-z\d+.-]*:/i.test(text) && !text.startsWith('/');
  const relative = isPath ? posix.relative(posix.dirname(from), text) : text;
  if (/^(?!https?:|mailto:)[a-z][a-z\d+.-]*:/i.test(relative)) return '#';
  return relative.replace(/[\s()<>"'`\\|\p{Cc}]/gu, (sign) =>
    encodeURIComponent(sign).replace(/[()']/g, (s) => `%${s.charCodeAt(0).toString(16)}`),
  );
}

/** Names of columns: of a list of names, of a list of objects with names, or the fields of a row. */
export function columnNames(value: unknown): readonly string[] {
  if (Array.isArray(value))
    return value.map((item: unknown) =>
      typeof item === 'object' && item !== null && 'name' in item ? plainText(item.name) : plainText(item),
    );
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
