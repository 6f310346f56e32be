import { PraxisError } from '@praxis/core';

/**
 * A condition as it is written, as far as facts and named checks need it: `not`, `and`, `or` and `imply` are read, and
 * whatever else there is (quantifiers, equality, numbers) is left as text for the world. Words keep their case.
 */
export type ConditionTree =
  | { readonly kind: 'atom'; readonly text: string }
  | { readonly kind: 'other'; readonly text: string }
  | { readonly kind: 'not'; readonly text: string; readonly part: ConditionTree }
  | { readonly kind: 'and' | 'or'; readonly text: string; readonly parts: readonly ConditionTree[] };

/** The longest condition, in characters, and the deepest nesting. */
const MOST = { characters: 1_000_000, depth: 200 } as const;

type Form = string | readonly Form[];

/** Reads a condition; fails with `invalid` where it cannot be read. */
export function readCondition(text: string): ConditionTree {
  if (text.length > MOST.characters) throw unreadable(text, `it is longer than ${MOST.characters} characters`);
  const [form, ...more] = readForms(text);
  if (form === undefined || typeof form === 'string') throw unreadable(text, 'it does not begin with "("');
  if (more.length > 0) throw unreadable(text, 'something follows its last ")"');
  return treeOf(form, text);
}

function readForms(text: string): readonly Form[] {
  const top: Form[] = [];
  const open: Form[][] = [top];
  for (const [word] of text.replace(/;.*$/gm, '').matchAll(/[()]|[^\s()]+/g)) {
    if (word === '(') {
      if (open.length > MOST.depth) throw unreadable(text, `it is nested deeper than ${MOST.depth} levels`);
      const list: Form[] = [];
      open.at(-1)!.push(list);
      open.push(list);
    } else if (word === ')') {
      if (open.length === 1) throw unreadable(text, 'there is a ")" without a "("');
      open.pop();
    } else open.at(-1)!.push(word);
  }
  if (open.length > 1) throw unreadable(text, 'a "(" is never closed');
  return top;
}

const OTHERS: ReadonlySet<string> = new Set(['forall', 'exists', '=', '<', '<=', '>', '>=', 'when']);

function treeOf(form: Form, whole: string): ConditionTree {
  if (typeof form === 'string') throw unreadable(whole, `"${form}" stands where a condition in brackets should`);
  const text = print(form);
  const [head, ...rest] = form;
  if (head === undefined) return { kind: 'and', text, parts: [] };
  const word = typeof head === 'string' ? head.toLowerCase() : '';
  const parts = (): readonly ConditionTree[] => rest.map((part) => treeOf(part, whole));
  if (OTHERS.has(word)) return { kind: 'other', text };
  if (word === 'and' || word === 'or') return { kind: word, text, parts: parts() };
  if (word === 'not' || word === 'imply')
    return negated(
      text,
      word,
      rest.map((part) => treeOf(part, whole)),
    );
  if (form.some((part) => typeof part !== 'string')) throw unreadable(whole, `${text} is no fact`);
  if (form.some((part) => (part as string).startsWith('?')))
    throw unreadable(whole, `${text} has a variable outside of a quantifier`);
  return { kind: 'atom', text };
}

function negated(text: string, word: 'not' | 'imply', [part, then, ...more]: readonly ConditionTree[]): ConditionTree {
  if (part === undefined || more.length > 0 || (then === undefined) !== (word === 'not'))
    throw unreadable(text, `${word} must have ${word === 'not' ? 'one part' : 'two parts'}`);
  if (then === undefined) return { kind: 'not', text, part };
  return { kind: 'or', text, parts: [{ kind: 'not', text: `(not ${part.text})`, part }, then] };
}

const print = (form: Form): string => (typeof form === 'string' ? form : `(${form.map(print).join(' ')})`);

const unreadable = (text: string, why: string): PraxisError =>
  new PraxisError('invalid', `The condition ${text.slice(0, 200)} cannot be read: ${why}.`);
