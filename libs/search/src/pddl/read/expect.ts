import { describeForm } from './form.js';
import type { Form, ListForm, SymbolForm } from './form.js';
import type { Source } from '../source.js';

const CONNECTIVES = ['and', 'or', 'not', 'imply', 'forall', 'exists', 'when', 'either'];

/** Words with a meaning of their own where a formula or an expression begins. */
export const RESERVED: ReadonlySet<string> = new Set([...CONNECTIVES, '=', '<', '<=', '>', '>=', '-', '+', '*', '/']);

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/;

/** The item of a list at an index; missing ones are reported at the list's end. */
export function itemOf(source: Source, list: ListForm, index: number, expected: string): Form {
  const form = list.items[index];
  if (form === undefined) throw source.error(list.end, `found ")", expected ${expected}`);
  return form;
}

/** The word a list begins with; empty where it begins with none. */
export function headWord(list: ListForm): string {
  const head = list.items[0];
  return head?.kind === 'symbol' ? head.text : '';
}

/** The form as a list. */
export function listOf(source: Source, form: Form, expected: string): ListForm {
  if (form.kind !== 'list') throw source.error(form.at, `found ${describeForm(form)}, expected "(" and ${expected}`);
  return form;
}

/** The form as a word. */
export function symbolOf(source: Source, form: Form, expected: string): SymbolForm {
  if (form.kind !== 'symbol') throw source.error(form.at, `found ${describeForm(form)}, expected ${expected}`);
  return form;
}

/** The form as a name: a word that is no variable and no keyword. Only a dash is reserved everywhere. */
export function nameOf(source: Source, form: Form, expected: string): string {
  const { text, at } = symbolOf(source, form, expected);
  if (text.startsWith('?') || text.startsWith(':')) throw source.error(at, `found "${text}", expected ${expected}`);
  if (text === '-') throw source.error(at, `found "-", expected ${expected}; "-" is reserved`);
  return text;
}

/** The form as the name of something that a formula may begin with. */
export function headNameOf(source: Source, form: Form, expected: string): string {
  const name = nameOf(source, form, expected);
  if (RESERVED.has(name)) throw source.error(form.at, `found "${name}", expected ${expected}; "${name}" is reserved`);
  return name;
}

/** The form as a variable such as `?x`. */
export function variableOf(source: Source, form: Form): string {
  const { text, at } = symbolOf(source, form, 'a variable such as ?x');
  if (!text.startsWith('?') || text.length === 1)
    throw source.error(at, `found "${text}", expected a variable such as ?x`);
  return text;
}

/** The number a word stands for, or null where it is no number. */
export function numberIn(text: string): number | null {
  if (!NUMBER.test(text)) return null;
  const value = Number(text);
  // Adding 0 makes -0 the same as 0, so that printing and reading give equal trees.
  return Number.isFinite(value) ? value + 0 : null;
}

/** Fails where a list has more items than it may have. */
export function noMoreThan(source: Source, list: ListForm, count: number): void {
  const extra = list.items[count];
  if (extra !== undefined) throw source.error(extra.at, `found ${describeForm(extra)}, expected ")"`);
}
