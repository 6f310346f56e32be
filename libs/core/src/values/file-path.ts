import { PraxisError } from './errors.js';
import type { Fact } from './state.js';

/** The longest path and the longest name in it, in bytes of UTF-8, and the most names in a path. */
export const PATH_LIMITS = { path: 1024, name: 255, depth: 64 } as const;

/** Control characters, separators of lines, marks that reverse the direction of text, and halves of characters. */
const UNREADABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff\ufffd]/u;
const DRIVE = /^[A-Za-z]:/;

/**
 * The path of a file in a workspace in its only spelling: relative, names joined by `/`, in Unicode form NFC. No text
 * that this returns leads out of a folder to which it is appended. Fails with `invalid`.
 *
 * @example
 *   filePath('./charts//top.svg'); // 'charts/top.svg'
 *   filePath('../secret'); // throws
 */
export function filePath(text: string): string {
  const path = text
    .normalize('NFC')
    .split('/')
    .filter((name, at) => name !== '.' && (name !== '' || at === 0))
    .join('/');
  const problem = pathProblem(text, path);
  if (problem === null) return path;
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  throw new PraxisError('invalid', `${shown} is not a path of a file in the workspace: ${problem}.`);
}

function pathProblem(text: string, path: string): string | null {
  if (path === '') return 'it names no file';
  if (path.startsWith('/')) return 'it is absolute; write it relative to the workspace';
  if (DRIVE.test(path)) return 'it begins with a drive; write it relative to the workspace';
  if (path.includes('\\')) return 'it holds a backslash; separate names by "/"';
  if (UNREADABLE.test(path)) return 'it holds a character that cannot be shown';
  if (text.endsWith('/') || text.endsWith('/.')) return 'it names a folder';
  const names = path.split('/');
  if (names.includes('..')) return 'it leads out of a folder; leave ".." out';
  if (names.length > PATH_LIMITS.depth) return `it has more than ${PATH_LIMITS.depth} names`;
  if (names.some((name) => Buffer.byteLength(name) > PATH_LIMITS.name))
    return `one of its names is longer than ${PATH_LIMITS.name} bytes`;
  if (Buffer.byteLength(path) > PATH_LIMITS.path) return `it is longer than ${PATH_LIMITS.path} bytes`;
  return null;
}

/** What would break an atom apart, or could not be told from something else in it. */
const NOT_IN_ATOMS = /[\s()%;?"'`\u00ad\u200b-\u200f\u2060-\u2064]|^[:-]/gu;

/** A text as one word of an atom; texts that differ give words that differ. */
export const atomWord = (text: string): string =>
  text.replace(NOT_IN_ATOMS, (character) =>
    [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );

/** The fact that a workspace shows for a file; the path must be in its only spelling (`filePath`). */
export const fileFact = (path: string): Fact => `(file ${atomWord(path)})`;
