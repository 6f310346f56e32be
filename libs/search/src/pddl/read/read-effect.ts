import type { Effect } from '../ast.js';
import { headWord, itemOf, listOf, noMoreThan } from './expect.js';
import type { Form, ListForm } from './form.js';
import { readExpression, readFluent } from './read-expression.js';
import { readFormula } from './read-formula.js';
import { readVariables } from './typed-list.js';
import { isNamedAtom, predicateOf, readArguments, withVariables } from '../types/vocabulary.js';
import type { Reading, Scope } from '../types/vocabulary.js';

type AssignOperator = Extract<Effect, { kind: 'assign' }>['op'];

const ASSIGN_OPERATORS: ReadonlySet<string> = new Set(['assign', 'increase', 'decrease', 'scale-up', 'scale-down']);

/** Reads what an action does; `()` does nothing. */
export function readEffect(reading: Reading, form: Form, scope: Scope): Effect {
  const { source } = reading;
  const list = listOf(source, form, 'an effect');
  if (list.items.length === 0) return { kind: 'and', parts: [] };
  if (isNamedAtom(reading, list)) return { kind: 'add', ...readAtom(reading, list, scope) };
  const head = headWord(list);
  switch (head) {
    case 'and':
      return { kind: 'and', parts: list.items.slice(1).map((item) => readEffect(reading, item, scope)) };
    case 'not':
      noMoreThan(source, list, 2);
      return {
        kind: 'delete',
        ...readAtom(reading, listOf(source, itemOf(source, list, 1, 'a predicate'), 'a predicate'), scope),
      };
    case 'forall':
      return readForall(reading, list, scope);
    case 'when':
      return readWhen(reading, list, scope);
    default:
      if (isAssignment(reading, list, head)) return readAssignment(reading, list, head as AssignOperator, scope);
      return { kind: 'add', ...readAtom(reading, list, scope) };
  }
}

/** A predicate may be called `assign`; then only a function after it makes it an assignment. */
function isAssignment({ words }: Reading, list: ListForm, head: string): boolean {
  return ASSIGN_OPERATORS.has(head) && (!words.predicates.has(head) || list.items[1]?.kind === 'list');
}

function readForall(reading: Reading, list: ListForm, scope: Scope): Effect {
  const { source, words } = reading;
  noMoreThan(source, list, 3);
  const variables = readVariables(source, itemOf(source, list, 1, '"(" and variables'), words.types);
  return {
    kind: 'forall',
    variables,
    part: readEffect(reading, itemOf(source, list, 2, 'an effect'), withVariables(scope, variables)),
  };
}

function readWhen(reading: Reading, list: ListForm, scope: Scope): Effect {
  noMoreThan(reading.source, list, 3);
  const condition = readFormula(reading, itemOf(reading.source, list, 1, 'a condition'), scope);
  return { kind: 'when', condition, part: readEffect(reading, itemOf(reading.source, list, 2, 'an effect'), scope) };
}

function readAssignment(reading: Reading, list: ListForm, op: AssignOperator, scope: Scope): Effect {
  const { source } = reading;
  noMoreThan(source, list, 3);
  const target = readFluent(reading, itemOf(source, list, 1, '"(" and a function'), scope);
  return { kind: 'assign', op, target, value: readExpression(reading, itemOf(source, list, 2, 'a number'), scope) };
}

function readAtom(reading: Reading, list: ListForm, scope: Scope) {
  const declared = predicateOf(reading, list);
  if (reading.words.derived.has(declared.name))
    throw reading.source.error(list.at, `\`${declared.name}\` is derived by a rule, so no action may set it`);
  return { predicate: declared.name, args: readArguments(reading, list, declared, scope) };
}
