import type { ActionSchema, DerivedRule, TypedName } from '../ast.js';
import { itemOf, listOf, nameOf, noMoreThan, symbolOf } from './expect.js';
import type { Form, ListForm } from './form.js';
import { suggestion } from '../types/nearest.js';
import { readEffect } from './read-effect.js';
import { readFormula } from './read-formula.js';
import type { Definition } from './sections.js';
import type { Source } from '../source.js';
import { readVariables, splitTypedList, typesOf } from './typed-list.js';
import { predicateOf, withVariables, NO_VARIABLES } from '../types/vocabulary.js';
import type { Reading } from '../types/vocabulary.js';

const PARTS = [':parameters', ':precondition', ':effect'];

const DURATIVE = new Set([':duration', ':condition']);

/** Reads `(:action name :parameters (…) :precondition … :effect …)`; each part may be missing. */
export function readAction(reading: Reading, list: ListForm): ActionSchema {
  const { source, words } = reading;
  const name = nameOf(source, itemOf(source, list, 1, 'the name of an action'), 'the name of an action');
  const parts = readParts(source, list);
  const { ':parameters': variables, ':precondition': condition, ':effect': outcome } = parts;
  const parameters = variables === undefined ? [] : readVariables(source, variables, words.types);
  const scope = withVariables(NO_VARIABLES, parameters);
  return {
    name,
    parameters,
    precondition: condition === undefined ? { kind: 'and', parts: [] } : readFormula(reading, condition, scope),
    effect: outcome === undefined ? { kind: 'and', parts: [] } : readEffect(reading, outcome, scope),
    position: source.position(list.at),
  };
}

function readParts(source: Source, list: ListForm): Partial<Record<string, Form>> {
  const parts: Partial<Record<string, Form>> = {};
  for (let index = 2; index < list.items.length; index += 2) {
    const { text, at } = symbolOf(source, list.items[index]!, 'a part such as :precondition');
    if (DURATIVE.has(text)) throw source.error(at, 'not supported: durative actions');
    if (!PARTS.includes(text))
      throw source.error(at, `unknown part \`${text}\` of an action${suggestion(text, PARTS)}`);
    if (parts[text] !== undefined) throw source.error(at, `a second \`${text}\`; an action has only one`);
    parts[text] = listOf(source, itemOf(source, list, index + 1, `"(" after ${text}`), `the value of ${text}`);
  }
  return parts;
}

/** The predicates that have a `:derived` rule, read ahead so that effects on them can be refused. */
export function derivedNames(source: Source, definition: Definition): Set<string> {
  const rules = definition.sections.get(':derived') ?? [];
  return new Set(
    rules.map((rule) => nameOf(source, itemOf(source, headOf(source, rule), 0, 'a predicate'), 'a predicate')),
  );
}

/** Reads `(:derived (p ?x - t) condition)`; a variable without a type has the type of the declaration. */
export function readDerivedRule(reading: Reading, list: ListForm): DerivedRule {
  const { source } = reading;
  const head = headOf(source, list);
  noMoreThan(source, list, 3);
  const parameters = readHead(reading, head);
  const condition = readFormula(
    reading,
    itemOf(source, list, 2, 'a condition'),
    withVariables(NO_VARIABLES, parameters),
  );
  return { name: predicateOf(reading, head).name, parameters, condition, position: source.position(list.at) };
}

function headOf(source: Source, list: ListForm): ListForm {
  return listOf(source, itemOf(source, list, 1, '"(" and a predicate'), 'a predicate');
}

function readHead(reading: Reading, head: ListForm): TypedName[] {
  const { source, words } = reading;
  const declared = predicateOf(reading, head);
  const entries = splitTypedList(source, head, 1);
  const names = readVariables(source, { ...head, items: head.items.slice(1) }, words.types);
  if (names.length !== declared.parameters.length) {
    throw source.error(
      head.at,
      `\`${declared.name}\` is declared with ${declared.parameters.length} parameters, found ${names.length}`,
    );
  }
  return entries.map((entry, index) => {
    const wanted = declared.parameters[index]!.types;
    const types = entry.types === null ? wanted : typesOf(source, entry, words.types);
    if (words.types.mayMeet(types, wanted)) return { name: names[index]!.name, types };
    throw source.error(
      entry.form.at,
      `\`${names[index]!.name}\` is of type ${types.join(' or ')}, but the predicate is declared for ${wanted.join(' or ')}`,
    );
  });
}
