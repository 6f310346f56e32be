import type { DerivedRule, Formula } from '../pddl/ast.js';
import { groundTerm, holds } from './evaluate.js';
import { solve, solveFrom, type Binding } from './join.js';
import { liftedQuery } from './query.js';
import type { Query } from './query.js';
import type { Row, Situation } from './situation.js';

/** What keeping one derived fact costs: its memory is what runs out first. */
const STEPS_PER_FACT = 50;

/** One way in which a rule makes its head true. */
export interface Derivation {
  readonly rule: DerivedRule;
  readonly head: readonly string[];
  readonly query: Query;
  /** Atoms over predicates that the same layer derives. */
  readonly recursive: readonly number[];
  /** Whether a test reads such a predicate, so that new rows of atoms do not tell what may have become true. */
  readonly isOpaque: boolean;
}

/** Prepares the rules of one layer: each side of an `or` is a way of its own. */
export function prepareLayer(rules: readonly DerivedRule[]): Derivation[] {
  const own = new Set(rules.map(({ name }) => name));
  return rules.flatMap((rule) =>
    sides(rule.condition).map((side) => {
      const query = liftedQuery(rule.parameters, side);
      return {
        rule,
        head: rule.parameters.map(({ name }) => name),
        query,
        recursive: query.atoms.flatMap((atom, at) => (own.has(atom.predicate) ? [at] : [])),
        isOpaque: query.tests.some(({ formula }) => reads(formula, own)),
      };
    }),
  );
}

/**
 * Adds to a situation all that the layers derive, each to its least fixed point before the next.
 *
 * derive.1 After a layer's first round a rule is joined only with what the round before made new, an atom at a time
 *          (semi-naive), except where a test reads what the layer itself derives.
 * derive.2 What is derived, and in which round, does not depend on how the joins are done.
 */
export function settle(situation: Situation, layers: readonly (readonly Derivation[])[]): void {
  for (const layer of layers) {
    let fresh = new Set<string>();
    for (const derivation of layer) join(situation, derivation, fresh);
    while (fresh.size > 0) {
      const rows = new Map<string, Row[]>();
      for (const fact of fresh) {
        const row = situation.derive(fact);
        const predicate = predicateOf(fact);
        const list = rows.get(predicate);
        if (list) list.push(row);
        else rows.set(predicate, [row]);
      }
      fresh = new Set();
      for (const derivation of layer) joinNew(situation, derivation, rows, fresh);
    }
  }
}

function joinNew(
  situation: Situation,
  derivation: Derivation,
  rows: ReadonlyMap<string, readonly Row[]>,
  fresh: Set<string>,
): void {
  if (derivation.isOpaque) return join(situation, derivation, fresh);
  for (const atom of derivation.recursive) {
    const pivot = rows.get(derivation.query.atoms[atom]!.predicate);
    if (pivot) solveFrom({ atom, rows: pivot }, derivation.query, situation, holds, tell(situation, derivation, fresh));
  }
}

function join(situation: Situation, derivation: Derivation, fresh: Set<string>): void {
  solve(derivation.query, new Map(), situation, holds, tell(situation, derivation, fresh));
}

function tell(situation: Situation, { rule, head }: Derivation, fresh: Set<string>): (binding: Binding) => 'more' {
  return (binding) => {
    const fact = groundTerm(rule.name, head, binding);
    if (situation.has(fact) || fresh.has(fact)) return 'more';
    situation.meter.tick(STEPS_PER_FACT);
    fresh.add(fact);
    return 'more';
  };
}

function predicateOf(fact: string): string {
  const end = fact.indexOf(' ');
  return fact.slice(1, end === -1 ? -1 : end);
}

function reads(formula: Formula, predicates: ReadonlySet<string>): boolean {
  switch (formula.kind) {
    case 'atom':
      return predicates.has(formula.predicate);
    case 'not':
    case 'forall':
    case 'exists':
      return reads(formula.part, predicates);
    case 'and':
    case 'or':
      return formula.parts.some((part) => reads(part, predicates));
    case 'equal':
    case 'compare':
      return false;
  }
}

function sides(formula: Formula): readonly Formula[] {
  return formula.kind === 'or' ? formula.parts.flatMap(sides) : [formula];
}
