import { allOf, type GroundFormula, type GroundLiteral } from './ground-formula.js';
import type { Demand } from './normal/definedness.js';
import type { NumericCondition, NumericEffect } from './task/task.js';

/** A conjunction; `rest` holds the parts that are not literals or comparisons yet. */
export interface Conjunction {
  readonly literals: readonly GroundLiteral[];
  readonly numeric: readonly NumericCondition[];
  readonly rest: readonly GroundFormula[];
}

/** What happens where the condition holds; atoms by number. */
export interface GroundEffect {
  readonly condition: Conjunction;
  readonly add: readonly number[];
  readonly del: readonly number[];
  readonly numeric: readonly NumericEffect[];
}

/** A cost that is paid only where a formula holds. */
export interface ConditionalCost {
  readonly formula: GroundFormula;
  readonly cost: number;
}

/** A ground action before its disjunctions are split; the first effect has no condition. */
export interface GroundAction {
  readonly name: string;
  readonly action: string;
  readonly args: readonly string[];
  readonly condition: Conjunction;
  readonly cost: number;
  readonly conditionalCosts: readonly ConditionalCost[];
  readonly effects: readonly GroundEffect[];
  /** What must be defined for its effects to have a meaning, beyond its condition. */
  readonly demands: readonly Demand[];
  /** Whether another ground action may have the same name. */
  readonly repeats: boolean;
}

/** A ground rule: the head atom is true where the condition holds. */
export interface GroundAxiom {
  readonly head: number;
  readonly condition: Conjunction;
}

const NONE: readonly never[] = [];

/** The condition that always holds. */
export const NO_CONDITION: Conjunction = { literals: NONE, numeric: NONE, rest: NONE };

/** A conjunction as a formula. */
export function formulaOf({ literals, numeric, rest }: Conjunction): GroundFormula {
  return allOf([
    ...literals.map((literal): GroundFormula => ({ kind: 'literal', literal })),
    ...numeric.map((condition): GroundFormula => ({ kind: 'compare', condition })),
    ...rest,
  ]);
}

/**
 * Merges effects without a condition into the first and leaves out what has no consequence: an atom that is both added
 * and deleted is true afterwards (task.3), so that its delete, and other adds of it, can be left out.
 */
export function settleEffects(effects: readonly GroundEffect[]): readonly GroundEffect[] {
  if (effects.length === 1 && !effects[0]!.del.some((atom) => effects[0]!.add.includes(atom))) return effects;
  const always = effects.filter((effect) => effect.condition === NO_CONDITION);
  const add = always.length === 1 ? always[0]!.add : [...new Set(always.flatMap((effect) => effect.add))];
  const del = new Set(always.flatMap((effect) => effect.del));
  for (const atom of add) del.delete(atom);
  const numeric = always.flatMap((effect) => effect.numeric);
  const settled: GroundEffect[] = [
    { condition: NO_CONDITION, add, del: [...del], numeric: numeric.length === 0 ? NONE : numeric },
  ];
  if (always.length === effects.length) return settled;
  const added = new Set(add);
  for (const effect of effects) {
    if (effect.condition === NO_CONDITION) continue;
    const more = effect.add.filter((atom) => !added.has(atom));
    const less = effect.del.filter((atom) => !added.has(atom) && !effect.add.includes(atom));
    if (more.length + less.length + effect.numeric.length > 0) settled.push({ ...effect, add: more, del: less });
  }
  return settled;
}

/** Gathers a conjunction part by part. */
export class ConjunctionBuilder {
  readonly #literals = new Set<GroundLiteral>();
  readonly #numeric: NumericCondition[] = [];
  readonly #rest: GroundFormula[] = [];
  #possible = true;

  literal(literal: GroundLiteral): void {
    if (this.#literals.has(literal ^ 1)) this.#possible = false;
    this.#literals.add(literal);
  }

  formula(formula: GroundFormula): void {
    if (typeof formula === 'boolean') this.#possible &&= formula;
    else if (formula.kind === 'literal') this.literal(formula.literal);
    else if (formula.kind === 'compare') this.#numeric.push(formula.condition);
    else if (formula.kind === 'and') for (const part of formula.parts) this.formula(part);
    else this.#rest.push(formula);
  }

  conjunction(condition: Conjunction): void {
    for (const literal of condition.literals) this.literal(literal);
    this.#numeric.push(...condition.numeric);
    for (const part of condition.rest) this.formula(part);
  }

  /** The conjunction, or null where it can never hold. */
  finish(): Conjunction | null {
    if (!this.#possible) return null;
    if (this.#literals.size + this.#numeric.length + this.#rest.length === 0) return NO_CONDITION;
    return {
      literals: [...this.#literals],
      numeric: this.#numeric.length === 0 ? NONE : this.#numeric,
      rest: this.#rest.length === 0 ? NONE : this.#rest,
    };
  }
}
