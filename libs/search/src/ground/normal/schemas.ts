import type { ActionSchema, DerivedRule, Effect } from '../../pddl/ast.js';
import type { LiftedAction, LiftedAssign, LiftedAtom, LiftedAxiom, LiftedEffect, LiftedFormula } from './lifted.js';
import { liftedNumber, normalForm, Scope } from './normal-form.js';
import { numberOf, objectSet, type Universe } from '../reach/universe.js';

/** Brings an action into normal form; its parameters never stand for an object of `without`. */
export function liftAction(action: ActionSchema, universe: Universe, without: ReadonlySet<number>): LiftedAction {
  const { scope, slots } = new Scope(universe).inner(action.parameters);
  if (without.size > 0) {
    for (const slot of slots) {
      const kept = scope.domains[slot]!.list.filter((object) => !without.has(object));
      scope.domains[slot] = objectSet(kept, universe.objects.length);
    }
  }
  const precondition = normalForm(action.precondition, scope);
  const effects = new EffectList();
  effects.walk(action.effect, scope, effects.open([], []));
  return { name: action.name, parameters: slots, domains: scope.domains, precondition, effects: effects.filled() };
}

/** Brings a derived predicate's rule into normal form. */
export function liftAxiom(rule: DerivedRule, universe: Universe): LiftedAxiom {
  const { scope, slots } = new Scope(universe).inner(rule.parameters);
  const head = { predicate: numberOf(universe.predicateIds, rule.name, 'predicate'), terms: slots };
  return { head, domains: scope.domains, condition: normalForm(rule.condition, scope) };
}

interface EffectGroup {
  readonly slots: readonly number[];
  readonly conditions: readonly LiftedFormula[];
  readonly add: LiftedAtom[];
  readonly del: LiftedAtom[];
  readonly assign: LiftedAssign[];
  readonly costs: LiftedAssign[];
}

/** Flattens an effect into one group for each chain of quantifiers and conditions. */
class EffectList {
  readonly #groups: EffectGroup[] = [];

  open(slots: readonly number[], conditions: readonly LiftedFormula[]): EffectGroup {
    const group: EffectGroup = { slots, conditions, add: [], del: [], assign: [], costs: [] };
    this.#groups.push(group);
    return group;
  }

  filled(): readonly LiftedEffect[] {
    return this.#groups
      .filter((g) => g.add.length + g.del.length + g.assign.length + g.costs.length > 0)
      .map(({ conditions, ...group }) => ({ ...group, condition: { kind: 'and', parts: conditions } }));
  }

  walk(effect: Effect, scope: Scope, group: EffectGroup): void {
    switch (effect.kind) {
      case 'add':
      case 'delete':
        (effect.kind === 'add' ? group.add : group.del).push({
          predicate: numberOf(scope.universe.predicateIds, effect.predicate, 'predicate'),
          terms: effect.args.map((arg) => scope.term(arg)),
        });
        break;
      case 'and':
        for (const part of effect.parts) this.walk(part, scope, group);
        break;
      case 'forall': {
        const inner = scope.inner(effect.variables);
        this.walk(effect.part, inner.scope, this.open([...group.slots, ...inner.slots], group.conditions));
        break;
      }
      case 'when':
        this.walk(
          effect.part,
          scope,
          this.open(group.slots, [...group.conditions, normalForm(effect.condition, scope)]),
        );
        break;
      default:
        assign(effect, scope, group);
    }
  }
}

function assign(effect: Effect & { kind: 'assign' }, scope: Scope, group: EffectGroup): void {
  const id = numberOf(scope.universe.functionIds, effect.target.function, 'function');
  const change: LiftedAssign = {
    op: effect.op,
    function: id,
    terms: effect.target.args.map((arg) => scope.term(arg)),
    value: liftedNumber(effect.value, scope),
  };
  const { kind, isMeasured } = scope.universe.functions[id]!;
  if (isMeasured || kind === 'cost') group.costs.push(change);
  if (kind !== 'cost') group.assign.push(change);
}
