import type { Expression, Formula, TypedName } from '../pddl/ast.js';
import { negateFormula } from '../pddl/negate.js';
import { substitute } from '../pddl/substitute.js';

/** An atom that must be true. */
export type QueryAtom = Extract<Formula, { kind: 'atom' }>;

/** A condition that is tested once the variables it names are bound. */
export interface QueryTest {
  readonly formula: Formula;
  readonly variables: readonly string[];
}

/** A conjunction to be solved for its variables: atoms to join over, and the rest to test. */
export interface Query {
  readonly variables: ReadonlyMap<string, readonly string[]>;
  readonly atoms: readonly QueryAtom[];
  readonly tests: readonly QueryTest[];
}

/** A query whose solutions are each found once. */
export function distinctQuery(variables: readonly TypedName[], formula: Formula): Query {
  return build([...variables], flatten(formula));
}

/** A query which also joins over the variables of `exists`; the same values of `variables` may be found repeatedly. */
export function liftedQuery(variables: readonly TypedName[], formula: Formula): Query {
  const all = [...variables];
  return build(all, lift(formula, all));
}

const searches = new WeakMap<Formula, Query>();

/** What `exists` looks for, or, for `forall`, the values that would refute it. */
export function witnessQuery(formula: Extract<Formula, { kind: 'exists' | 'forall' }>): Query {
  let query = searches.get(formula);
  if (query === undefined) {
    query = liftedQuery(formula.variables, formula.kind === 'exists' ? formula.part : negateFormula(formula.part));
    searches.set(formula, query);
  }
  return query;
}

function build(variables: readonly TypedName[], conjuncts: readonly Formula[]): Query {
  const types = new Map(variables.map(({ name, types }) => [name, types]));
  const rest = conjuncts.filter((part) => part.kind !== 'atom');
  return {
    variables: types,
    atoms: conjuncts.filter((part) => part.kind === 'atom'),
    tests: rest.map((formula) => ({
      formula,
      variables: [...new Set(freeVariables(formula))].filter((name) => types.has(name)),
    })),
  };
}

function flatten(formula: Formula): Formula[] {
  return formula.kind === 'and' ? formula.parts.flatMap(flatten) : [formula];
}

/**
 * Flattens `exists` as well. Its variables get names with a space, which no PDDL text can hold, so none is captured.
 */
function lift(formula: Formula, variables: TypedName[], renaming: ReadonlyMap<string, string> = new Map()): Formula[] {
  if (formula.kind === 'and') return formula.parts.flatMap((part) => lift(part, variables, renaming));
  // Renamed once, at the leaves: a part under many quantifiers is not copied for each of them.
  if (formula.kind !== 'exists') return [renaming.size === 0 ? formula : substitute(formula, renaming)];
  const fresh = formula.variables.map(({ name, types }, index) => ({
    name: `${name} ${variables.length + index}`,
    types,
  }));
  variables.push(...fresh);
  return lift(
    formula.part,
    variables,
    new Map([...renaming, ...formula.variables.map(({ name }, index): [string, string] => [name, fresh[index]!.name])]),
  );
}

function freeVariables(formula: Formula): string[] {
  switch (formula.kind) {
    case 'atom':
      return formula.args.filter(isVariable);
    case 'equal':
      return [formula.left, formula.right].filter(isVariable);
    case 'compare':
      return [...expressionVariables(formula.left), ...expressionVariables(formula.right)];
    case 'not':
      return freeVariables(formula.part);
    case 'and':
    case 'or':
      return formula.parts.flatMap(freeVariables);
    case 'forall':
    case 'exists': {
      const bound = new Set(formula.variables.map(({ name }) => name));
      return freeVariables(formula.part).filter((name) => !bound.has(name));
    }
  }
}

function expressionVariables(expression: Expression): string[] {
  if (expression.kind === 'fluent') return expression.args.filter(isVariable);
  return expression.kind === 'arithmetic' ? expression.parts.flatMap(expressionVariables) : [];
}

function isVariable(term: string): boolean {
  return term.startsWith('?');
}
