import type { DerivedRule, Formula } from '../ast.js';

/** Rules in the order in which they can be computed, or the rule that leads through a negation back to itself. */
export type Layering =
  | { readonly kind: 'layers'; readonly layers: readonly (readonly DerivedRule[])[] }
  | { readonly kind: 'circle'; readonly rule: DerivedRule };

/**
 * Sorts rules into layers: a rule needs, positively, only its own and lower layers and, negatively, only lower ones.
 */
export function layerRules(rules: readonly DerivedRule[]): Layering {
  const level = new Map(rules.map((rule) => [rule.name, 0]));
  const needs = rules.map((rule) => ({
    rule,
    needed: [...neededBy(rule.condition, false)].filter(({ name }) => level.has(name)),
  }));
  for (let changed = true; changed;) {
    changed = false;
    for (const { rule, needed } of needs) {
      const least = Math.max(0, ...needed.map(({ name, negated }) => level.get(name)! + (negated ? 1 : 0)));
      if (least <= level.get(rule.name)!) continue;
      // With as many layers as predicates and one to spare, some predicate must stand above itself.
      if (least > level.size) return { kind: 'circle', rule };
      level.set(rule.name, least);
      changed = true;
    }
  }
  const used = [...new Set(rules.map((rule) => level.get(rule.name)!))].sort((a, b) => a - b);
  return { kind: 'layers', layers: used.map((at) => rules.filter((rule) => level.get(rule.name) === at)) };
}

function* neededBy(formula: Formula, negated: boolean): Generator<{ name: string; negated: boolean }> {
  switch (formula.kind) {
    case 'atom':
      yield { name: formula.predicate, negated };
      break;
    case 'not':
      yield* neededBy(formula.part, !negated);
      break;
    case 'and':
    case 'or':
      for (const part of formula.parts) yield* neededBy(part, negated);
      break;
    case 'forall':
    case 'exists':
      yield* neededBy(formula.part, negated);
      break;
    default:
  }
}
