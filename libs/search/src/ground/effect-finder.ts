import type { BodyBuilder } from './reach/body-builder.js';
import { casesOf, sortCase, type SortedCase } from './normal/cases.js';
import { bindingsOf, type Evaluator } from './reach/evaluator.js';
import { ConjunctionBuilder, type Conjunction } from './ground-action.js';
import { Join } from './reach/join.js';
import { addSlots, freeSlots, type LiftedAction, type LiftedEffect } from './normal/lifted.js';
import { effectSlots } from './reach/reachability.js';

/** Told of each way in which an effect may happen; the binding holds the effect's slots while it is told. */
export type EffectFound = (condition: Conjunction) => void;

/** Finds the bindings and conditions under which an action's effect happens, given the action's parameters. */
export class EffectFinder {
  readonly #find: (binding: Int32Array, found: EffectFound) => void;

  constructor(action: LiftedAction, effect: LiftedEffect, evaluator: Evaluator, bodies: BodyBuilder) {
    const cases = casesOf(effect.condition);
    // A number must change once for each binding, however many ways there are to satisfy the condition.
    const once = effect.assign.length > 0;
    if (once && (cases.length > 1 || cases.some((one) => one.extra.length > 0))) {
      this.#find = (binding, found) => findWhole(action, effect, evaluator, { binding, found });
      return;
    }
    const finders = cases.map((one) =>
      caseFinder(action, effect, evaluator, { bodies, sorted: sortCase(one, bodies.universe) }),
    );
    this.#find = (binding, found) => {
      for (const finder of finders) finder(binding, found);
    };
  }

  find(binding: Int32Array, found: EffectFound): void {
    this.#find(binding, found);
  }
}

function findWhole(
  action: LiftedAction,
  effect: LiftedEffect,
  evaluator: Evaluator,
  { binding, found }: { readonly binding: Int32Array; readonly found: EffectFound },
): void {
  for (const _ of bindingsOf(effect.slots, binding, action.domains)) {
    evaluator.tick(10);
    const builder = new ConjunctionBuilder();
    builder.formula(evaluator.formula(effect.condition, binding, action.domains));
    const condition = builder.finish();
    if (condition !== null) found(condition);
  }
}

function caseFinder(
  action: LiftedAction,
  effect: LiftedEffect,
  evaluator: Evaluator,
  { bodies, sorted }: { readonly bodies: BodyBuilder; readonly sorted: SortedCase },
): (binding: Int32Array, found: EffectFound) => void {
  const changing = sorted.atoms.filter((atom) => !evaluator.facts.isStatic(atom.predicate));
  const tell = (binding: Int32Array, found: EffectFound): void => {
    const builder = new ConjunctionBuilder();
    for (const atom of changing) builder.formula(evaluator.literal(atom, true, binding));
    for (const formula of sorted.open) builder.formula(evaluator.formula(formula, binding, action.domains));
    const condition = builder.finish();
    if (condition !== null) found(condition);
  };
  const isPlain = effect.slots.length + sorted.extra.length + sorted.atoms.length + sorted.filters.length === 0;
  if (isPlain) return tell;
  const keep = effectSlots(effect);
  for (const slot of effect.assign.length > 0 ? effect.slots : []) keep.add(slot);
  for (const { terms } of changing) addSlots(terms, keep);
  for (const formula of sorted.open) freeSlots(formula, keep);
  const given = new Set(action.parameters);
  const body = bodies.build({ atoms: sorted.atoms, filters: sorted.filters, domains: action.domains, keep, given });
  const join = new Join(body, bodies.tools, { given });
  const isEmpty = effect.slots.some((slot) => action.domains[slot]!.list.length === 0);
  return (binding, found) => {
    if (!isEmpty) join.run(binding, () => tell(binding, found));
  };
}
