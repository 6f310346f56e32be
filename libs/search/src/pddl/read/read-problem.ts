import type { Domain, Formula, InitialState, Problem, TypedName } from '../ast.js';
import { itemOf, nameOf, noMoreThan } from './expect.js';
import { readInit } from './read-init.js';
import { readFormula } from './read-formula.js';
import { readMetric } from './read-metric.js';
import { readDefinition, readRequirements, sectionOf } from './sections.js';
import type { Definition, SectionRules } from './sections.js';
import { Source } from '../source.js';
import { TypeHierarchy } from '../types/type-hierarchy.js';
import { readObjects } from './typed-list.js';
import { NO_VARIABLES, vocabularyOf } from '../types/vocabulary.js';
import type { Reading } from '../types/vocabulary.js';

const SECTIONS: SectionRules = {
  // :length is a hint of PDDL 1 that nothing depends on.
  once: [':domain', ':requirements', ':objects', ':init', ':goal', ':metric', ':length'],
  many: [],
  unsupported: { ':constraints': 'constraints', ':situation': 'named situations' },
};

/** Reads a planning problem of a domain; `name` is what errors call the text. */
export function parseProblem(text: string, domain: Domain, name = 'problem'): Problem {
  const source = new Source(name, text);
  const definition = readDefinition(source, 'problem', SECTIONS);
  checkDomainName(source, definition, domain);
  readRequirements(source, definition);
  const objects = readOwnObjects(source, definition, domain);
  const reading: Reading = { source, words: vocabularyOf(domain, objects) };
  const problem = {
    name: definition.name,
    domain: domain.name,
    objects,
    init: readInitSection(reading, definition),
    goal: readGoal(reading, definition),
    metric: readMetric(reading, sectionOf(definition, ':metric'), domain),
  };
  return source.warnings.length === 0 ? problem : { ...problem, warnings: source.warnings };
}

function checkDomainName(source: Source, definition: Definition, domain: Domain): void {
  const section = sectionOf(definition, ':domain');
  if (section === undefined) throw source.error(definition.list.end, 'found ")", expected (:domain …)');
  const form = itemOf(source, section, 1, 'the name of the domain');
  const name = nameOf(source, form, 'the name of the domain');
  noMoreThan(source, section, 2);
  if (name !== domain.name)
    throw source.error(
      form.at,
      `this problem is for the domain \`${name}\`, but the domain given is \`${domain.name}\``,
    );
}

/** A constant that is listed again is left out, unless the problem gives it further types; then it has them all. */
function readOwnObjects(source: Source, definition: Definition, domain: Domain): TypedName[] {
  const list = sectionOf(definition, ':objects');
  if (list === undefined) return [];
  const hierarchy = new TypeHierarchy(domain.types);
  const constants = new Map(domain.constants.map(({ name, types }) => [name, types]));
  return readObjects(source, list, hierarchy).flatMap(({ name, types, at }) => {
    const constant = constants.get(name);
    if (constant === undefined) return [{ name, types }];
    const all = hierarchy.narrowest([...constant, ...types]);
    if (all.every((type) => hierarchy.isWithin(constant, [type]))) return [];
    source.warn(
      at,
      `\`${name}\` is a constant of the domain (${constant.join(' or ')}); it is of type ${all.join(' and ')} here`,
    );
    return [{ name, types: all }];
  });
}

function readInitSection(reading: Reading, definition: Definition): InitialState {
  const list = sectionOf(definition, ':init');
  return list === undefined ? { atoms: [], numbers: new Map() } : readInit(reading, list);
}

function readGoal(reading: Reading, definition: Definition): Formula {
  const list = sectionOf(definition, ':goal');
  if (list === undefined) throw reading.source.error(definition.list.end, 'found ")", expected (:goal …)');
  noMoreThan(reading.source, list, 2);
  return readFormula(reading, itemOf(reading.source, list, 1, '"(" and a condition'), NO_VARIABLES);
}
