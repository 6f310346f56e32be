import type { Domain, Signature, TypedName } from '../ast.js';
import { listOf, nameOf, RESERVED } from './expect.js';
import { describeForm } from './form.js';
import type { Form, ListForm } from './form.js';
import { layerRules } from '../types/layers.js';
import { derivedNames, readAction, readDerivedRule } from './read-schema.js';
import { readTypes } from './read-types.js';
import { readDefinition, readRequirements, sectionOf } from './sections.js';
import type { Definition, SectionRules } from './sections.js';
import { Source } from '../source.js';
import { TypeHierarchy } from '../types/type-hierarchy.js';
import { parametersFrom, readObjects, splitTypedList } from './typed-list.js';
import { declaredFunctions } from '../types/vocabulary.js';
import type { Reading } from '../types/vocabulary.js';

const SECTIONS: SectionRules = {
  once: [':requirements', ':types', ':constants', ':predicates', ':functions'],
  many: [':action', ':derived'],
  unsupported: {
    ':durative-action': 'durative actions',
    ':constraints': 'constraints',
    ':timeless': 'timeless facts (list them in the :init of each problem)',
    ':axiom': 'axioms in the style of PDDL 1 (write them as :derived)',
    ':process': 'processes',
    ':event': 'events',
    ':safety': 'safety conditions',
    ':extends': 'domains that extend others',
    ':domain-variables': 'domain variables',
  },
};

/** Reads a planning domain; `name` is what errors call the text. */
export function parseDomain(text: string, name = 'domain'): Domain {
  const source = new Source(name, text);
  const definition = readDefinition(source, 'domain', SECTIONS);
  const types = readTypes(source, sectionOf(definition, ':types'));
  const hierarchy = new TypeHierarchy(types);
  const constants = readConstants(source, definition, hierarchy);
  const predicates = readSignatures(source, sectionOf(definition, ':predicates'), hierarchy, 'predicate');
  const functions = readSignatures(source, sectionOf(definition, ':functions'), hierarchy, 'function');
  const reading: Reading = {
    source,
    words: {
      types: hierarchy,
      predicates: new Map(predicates.map((predicate) => [predicate.name, predicate])),
      functions: declaredFunctions(functions),
      objects: new Map(constants.map((constant) => [constant.name, constant.types])),
      derived: derivedNames(source, definition),
    },
  };
  const domain = {
    name: definition.name,
    requirements: readRequirements(source, definition),
    types,
    constants,
    predicates,
    functions,
    actions: readActions(reading, definition),
    derived: readRules(reading, definition),
  };
  return source.warnings.length === 0 ? domain : { ...domain, warnings: source.warnings };
}

function readConstants(source: Source, definition: Definition, types: TypeHierarchy): TypedName[] {
  const list = sectionOf(definition, ':constants');
  return list === undefined ? [] : readObjects(source, list, types).map(({ name, types }) => ({ name, types }));
}

type Declared = 'predicate' | 'function';

function readSignatures(
  source: Source,
  list: ListForm | undefined,
  hierarchy: TypeHierarchy,
  what: Declared,
): Signature[] {
  const seen = new Map<string, Signature>();
  for (const { form, types } of list === undefined ? [] : splitTypedList(source, list, 1)) {
    const declaration = listOf(source, form, `a ${what}`);
    const name = nameOf(source, declaration.items[0] ?? declaration, `the name of a ${what}`);
    const parameters = parametersFrom(source, declaration, 1, hierarchy).map(({ name, types }) => ({ name, types }));
    // Some domains declare the equality that is built in.
    if (what === 'predicate' && name === '=' && parameters.length === 2) continue;
    if (isTaken(what, name, parameters.length)) {
      throw source.error(form.at, `found "${name}", expected the name of a ${what}; "${name}" is reserved`);
    }
    checkResult(source, what, form, types?.[0]);
    const before = seen.get(name);
    if (before === undefined) seen.set(name, { name, parameters });
    else if (isAlike(before.parameters, parameters)) source.warn(form.at, `the ${what} \`${name}\` is declared twice`);
    else throw source.error(declaration.at, `the ${what} \`${name}\` is declared twice, and not alike`);
  }
  return [...seen.values()];
}

/** Whether a formula or an expression that begins with the name could mean two things. */
function isTaken(what: Declared, name: string, arity: number): boolean {
  if (what === 'function') return RESERVED.has(name);
  return RESERVED.has(name) && (arity === 0 || name === 'not' || name === '=');
}

function isAlike(some: readonly TypedName[], others: readonly TypedName[]): boolean {
  return JSON.stringify(some.map(({ types }) => types)) === JSON.stringify(others.map(({ types }) => types));
}

function checkResult(
  source: Source,
  what: Declared,
  form: Form,
  result: { name: string; at: number } | undefined,
): void {
  if (result === undefined) return;
  if (what === 'predicate')
    throw source.error(
      result.at,
      `found a type after ${describeForm(form)}, expected a predicate or ")"; a predicate has no type`,
    );
  if (result.name !== 'number')
    throw source.error(result.at, `not supported: functions of type \`${result.name}\`; only \`number\` is`);
}

function readActions(reading: Reading, definition: Definition): Domain['actions'] {
  const seen = new Set<string>();
  return (definition.sections.get(':action') ?? []).map((list) => {
    const action = readAction(reading, list);
    if (seen.has(action.name)) throw reading.source.error(list.at, `the action \`${action.name}\` is declared twice`);
    seen.add(action.name);
    return action;
  });
}

function readRules(reading: Reading, definition: Definition): Domain['derived'] {
  const rules = (definition.sections.get(':derived') ?? []).map((list) => readDerivedRule(reading, list));
  const layering = layerRules(rules);
  if (layering.kind === 'layers') return rules;
  throw reading.source.errorAt(
    layering.rule.position,
    `\`${layering.rule.name}\` depends on its own negation; rules must be free of such circles`,
  );
}
