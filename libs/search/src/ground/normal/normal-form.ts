import { PraxisError } from '@praxis/core';

import type { Expression, Formula, TypedName } from '../../pddl/ast.js';
import type { LiftedFormula, LiftedNumber, ObjectSet, Term } from './lifted.js';
import { numberOf, type Universe } from '../reach/universe.js';

/** Names in sight, and the domains of the slots handed out so far (shared by all scopes of one schema). */
export class Scope {
  readonly universe: Universe;
  readonly domains: ObjectSet[];
  readonly #slots: ReadonlyMap<string, number>;

  constructor(universe: Universe, domains: ObjectSet[] = [], slots: ReadonlyMap<string, number> = new Map()) {
    this.universe = universe;
    this.domains = domains;
    this.#slots = slots;
  }

  /** A scope inside this one in which these variables have fresh slots. */
  inner(variables: readonly TypedName[]): { readonly scope: Scope; readonly slots: readonly number[] } {
    const names = new Map(this.#slots);
    const slots = variables.map((variable) => {
      const slot = this.domains.push(this.universe.membersOf(variable.types)) - 1;
      names.set(variable.name, slot);
      return slot;
    });
    return { scope: new Scope(this.universe, this.domains, names), slots };
  }

  term(name: string): Term {
    if (!name.startsWith('?')) return ~numberOf(this.universe.objectIds, name, 'object');
    const slot = this.#slots.get(name);
    if (slot === undefined)
      throw new PraxisError('invalid', `The variable ${name} is not bound; add it to the parameters or a quantifier.`);
    return slot;
  }
}

/** Negation normal form over slots. */
export function normalForm(formula: Formula, scope: Scope, positive = true): LiftedFormula {
  switch (formula.kind) {
    case 'atom': {
      const predicate = numberOf(scope.universe.predicateIds, formula.predicate, 'predicate');
      return { kind: 'literal', predicate, terms: formula.args.map((arg) => scope.term(arg)), positive };
    }
    case 'equal':
      return { kind: 'same', left: scope.term(formula.left), right: scope.term(formula.right), positive };
    case 'compare':
      return {
        kind: 'compare',
        op: formula.op,
        left: liftedNumber(formula.left, scope),
        right: liftedNumber(formula.right, scope),
        positive,
      };
    case 'not':
      return normalForm(formula.part, scope, !positive);
    case 'and':
    case 'or': {
      const kind = (formula.kind === 'and') === positive ? 'and' : 'or';
      return junction(
        kind,
        formula.parts.map((part) => normalForm(part, scope, positive)),
      );
    }
    default: {
      const { scope: inside, slots } = scope.inner(formula.variables);
      const part = normalForm(formula.part, inside, positive);
      return quantified((formula.kind === 'forall') === positive ? 'forall' : 'exists', slots, part, scope.domains);
    }
  }
}

/** Arithmetic over slots; longer sums and products become nested pairs. */
export function liftedNumber(expression: Expression, scope: Scope): LiftedNumber {
  switch (expression.kind) {
    case 'number':
      return { kind: 'number', value: expression.value };
    case 'fluent': {
      const id = numberOf(scope.universe.functionIds, expression.function, 'function');
      return { kind: 'fluent', function: id, terms: expression.args.map((arg) => scope.term(arg)) };
    }
    default: {
      const parts = expression.parts.map((part) => liftedNumber(part, scope));
      if (parts.length === 1 && expression.op === '-') parts.unshift({ kind: 'number', value: 0 });
      return parts.reduce((left, right) => ({ kind: 'binary', op: expression.op, left, right }));
    }
  }
}

function junction(kind: 'and' | 'or', parts: readonly LiftedFormula[]): LiftedFormula {
  const flat: LiftedFormula[] = [];
  for (const part of parts) {
    if (part.kind === kind) flat.push(...part.parts);
    else if (part.kind !== 'constant') flat.push(part);
    else if (part.value !== (kind === 'and')) return part;
  }
  if (flat.length === 1) return flat[0]!;
  return flat.length === 0 ? { kind: 'constant', value: kind === 'and' } : { kind, parts: flat };
}

function quantified(
  kind: 'forall' | 'exists',
  slots: readonly number[],
  part: LiftedFormula,
  domains: readonly ObjectSet[],
): LiftedFormula {
  if (slots.some((slot) => domains[slot]!.list.length === 0)) return { kind: 'constant', value: kind === 'forall' };
  if (slots.length === 0 || part.kind === 'constant') return part;
  return { kind, slots, part };
}
