import type { Comparison, Formula } from '../ast.js';
import { headWord, itemOf, listOf, noMoreThan } from './expect.js';
import type { Form, ListForm } from './form.js';
import { isNumeric, readExpression } from './read-expression.js';
import { readVariables } from './typed-list.js';
import { isNamedAtom, predicateOf, readArguments, termOf, withVariables } from '../types/vocabulary.js';
import type { Reading, Scope } from '../types/vocabulary.js';

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<', '<=', '>', '>=']);

const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ['preference', 'preferences'],
  ...[
    'always',
    'sometime',
    'within',
    'at-most-once',
    'sometime-after',
    'sometime-before',
    'always-within',
    'hold-during',
    'hold-after',
  ].map((word) => [word, `constraints (\`${word}\`)`] as const),
]);

/** Reads a goal description; `()` is true. */
export function readFormula(reading: Reading, form: Form, scope: Scope): Formula {
  const list = listOf(reading.source, form, 'a condition');
  if (list.items.length === 0) return { kind: 'and', parts: [] };
  const word = headWord(list);
  if (isNamedAtom(reading, list)) return readAtom(reading, list, word, scope);
  if (COMPARISONS.has(word)) return readRelation(reading, list, word as Comparison, scope);
  switch (word) {
    case 'and':
    case 'or':
      return { kind: word, parts: parts(reading, list, scope) };
    case 'not':
      return { kind: 'not', part: only(reading, list, scope) };
    case 'imply':
      return readImply(reading, list, scope);
    case 'forall':
    case 'exists':
      return { kind: word, ...readQuantified(reading, list, scope) };
    default:
      return readAtom(reading, list, word, scope);
  }
}

function parts(reading: Reading, list: ListForm, scope: Scope): Formula[] {
  return list.items.slice(1).map((item) => readFormula(reading, item, scope));
}

function only(reading: Reading, list: ListForm, scope: Scope): Formula {
  noMoreThan(reading.source, list, 2);
  return readFormula(reading, itemOf(reading.source, list, 1, 'a condition'), scope);
}

function readImply(reading: Reading, list: ListForm, scope: Scope): Formula {
  noMoreThan(reading.source, list, 3);
  const left = readFormula(reading, itemOf(reading.source, list, 1, 'a condition'), scope);
  const right = readFormula(reading, itemOf(reading.source, list, 2, 'a second condition'), scope);
  return { kind: 'or', parts: [{ kind: 'not', part: left }, right] };
}

function readQuantified(reading: Reading, list: ListForm, scope: Scope) {
  const { source, words } = reading;
  noMoreThan(source, list, 3);
  const variables = readVariables(source, itemOf(source, list, 1, '"(" and variables'), words.types);
  const part = readFormula(reading, itemOf(source, list, 2, 'a condition'), withVariables(scope, variables));
  return { variables, part };
}

/** `=` relates two objects or two numbers; the other signs only numbers. */
function readRelation(reading: Reading, list: ListForm, op: Comparison, scope: Scope): Formula {
  const { source } = reading;
  noMoreThan(source, list, 3);
  const left = itemOf(source, list, 1, `the left side of "${op}"`);
  const right = itemOf(source, list, 2, `the right side of "${op}"`);
  if (op === '=' && !isNumeric(reading, left) && !isNumeric(reading, right)) {
    return { kind: 'equal', left: termOf(reading, left, scope), right: termOf(reading, right, scope) };
  }
  return {
    kind: 'compare',
    op,
    left: readExpression(reading, left, scope),
    right: readExpression(reading, right, scope),
  };
}

function readAtom(reading: Reading, list: ListForm, word: string, scope: Scope): Formula {
  const unsupported = reading.words.predicates.has(word) ? undefined : UNSUPPORTED.get(word);
  if (unsupported !== undefined) throw reading.source.error(list.at, `not supported: ${unsupported}`);
  const declared = predicateOf(reading, list);
  return { kind: 'atom', predicate: declared.name, args: readArguments(reading, list, declared, scope) };
}
