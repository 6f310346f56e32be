import { freeSlots, type LiftedAtom, type LiftedFormula, type LiftedNumber } from './lifted.js';
import type { Universe } from '../reach/universe.js';

/** More cases than this are not split: the disjunction becomes an auxiliary derived fact instead. */
export const MOST_CASES = 16;

/** One way for a condition to hold: all its parts hold, for some objects in the slots of `extra`. */
export interface LiftedCase {
  readonly extra: readonly number[];
  readonly parts: readonly LiftedFormula[];
}

/** A case by what each part is good for when its bindings are looked up. */
export interface SortedCase {
  readonly extra: readonly number[];
  /** Positive literals: they are joined. */
  readonly atoms: readonly LiftedAtom[];
  /** Conditions whose truth never changes, other than positive literals. */
  readonly filters: readonly LiftedFormula[];
  /** All others: they are settled when the objects are known. */
  readonly open: readonly LiftedFormula[];
}

/** Splits a condition into cases as far as that stays small; what is not split stands whole among a case's parts. */
export function casesOf(formula: LiftedFormula): readonly LiftedCase[] {
  switch (formula.kind) {
    case 'constant':
      return formula.value ? [{ extra: [], parts: [] }] : [];
    case 'and':
      return conjunctionCases(formula.parts);
    case 'or': {
      const cases = formula.parts.flatMap((part) => casesOf(part));
      return cases.length > MOST_CASES ? [{ extra: [], parts: [formula] }] : cases;
    }
    case 'exists': {
      const cases = casesOf(formula.part).map(({ extra, parts }) => ({ extra: [...formula.slots, ...extra], parts }));
      return cases.every(bindsItsSlots) ? cases : [{ extra: [], parts: [formula] }];
    }
    default:
      return [{ extra: [], parts: [formula] }];
  }
}

/** Sorts the parts of a case. */
export function sortCase({ extra, parts }: LiftedCase, universe: Universe): SortedCase {
  const atoms: LiftedAtom[] = [];
  const filters: LiftedFormula[] = [];
  const open: LiftedFormula[] = [];
  for (const part of parts) {
    if (part.kind === 'literal' && part.positive) atoms.push(part);
    else if (isStatic(part, universe)) filters.push(part);
    else open.push(part);
  }
  return { extra, atoms, filters, open };
}

/** Whether an arithmetic value never changes. */
export function isFixed(value: LiftedNumber, universe: Universe): boolean {
  if (value.kind === 'number') return true;
  if (value.kind === 'fluent') return universe.functions[value.function]!.kind === 'static';
  return isFixed(value.left, universe) && isFixed(value.right, universe);
}

function isStatic(formula: LiftedFormula, universe: Universe): boolean {
  switch (formula.kind) {
    case 'constant':
    case 'same':
      return true;
    case 'literal':
      return universe.predicates[formula.predicate]!.kind === 'static';
    case 'compare':
      return isFixed(formula.left, universe) && isFixed(formula.right, universe);
    case 'and':
    case 'or':
      return formula.parts.every((part) => isStatic(part, universe));
    default:
      return isStatic(formula.part, universe);
  }
}

function conjunctionCases(parts: readonly LiftedFormula[]): readonly LiftedCase[] {
  const split = parts.map((part) => ({ part, cases: casesOf(part) })).sort((a, b) => a.cases.length - b.cases.length);
  let result: readonly LiftedCase[] = [{ extra: [], parts: [] }];
  for (const { part, cases } of split) {
    const choices = result.length * cases.length > MOST_CASES ? [{ extra: [], parts: [part] }] : cases;
    result = result.flatMap((one) =>
      choices.map((two) => ({ extra: [...one.extra, ...two.extra], parts: [...one.parts, ...two.parts] })),
    );
  }
  return result;
}

function bindsItsSlots({ extra, parts }: LiftedCase): boolean {
  const bound = new Set<number>();
  for (const part of parts) if (part.kind === 'literal' && part.positive) freeSlots(part, bound);
  return extra.every((slot) => bound.has(slot));
}
