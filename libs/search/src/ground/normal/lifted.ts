import type { Comparison } from '../../pddl/ast.js';

/** A set of objects by number, in ascending order, with a quick membership test. */
export interface ObjectSet {
  readonly list: readonly number[];
  readonly has: Uint8Array;
}

/** A variable's slot (0, 1, …), or an object as the complement of its number (-1, -2, …): `~object`. */
export type Term = number;

/** A predicate applied to terms. */
export interface LiftedAtom {
  readonly predicate: number;
  readonly terms: readonly Term[];
}

/** Arithmetic over functions applied to terms. */
export type LiftedNumber =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'fluent'; readonly function: number; readonly terms: readonly Term[] }
  | {
      readonly kind: 'binary';
      readonly op: '+' | '-' | '*' | '/';
      readonly left: LiftedNumber;
      readonly right: LiftedNumber;
    };

/** A condition without variables' names, negation only at the leaves; every quantifier has slots of its own. */
export type LiftedFormula =
  | { readonly kind: 'constant'; readonly value: boolean }
  | ({ readonly kind: 'literal'; readonly positive: boolean } & LiftedAtom)
  | { readonly kind: 'same'; readonly left: Term; readonly right: Term; readonly positive: boolean }
  | {
      readonly kind: 'compare';
      readonly op: Comparison;
      readonly left: LiftedNumber;
      readonly right: LiftedNumber;
      readonly positive: boolean;
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly LiftedFormula[] }
  | { readonly kind: 'forall' | 'exists'; readonly slots: readonly number[]; readonly part: LiftedFormula };

/** A change of one numeric fluent. */
export interface LiftedAssign {
  readonly op: 'assign' | 'increase' | 'decrease' | 'scale-up' | 'scale-down';
  readonly function: number;
  readonly terms: readonly Term[];
  readonly value: LiftedNumber;
}

/** What an action does where a condition holds, once for every binding of `slots`. */
export interface LiftedEffect {
  readonly slots: readonly number[];
  readonly condition: LiftedFormula;
  readonly add: readonly LiftedAtom[];
  readonly del: readonly LiftedAtom[];
  readonly assign: readonly LiftedAssign[];
  /** Changes of numbers that the metric reads; those of `assign` are among them. */
  readonly costs: readonly LiftedAssign[];
}

/** An action over slots; `parameters` are the first of them. */
export interface LiftedAction {
  readonly name: string;
  readonly parameters: readonly number[];
  /** The objects each slot may stand for. */
  readonly domains: readonly ObjectSet[];
  readonly precondition: LiftedFormula;
  readonly effects: readonly LiftedEffect[];
}

/** A derived predicate's rule over slots. */
export interface LiftedAxiom {
  readonly head: LiftedAtom;
  readonly domains: readonly ObjectSet[];
  readonly condition: LiftedFormula;
}

const OPPOSITE: Readonly<Record<Exclude<Comparison, '='>, Comparison>> = { '<': '>=', '<=': '>', '>=': '<', '>': '<=' };

/** The comparisons of which one holds exactly where this one does not. */
export function oppositeComparisons(op: Comparison): readonly Comparison[] {
  return op === '=' ? ['<', '>'] : [OPPOSITE[op]];
}

/** The free slots of a formula, in order of first appearance. */
export function freeSlots(formula: LiftedFormula, into: Set<number> = new Set()): Set<number> {
  switch (formula.kind) {
    case 'constant':
      break;
    case 'literal':
      addSlots(formula.terms, into);
      break;
    case 'same':
      addSlots([formula.left, formula.right], into);
      break;
    case 'compare':
      numberSlots(formula.left, into);
      numberSlots(formula.right, into);
      break;
    case 'and':
    case 'or':
      for (const part of formula.parts) freeSlots(part, into);
      break;
    default:
      for (const slot of freeSlots(formula.part)) if (!formula.slots.includes(slot)) into.add(slot);
  }
  return into;
}

/** Adds the slots among these terms. */
export function addSlots(terms: readonly Term[], into: Set<number>): void {
  for (const term of terms) if (term >= 0) into.add(term);
}

/** Adds the slots of an arithmetic expression. */
export function numberSlots(value: LiftedNumber, into: Set<number>): void {
  if (value.kind === 'fluent') addSlots(value.terms, into);
  if (value.kind === 'binary') {
    numberSlots(value.left, into);
    numberSlots(value.right, into);
  }
}
