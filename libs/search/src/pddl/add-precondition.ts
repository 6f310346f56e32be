import { PraxisError } from '@praxis/core';
import type { AddedPrecondition } from '../request.js';
import type { ActionSchema, Domain, Formula } from './ast.js';
import { readOneList } from './read/form.js';
import { suggestion } from './types/nearest.js';
import { printFormula, printTyped } from './print.js';
import { readFormula } from './read/read-formula.js';
import { Source } from './source.js';
import { substitute } from './substitute.js';
import { NO_VARIABLES, vocabularyOf, withVariables } from './types/vocabulary.js';

/** The domain with one more literal in the precondition of one action; the same domain where it is there already. */
export function addPrecondition(domain: Domain, guard: AddedPrecondition): Domain {
  const wanted = guard.action.toLowerCase();
  const action = domain.actions.find(({ name }) => name === wanted);
  if (action === undefined)
    throw validationError(
      `there is no action \`${wanted}\`${suggestion(
        wanted,
        domain.actions.map(({ name }) => name),
      )}`,
    );
  const literal = readGuard(domain, action, guard);
  const conjuncts = action.precondition.kind === 'and' ? action.precondition.parts : [action.precondition];
  if (conjuncts.some((part) => printFormula(part) === printFormula(literal))) return domain;
  const changed: ActionSchema = { ...action, precondition: { kind: 'and', parts: [...conjuncts, literal] } };
  return { ...domain, actions: domain.actions.map((each) => (each === action ? changed : each)) };
}

/** The guard's literal in the names of the action's own parameters. */
function readGuard(domain: Domain, action: ActionSchema, guard: AddedPrecondition): Formula {
  const names = guard.parameters.map((name) => name.toLowerCase());
  if (names.length !== action.parameters.length) {
    throw validationError(
      `\`${action.name}\` has ${action.parameters.length} parameters (${printTyped(action.parameters)}), the guard names ${names.length}`,
    );
  }
  if (new Set(names).size < names.length) throw validationError(`it names a parameter twice (${names.join(' ')})`);
  const bad = names.find((name) => !name.startsWith('?') || name.length === 1);
  if (bad !== undefined) throw validationError(`\`${bad}\` is no variable; write it as ?x`);
  const source = new Source('guard', guard.requires);
  const form = readOneList(source, 'a literal such as (open ?d)');
  const scope = withVariables(
    NO_VARIABLES,
    action.parameters.map(({ types }, index) => ({ name: names[index]!, types })),
  );
  const formula = readFormula({ source, words: vocabularyOf(domain, []) }, form, scope);
  const atom = formula.kind === 'not' ? formula.part : formula;
  if (atom.kind !== 'atom' && atom.kind !== 'equal')
    throw source.error(form.at, 'expected one literal such as (open ?d) or (not (locked ?d))');
  return substitute(formula, new Map(action.parameters.map(({ name }, index) => [names[index]!, name])));
}

function validationError(why: string): PraxisError {
  return new PraxisError('invalid', `The guard does not fit the domain: ${why}.`);
}
