import type { DerivedRule, Formula } from '../pddl/ast.js';
import { groundTerm, holds } from './evaluate.js';
import { solve } from './join.js';
import { liftedQuery } from './query.js';
import type { Query } from './query.js';
import type { Situation } from './situation.js';

/** One way in which a rule makes its head true. */
export interface Derivation {
  readonly rule: DerivedRule;
  readonly query: Query;
}

/** Prepares the rules of one layer: each side of an `or` is a way of its own. */
export function prepareLayer(rules: readonly DerivedRule[]): Derivation[] {
  return rules.flatMap((rule) => sides(rule.condition).map((side) => ({ rule, query: liftedQuery(rule.parameters, side) })));
}

/** Adds to a situation all that the layers derive, each to its least fixed point before the next. */
export function settle(situation: Situation, layers: readonly (readonly Derivation[])[]): void {
  for (const layer of layers) {
    for (let fresh = round(situation, layer); fresh.size > 0; fresh = round(situation, layer)) {
      for (const fact of fresh) situation.derive(fact);
    }
  }
}

function round(situation: Situation, layer: readonly Derivation[]): Set<string> {
  const fresh = new Set<string>();
  for (const { rule, query } of layer) {
    const head = rule.parameters.map(({ name }) => name);
    solve(query, new Map(), situation, holds, (binding) => {
      const fact = groundTerm(rule.name, head, binding);
      if (!situation.has(fact)) fresh.add(fact);
      return 'more';
    });
  }
  return fresh;
}

function sides(formula: Formula): readonly Formula[] {
  return formula.kind === 'or' ? formula.parts.flatMap(sides) : [formula];
}
