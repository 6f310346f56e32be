import type { CaseSplitter, Known } from '../normal/case-splitter.js';
import { ConjunctionBuilder, NO_CONDITION, settleEffects } from '../ground-action.js';
import type { Conjunction, GroundAction, GroundAxiom, GroundEffect } from '../ground-action.js';
import { Unpriceable } from './costs.js';
import type { Demand } from '../normal/definedness.js';
import { allOf, anyOf, literalOf, type GroundFormula } from '../ground-formula.js';

/** Each doubles the number of an action's cases. */
const MOST_CONDITIONAL_COSTS = 8;

/** Splits an action until all its conditions are plain conjunctions. */
export function splitAction(action: GroundAction, splitter: CaseSplitter, known: Known): readonly GroundAction[] {
  const effects = action.effects.flatMap((effect) => splitEffect(effect, splitter, known));
  const result: GroundAction[] = [];
  for (const { condition, cost } of priced(action, splitter)) {
    for (const one of splitter.split(condition, known)) {
      result.push({ ...action, condition: one, cost, conditionalCosts: [], demands: [], effects });
    }
  }
  if (result.some((one) => one.cost < 0)) throw new Unpriceable();
  return result.length > 1 ? result.map((one) => ({ ...one, repeats: true })) : result;
}

/** Whether `splitAction` would leave the action as it is. */
export function isPlain({ condition, conditionalCosts, effects, demands, cost }: GroundAction): boolean {
  return (
    condition.rest.length + conditionalCosts.length + demands.length === 0 &&
    cost >= 0 &&
    effects.every((effect) => effect.condition.rest.length === 0)
  );
}

/** The action without what is known; null where it can never be used or has no effect. */
export function tidyAction(action: GroundAction, known: Known): GroundAction | null {
  const condition = tidyCondition(action.condition, known);
  if (condition === null) return null;
  const needed = new Set(condition.literals);
  const inAction: Known = (literal) => (needed.has(literal) ? true : needed.has(literal ^ 1) ? false : known(literal));
  const effects: GroundEffect[] = [];
  for (const effect of action.effects) {
    const tidied = tidyEffect(effect, inAction, known);
    if (tidied !== null) effects.push(tidied);
  }
  const isSame =
    condition === action.condition &&
    effects.length === action.effects.length &&
    effects.every((effect, i) => effect === action.effects[i]);
  const settled = withoutRepetition(isSame ? action.effects : settleEffects(effects), needed);
  if (isSame && settled === action.effects) return action;
  return settled.length === 0 ? null : { ...action, condition, effects: settled };
}

/** The rule without what is known; null where it can never fire or proves nothing new. */
export function tidyAxiom({ head, condition }: GroundAxiom, known: Known): GroundAxiom | null {
  const body = tidyCondition(condition, known);
  if (body === null || known(literalOf(head, true)) !== null || body.literals.includes(literalOf(head, true)))
    return null;
  return { head, condition: body };
}

function tidyEffect(effect: GroundEffect, inAction: Known, known: Known): GroundEffect | null {
  const when = tidyCondition(effect.condition, inAction);
  if (when === null) return null;
  const isKept = (atom: number, useless: boolean): boolean => known(literalOf(atom, true)) !== useless;
  if (
    when === effect.condition &&
    effect.add.every((atom) => isKept(atom, true)) &&
    effect.del.every((atom) => isKept(atom, false))
  )
    return effect;
  const add = effect.add.filter((atom) => isKept(atom, true));
  const del = effect.del.filter((atom) => isKept(atom, false));
  return { condition: when, add, del, numeric: effect.numeric };
}

function tidyCondition(condition: Conjunction, known: Known): Conjunction | null {
  const { literals, numeric } = condition;
  if (literals.length + numeric.length === 0) return NO_CONDITION;
  const left: number[] = [];
  for (const literal of literals) {
    const truth = known(literal);
    if (truth === false) return null;
    if (truth === null) left.push(literal);
  }
  if (left.length === literals.length) return condition;
  return left.length + numeric.length === 0 ? NO_CONDITION : { literals: left, numeric, rest: [] };
}

/** Leaves out adds of what the action needs and nothing deletes, and deletes of what it needs to be false. */
function withoutRepetition(effects: readonly GroundEffect[], needed: ReadonlySet<number>): readonly GroundEffect[] {
  const [first, ...conditional] = effects;
  if (first === undefined) return [];
  const deletedSometimes = new Set(conditional.flatMap((effect) => effect.del));
  const add = first.add.filter((atom) => !needed.has(literalOf(atom, true)) || deletedSometimes.has(atom));
  const del = first.del.filter((atom) => !needed.has(literalOf(atom, false)));
  if (add.length + del.length + first.numeric.length + conditional.length === 0) return [];
  return add.length === first.add.length && del.length === first.del.length
    ? effects
    : [{ ...first, add, del }, ...conditional];
}

function splitEffect(effect: GroundEffect, splitter: CaseSplitter, known: Known): readonly GroundEffect[] {
  if (effect.condition.rest.length === 0) return [effect];
  if (effect.numeric.length === 0)
    return splitter.split(effect.condition, known).map((condition) => ({ ...effect, condition }));
  // Several cases at once would change the numbers several times.
  const condition = splitter.merge(effect.condition, known);
  return condition === null ? [] : [{ ...effect, condition }];
}

interface Choice {
  readonly parts: readonly GroundFormula[];
  readonly cost: number;
}

/** The action's condition and cost for each choice of which conditional costs are paid. */
function priced(
  action: GroundAction,
  splitter: CaseSplitter,
): readonly { readonly condition: Conjunction; readonly cost: number }[] {
  const { condition, cost, conditionalCosts, demands } = action;
  if (conditionalCosts.length + demands.length === 0) return [{ condition, cost }];
  if (conditionalCosts.length > MOST_CONDITIONAL_COSTS) throw new Unpriceable();
  let choices: readonly Choice[] = [{ parts: demands.map((demand) => satisfied(demand, splitter)), cost }];
  for (const { formula, cost: extra } of conditionalCosts) {
    const unpaid = splitter.untrue(formula);
    choices = choices.flatMap(({ parts, cost }) => [
      { parts: [...parts, formula], cost: cost + extra },
      { parts: [...parts, unpaid], cost },
    ]);
  }
  return choices.flatMap(({ parts, cost }) => {
    const builder = new ConjunctionBuilder();
    builder.conjunction(condition);
    for (const part of parts) builder.formula(part);
    const whole = builder.finish();
    return whole === null ? [] : [{ condition: whole, cost }];
  });
}

/** Where an effect happens, what it reads is defined. */
function satisfied({ where, defined }: Demand, splitter: CaseSplitter): GroundFormula {
  const whole = (defined ?? []).map((condition): GroundFormula => ({ kind: 'compare', condition }));
  return anyOf([splitter.untrue(where), defined === null ? false : allOf(whole)]);
}
