import type { ParsedCondition } from '@praxis/core';
import type { Comparison, Expression, TypedName } from '../ast.js';
import { Source } from '../source.js';
import { headNameOf, headWord, itemOf, listOf, nameOf, noMoreThan, numberIn, symbolOf, variableOf } from './expect.js';
import { asWritten, readOneList, type Form, type ListForm } from './form.js';
import { splitTypedList } from './typed-list.js';

/** The text that is read, and the variables of the quantifiers around the part at hand. */
interface Reading {
  readonly source: Source;
  readonly variables: ReadonlySet<string>;
}

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<', '<=', '>', '>=']);
const OPERATORS: ReadonlySet<string> = new Set(['+', '-', '*', '/']);

/**
 * Reads a goal description without a domain: which predicates, functions, objects and types there are is for the world
 * to say, and so is whether upper and lower case differ: names are given as they are written. `=` compares numbers
 * where one side is a numeral or in brackets, and otherwise objects.
 */
export function parseStructure(text: string, name = 'condition'): ParsedCondition {
  const source = new Source(name, text);
  const list = readOneList(source, 'a condition such as (at ball kitchen)');
  return readCondition({ source, variables: new Set() }, list);
}

function readCondition(reading: Reading, form: Form): ParsedCondition {
  const { source } = reading;
  const list = listOf(source, form, 'a condition');
  if (list.items.length === 0) return { kind: 'and', parts: [] };
  const word = headWord(list);
  const part = (at: number): ParsedCondition => readCondition(reading, itemOf(source, list, at, 'a condition'));
  if (COMPARISONS.has(word)) return readRelation(reading, list, word as Comparison);
  switch (word) {
    case 'and':
    case 'or':
      return { kind: word, parts: list.items.slice(1).map((item) => readCondition(reading, item)) };
    case 'not':
      noMoreThan(source, list, 2);
      return { kind: 'not', part: part(1) };
    case 'imply':
      noMoreThan(source, list, 3);
      return { kind: 'or', parts: [{ kind: 'not', part: part(1) }, part(2)] };
    case 'forall':
    case 'exists':
      return readQuantifier(reading, list, word);
    default: {
      const predicate = readHead(reading, list, 'a predicate');
      return { kind: 'atom', predicate, args: list.items.slice(1).map((item) => readTerm(reading, item)) };
    }
  }
}

function readQuantifier(reading: Reading, list: ListForm, kind: 'forall' | 'exists'): ParsedCondition {
  const { source } = reading;
  noMoreThan(source, list, 3);
  const names = listOf(source, itemOf(source, list, 1, '"(" and variables'), 'variables');
  const variables = splitTypedList(source, names, 0).map(({ form, types }): TypedName => ({
    name: variableOf(source, form),
    types: types === null ? ['object'] : [...new Set(types.map(({ at }) => asWritten(source, at)))],
  }));
  const inner = { source, variables: new Set([...reading.variables, ...variables.map((v) => v.name)]) };
  return { kind, variables, part: readCondition(inner, itemOf(source, list, 2, 'a condition')) };
}

function readRelation(reading: Reading, list: ListForm, op: Comparison): ParsedCondition {
  const { source } = reading;
  noMoreThan(source, list, 3);
  const left = itemOf(source, list, 1, `the left side of "${op}"`);
  const right = itemOf(source, list, 2, `the right side of "${op}"`);
  if (op === '=' && !isNumber(left) && !isNumber(right))
    return { kind: 'equal', left: readTerm(reading, left), right: readTerm(reading, right) };
  return { kind: 'compare', op, left: readNumber(reading, left), right: readNumber(reading, right) };
}

const isNumber = (form: Form): boolean => form.kind === 'list' || numberIn(form.text) !== null;

function readNumber(reading: Reading, form: Form): Expression {
  const { source } = reading;
  if (form.kind === 'symbol') {
    const value = numberIn(form.text);
    // A function without arguments may be written without its brackets.
    return value === null
      ? { kind: 'fluent', function: readName(reading, form, 'a number'), args: [] }
      : { kind: 'number', value };
  }
  const word = headWord(form);
  if (!OPERATORS.has(word)) {
    const name = readHead(reading, form, 'a function');
    return { kind: 'fluent', function: name, args: form.items.slice(1).map((item) => readTerm(reading, item)) };
  }
  const op = word as Extract<Expression, { kind: 'arithmetic' }>['op'];
  itemOf(source, form, op === '-' ? 1 : 2, 'a number');
  if (op === '-' || op === '/') noMoreThan(source, form, 3);
  return { kind: 'arithmetic', op, parts: form.items.slice(1).map((item) => readNumber(reading, item)) };
}

/** An object, or a variable of a quantifier around it; variables are in lower case. */
function readTerm(reading: Reading, form: Form): string {
  const { source, variables } = reading;
  const { text, at } = symbolOf(source, form, 'an object or a variable');
  if (!text.startsWith('?')) return readName(reading, form, 'an object');
  if (!variables.has(text)) throw source.error(at, `the variable \`${text}\` stands outside of a quantifier`);
  return text;
}

/** The name with which a list begins. */
function readHead({ source }: Reading, list: ListForm, what: string): string {
  const form = itemOf(source, list, 0, what);
  headNameOf(source, form, what);
  return asWritten(source, form.at);
}

function readName({ source }: Reading, form: Form, what: string): string {
  nameOf(source, form, what);
  return asWritten(source, form.at);
}
