import type { Domain, Signature, TypedName } from './ast.js';
import { listOf, nameOf } from './expect.js';
import { describeForm } from './form.js';
import type { Form, ListForm } from './form.js';
import { layerRules } from './layers.js';
import { derivedNames, readAction, readDerivedRule } from './read-schema.js';
import { readTypes } from './read-types.js';
import { readDefinition, readRequirements, sectionOf } from './sections.js';
import type { Definition, SectionRules } from './sections.js';
import { Source } from './source.js';
import { TypeTree } from './type-tree.js';
import { readObjects, splitTypedList, variablesFrom } from './typed-list.js';
import type { Reading } from './vocabulary.js';

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
  const tree = new TypeTree(types);
  const constants = readConstants(source, definition, tree);
  const predicates = readSignatures(source, sectionOf(definition, ':predicates'), tree, 'predicate');
  const functions = readSignatures(source, sectionOf(definition, ':functions'), tree, 'function');
  const reading: Reading = {
    source,
    words: {
      types: tree,
      predicates: new Map(predicates.map((predicate) => [predicate.name, predicate])),
      functions: new Map(functions.map((declared) => [declared.name, declared])),
      objects: new Map(constants.map((constant) => [constant.name, constant.types])),
      derived: derivedNames(source, definition),
    },
  };
  return {
    name: definition.name,
    requirements: readRequirements(source, definition),
    types,
    constants,
    predicates,
    functions,
    actions: readActions(reading, definition),
    derived: readRules(reading, definition),
  };
}

function readConstants(source: Source, definition: Definition, tree: TypeTree): TypedName[] {
  const list = sectionOf(definition, ':constants');
  return list === undefined ? [] : readObjects(source, list, tree);
}

function readSignatures(source: Source, list: ListForm | undefined, tree: TypeTree, what: 'predicate' | 'function'): Signature[] {
  const seen = new Set<string>();
  return splitTypedList(source, list ?? { kind: 'list', items: [], at: 0, end: 0 }, 1).map(({ form, types }) => {
    const declaration = listOf(source, form, `a ${what}`);
    const name = nameOf(source, declaration.items[0] ?? declaration, `the name of a ${what}`);
    if (seen.has(name)) throw source.error(declaration.at, `the ${what} \`${name}\` is declared twice`);
    seen.add(name);
    checkResult(source, what, form, types?.[0]);
    return { name, parameters: variablesFrom(source, declaration, 1, tree) };
  });
}

function checkResult(source: Source, what: 'predicate' | 'function', form: Form, result: { name: string; at: number } | undefined): void {
  if (result === undefined) return;
  if (what === 'predicate') throw source.error(result.at, `found a type after ${describeForm(form)}, expected a predicate or ")"; a predicate has no type`);
  if (result.name !== 'number') throw source.error(result.at, `not supported: functions of type \`${result.name}\`; only \`number\` is`);
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
  throw reading.source.errorAt(layering.rule.position, `\`${layering.rule.name}\` depends on its own negation; rules must be free of such circles`);
}
