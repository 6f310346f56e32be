import { clipText } from '@praxis/core';
import type { Source } from '../source.js';

/** A word of a PDDL text, in lower case; `at` is its offset. */
export interface SymbolForm {
  readonly kind: 'symbol';
  readonly text: string;
  readonly at: number;
}

/** A bracketed list; `end` is the offset of its `)`. */
export interface ListForm {
  readonly kind: 'list';
  readonly items: readonly Form[];
  readonly at: number;
  readonly end: number;
}

/** A piece of PDDL text before it has a meaning. */
export type Form = SymbolForm | ListForm;

/** Deeper nesting is refused, so that everything which walks a formula may do so by recursion. */
export const DEPTH_LIMIT = 500;

interface OpenList {
  readonly at: number;
  readonly items: Form[];
}

/** Reads all brackets and words of a text, in time linear in its length. */
export function readForms(source: Source): Form[] {
  return new FormReader(source).read();
}

/** Reads a text that must be exactly one bracketed list. */
export function readOneList(source: Source, expected: string): ListForm {
  const [first, second] = readForms(source);
  if (first === undefined) throw source.error(source.text.length, `found the end of the text, expected ${expected}`);
  if (first.kind !== 'list')
    throw source.error(first.at, `found ${describeForm(first)}, expected ${expected}${commentHint(first)}`);
  if (second !== undefined)
    throw source.error(
      second.at,
      `found ${describeForm(second)} after the end of ${expected}; remove it or check the brackets before it`,
    );
  return first;
}

function commentHint({ text }: SymbolForm): string {
  return text.startsWith('#') || text.startsWith('//') ? '; a comment begins with ";"' : '';
}

/** The word at an offset as it stands in the text, in upper and lower case. */
export function asWritten(source: Source, at: number): string {
  return source.text.slice(at, endOfSymbol(source.text, at));
}

function endOfSymbol(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && !isBreak(text.charCodeAt(end)) && !beginsVariable(text, end)) end += 1;
  return end;
}

/** A form as an error message names it. */
export function describeForm(form: Form): string {
  if (form.kind === 'symbol') return `"${form.text.length > 40 ? `${clipText(form.text, 40)}…` : form.text}"`;
  const head = form.items[0];
  if (head === undefined) return '"()"';
  return head.kind === 'symbol' ? `"(${clipText(head.text, 40)} …"` : '"("';
}

class FormReader {
  readonly #text: string;
  readonly #top: Form[] = [];
  readonly #open: OpenList[] = [];
  /** The list in which a section such as `(:action` begins too early: most likely the one left open. */
  #suspect: OpenList | null = null;

  constructor(readonly source: Source) {
    this.#text = source.text;
  }

  read(): Form[] {
    const text = this.#text;
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === 40) at = this.#begin(at);
      else if (code === 41) at = this.#close(at);
      else if (code === 59) at = endOfLine(text, at);
      else if (isSpace(code)) at += 1;
      else at = this.#symbol(at);
    }
    this.#finish();
    return this.#top;
  }

  #begin(at: number): number {
    if (this.#open.length >= DEPTH_LIMIT)
      throw this.source.error(at, `brackets are nested deeper than ${DEPTH_LIMIT}; flatten the formula`);
    if (this.#open.length > 1 && this.#text.charCodeAt(at + 1) === 58) this.#suspect ??= this.#open.at(-1)!;
    this.#open.push({ at, items: [] });
    return at + 1;
  }

  #close(at: number): number {
    const list = this.#open.pop();
    if (list === undefined)
      throw this.source.error(at, 'found ")" without a "(" before it; remove it or check the brackets before it');
    this.#put({ kind: 'list', items: list.items, at: list.at, end: at });
    return at + 1;
  }

  #symbol(at: number): number {
    const text = this.#text;
    const end = endOfSymbol(text, at);
    const stray = UNREADABLE.exec(text.slice(at, end));
    if (stray !== null) throw this.source.error(at + stray.index, unreadable(stray[0]));
    this.#put({ kind: 'symbol', text: text.slice(at, end).toLowerCase(), at });
    return end;
  }

  #put(form: Form): void {
    (this.#open.at(-1)?.items ?? this.#top).push(form);
  }

  #finish(): void {
    const unclosed = this.#open.length === 0 ? undefined : (this.#suspect ?? this.#open.at(-1));
    if (unclosed === undefined) return;
    const head = unclosed.items[0];
    throw this.source.error(
      unclosed.at,
      `"(${head?.kind === 'symbol' ? head.text : ''}" is never closed; expected ")"`,
    );
  }
}

function endOfLine(text: string, at: number): number {
  for (let end = at; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 10 || code === 13) return end;
  }
  return text.length;
}

/** A `?` begins a new word wherever a name follows it: `(at?x?y)`. */
function beginsVariable(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== QUESTION_MARK || at + 1 === text.length) return false;
  const next = text.charCodeAt(at + 1);
  return next !== QUESTION_MARK && !isBreak(next);
}

const QUESTION_MARK = 63;

/** White space of any kind, control characters and the byte order mark. */
function isSpace(code: number): boolean {
  return code <= 32 || (code >= 0x7f && (code === 0xfeff || WIDE_SPACE.test(String.fromCharCode(code))));
}

const WIDE_SPACE = /[\s\u0080-\u009f]/;

/** Characters that nobody sees, and the mark of a byte that is not UTF-8. */
const UNREADABLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufffd]/;

function unreadable(character: string): string {
  if (character === '\ufffd') return 'found a character that cannot be read; save the file as UTF-8';
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `found the invisible character U+${code}; remove it`;
}

function isBreak(code: number): boolean {
  return code === 40 || code === 41 || code === 59 || isSpace(code);
}
