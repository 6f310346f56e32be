/** Stands between two bodies. JSON escapes it, so that it is in none of them, and no body has to be quoted. */
export const SEPARATOR = '\x1e';

/** The SQL that takes bodies apart again. */
export const bodies = (parameter: string): string => `string_to_array(${parameter}::text, E'\\x1e')`;

/**
 * Numbers as Postgres reads an array. The driver would look at every element several times, and most need no care at
 * all.
 */
export const numberArray = (numbers: readonly number[]): string => `{${numbers.join(',')}}`;

/** Texts as Postgres reads an array. */
export const textArray = (texts: readonly (string | null)[]): string =>
  `{${texts.map((text) => (text === null ? 'NULL' : quoted(text))).join(',')}}`;

const quoted = (text: string): string => (/["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`);
