import { PraxisError } from '@praxis/core';
import type { Domain, Formula, Problem, TypedName } from '../pddl/ast.js';
import { TypeHierarchy } from '../pddl/types/type-hierarchy.js';

/** How large a caller's problem may be. */
export interface ProblemLimits {
  /** Characters of domain and problem together. */
  readonly text: number;
  /** Objects, constants included. */
  readonly objects: number;
  /** Arguments of a predicate or function. */
  readonly arity: number;
  /** Parameters of an action or rule. */
  readonly parameters: number;
  /** Derived rules, and actions. */
  readonly rules: number;
  readonly actions: number;
  /** Ways to choose objects for those parameters of a rule which no fact of its condition binds. */
  readonly choices: number;
}

/** Fails with `invalid` and the name of the first limit that a problem passes. */
export function refuseLarge(domain: Domain, problem: Problem, limits: ProblemLimits): void {
  const objects = [...domain.constants, ...problem.objects];
  const check = (limit: keyof ProblemLimits, found: number, what: string): void => {
    if (found > limits[limit]) throw tooLarge(limit, found, limits[limit], what);
  };
  check('objects', objects.length, 'objects');
  check('rules', domain.derived.length, 'derived rules');
  check('actions', domain.actions.length, 'actions');
  for (const { name, parameters } of [...domain.predicates, ...domain.functions])
    check('arity', parameters.length, `arguments of \`${name}\``);
  for (const { name, parameters } of [...domain.actions, ...domain.derived])
    check('parameters', parameters.length, `parameters of \`${name}\``);
  const count = counter(objects, new TypeHierarchy(domain.types));
  for (const { name, parameters, condition } of domain.derived) {
    const bound = boundBy(condition);
    const choices = parameters.filter((p) => !bound.has(p.name)).reduce((product, p) => product * count(p.types), 1);
    check('choices', choices, `choices of objects for the rule \`${name}\`, whose condition names no fact about them`);
  }
}

/** The refusal of what passes a limit. */
export function tooLarge(limit: keyof ProblemLimits, found: number, most: number, what: string): PraxisError {
  return new PraxisError(
    'invalid',
    `The problem is too large (limit "${limit}"): ${found} ${what}, at most ${most} are taken. Divide it, or say it with fewer.`,
    { details: { limit, found, most } },
  );
}

function counter(objects: readonly TypedName[], types: TypeHierarchy): (wanted: readonly string[]) => number {
  const known = new Map<string, number>();
  return (wanted) => {
    const key = wanted.join(' ');
    let count = known.get(key);
    if (count === undefined) known.set(key, (count = objects.filter((o) => types.isWithin(o.types, wanted)).length));
    return count;
  };
}

/** Variables that every way to satisfy a condition binds by a fact. */
function boundBy(formula: Formula): ReadonlySet<string> {
  switch (formula.kind) {
    case 'atom':
      return new Set(formula.args.filter((term) => term.startsWith('?')));
    case 'and':
      return new Set(formula.parts.flatMap((part) => [...boundBy(part)]));
    case 'or': {
      const [first, ...rest] = formula.parts.map(boundBy);
      return new Set([...(first ?? [])].filter((name) => rest.every((other) => other.has(name))));
    }
    case 'exists': {
      const inner = boundBy(formula.part);
      return new Set([...inner].filter((name) => formula.variables.every((v) => v.name !== name)));
    }
    default:
      return new Set();
  }
}
