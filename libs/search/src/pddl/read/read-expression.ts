import type { Expression, FluentTerm } from '../ast.js';
import { noMoreThan, numberIn, symbolOf } from './expect.js';
import { describeForm } from './form.js';
import type { Form, ListForm } from './form.js';
import { functionOf, readArguments } from '../types/vocabulary.js';
import type { Reading, Scope } from '../types/vocabulary.js';

type Operator = Extract<Expression, { kind: 'arithmetic' }>['op'];

const OPERATORS: ReadonlySet<string> = new Set(['+', '-', '*', '/']);

/** Reads arithmetic over numbers and functions. */
export function readExpression(reading: Reading, form: Form, scope: Scope): Expression {
  if (form.kind === 'symbol') return readWord(reading, form.text, form);
  const head = form.items[0];
  if (head?.kind === 'symbol' && OPERATORS.has(head.text))
    return readArithmetic(reading, form, head.text as Operator, scope);
  return { kind: 'fluent', ...readFluent(reading, form, scope) };
}

/** Reads a function with its arguments, such as `(fuel ?truck)`. */
export function readFluent(reading: Reading, form: Form, scope: Scope): FluentTerm {
  if (form.kind === 'symbol') return bareFluent(reading, form.text, form);
  const declared = functionOf(reading, form);
  return { function: declared.name, args: readArguments(reading, form, declared, scope) };
}

/** Whether a word or list can only be a number: arithmetic, a numeral or the name of a function. */
export function isNumeric({ words }: Reading, form: Form): boolean {
  if (form.kind === 'list') return true;
  if (words.objects.has(form.text)) return false;
  return numberIn(form.text) !== null || words.functions.has(form.text);
}

function readWord(reading: Reading, text: string, form: Form): Expression {
  const value = numberIn(text);
  return value === null ? { kind: 'fluent', ...bareFluent(reading, text, form) } : { kind: 'number', value };
}

/** `total-cost` written without its brackets. */
function bareFluent({ source, words }: Reading, text: string, form: Form): FluentTerm {
  symbolOf(source, form, 'a number');
  if (words.functions.get(text)?.parameters.length !== 0)
    throw source.error(form.at, `found ${describeForm(form)}, expected a number or "(" and a function`);
  return { function: text, args: [] };
}

function readArithmetic(reading: Reading, list: ListForm, op: Operator, scope: Scope): Expression {
  const least = op === '-' ? 1 : 2;
  if (list.items.length - 1 < least)
    throw reading.source.error(list.end, `found ")", expected ${least === 1 ? 'a number' : `two numbers for "${op}"`}`);
  if (op === '-' || op === '/') noMoreThan(reading.source, list, 3);
  return { kind: 'arithmetic', op, parts: list.items.slice(1).map((item) => readExpression(reading, item, scope)) };
}
