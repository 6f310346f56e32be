import type { Domain, Formula, InitialState, Problem, TypedName } from './ast.js';
import { itemOf, nameOf, noMoreThan, symbolOf } from './expect.js';
import type { ListForm } from './form.js';
import { readInit } from './read-init.js';
import { readExpression } from './read-expression.js';
import { readFormula } from './read-formula.js';
import { readDefinition, readRequirements, sectionOf } from './sections.js';
import type { Definition, SectionRules } from './sections.js';
import { Source } from './source.js';
import { TypeTree } from './type-tree.js';
import { readObjects } from './typed-list.js';
import { NO_VARIABLES, vocabularyOf } from './vocabulary.js';
import type { Reading } from './vocabulary.js';

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
  return {
    name: definition.name,
    domain: domain.name,
    objects,
    init: readInitSection(reading, definition),
    goal: readGoal(reading, definition),
    metric: readMetric(reading, sectionOf(definition, ':metric')),
  };
}

function checkDomainName(source: Source, definition: Definition, domain: Domain): void {
  const section = sectionOf(definition, ':domain');
  if (section === undefined) throw source.error(definition.list.end, 'found ")", expected (:domain …)');
  const form = itemOf(source, section, 1, 'the name of the domain');
  const name = nameOf(source, form, 'the name of the domain');
  noMoreThan(source, section, 2);
  if (name !== domain.name) throw source.error(form.at, `this problem is for the domain \`${name}\`, but the domain given is \`${domain.name}\``);
}

/** A constant that is listed again with the same types is left out; with others it is an error. */
function readOwnObjects(source: Source, definition: Definition, domain: Domain): TypedName[] {
  const list = sectionOf(definition, ':objects');
  if (list === undefined) return [];
  const constants = new Map(domain.constants.map(({ name, types }) => [name, types.join(' ')]));
  return readObjects(source, list, new TypeTree(domain.types)).filter(({ name, types }) => {
    const constant = constants.get(name);
    if (constant !== undefined && constant !== types.join(' ')) throw source.error(list.at, `\`${name}\` is a constant of the domain (${constant}) and an object (${types.join(' ')})`);
    return constant === undefined;
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

function readMetric(reading: Reading, list: ListForm | undefined): Problem['metric'] {
  if (list === undefined) return null;
  const { source, words } = reading;
  const { text, at } = symbolOf(source, itemOf(source, list, 1, '"minimize" or "maximize"'), '"minimize" or "maximize"');
  if (text !== 'minimize' && text !== 'maximize') throw source.error(at, `found "${text}", expected "minimize" or "maximize"`);
  const form = itemOf(source, list, 2, 'a number to compare plans by');
  noMoreThan(source, list, 3);
  const word = form.kind === 'symbol' ? form : form.items[0];
  // Without durations the time of a plan is the number of its steps, which is what counts where there is no metric.
  const isTime = word?.kind === 'symbol' && word.text === 'total-time' && !words.functions.has('total-time');
  if (isTime) return null;
  return { direction: text, value: readExpression(reading, form, NO_VARIABLES) };
}
