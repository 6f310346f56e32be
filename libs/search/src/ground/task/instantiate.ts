import type { Avoidance } from '../normal/avoid.js';
import type { BodyBuilder } from '../reach/body-builder.js';
import type { CostMeasure } from './costs.js';
import { definedFor, isDefined, mayBeUndefined, type Demand } from '../normal/definedness.js';
import { EffectFinder } from '../effect-finder.js';
import { bindingsOf, type Evaluator } from '../reach/evaluator.js';
import { ConjunctionBuilder, formulaOf, NO_CONDITION, settleEffects } from '../ground-action.js';
import type { Conjunction, ConditionalCost, GroundAction, GroundAxiom, GroundEffect } from '../ground-action.js';
import type { GroundFormula } from '../ground-formula.js';
import type { LiftedAction, LiftedAssign, LiftedAtom, LiftedAxiom, LiftedEffect } from '../normal/lifted.js';
import type { ReachedCase } from '../reach/reachability.js';
import type { NumericEffect } from './task.js';
import { atomText } from './text.js';

/** What instantiation needs to know beside the schemas. */
export interface Instantiation {
  readonly evaluator: Evaluator;
  readonly bodies: BodyBuilder;
  readonly avoidance: Avoidance;
  /** What operators cost; null where the metric does not say. */
  readonly measure: CostMeasure | null;
  readonly tick: () => void;
}

/** The ground rules of one case of an axiom. */
export function* instantiateAxiom(
  { schema, sorted, slots, table }: ReachedCase<LiftedAxiom>,
  context: Instantiation,
): Iterable<GroundAxiom> {
  const { evaluator } = context;
  const binding = new Int32Array(schema.domains.length);
  for (let row = 0; row < table.size; row++) {
    context.tick();
    bindRow(binding, slots, table.rows, row);
    const condition = groundCondition(sorted, schema, binding, evaluator).finish();
    const head = evaluator.facts.atom(schema.head.predicate, evaluator.tuple(schema.head.terms, binding));
    if (condition !== null) yield { head, condition };
  }
}

/** The ground actions of one case of an action. */
export function* instantiateAction(reached: ReachedCase<LiftedAction>, context: Instantiation): Iterable<GroundAction> {
  const { schema, slots, table } = reached;
  const binding = new Int32Array(schema.domains.length);
  const finders = schema.effects.map((effect) => new EffectFinder(schema, effect, context.evaluator, context.bodies));
  for (let row = 0; row < table.size; row++) {
    context.tick();
    bindRow(binding, slots, table.rows, row);
    const action = instantiate(reached, binding, finders, context);
    if (action !== null) yield action;
  }
}

function instantiate(
  { schema, sorted, repeats }: ReachedCase<LiftedAction>,
  binding: Int32Array,
  finders: readonly EffectFinder[],
  { evaluator, avoidance, measure }: Instantiation,
): GroundAction | null {
  const { objects } = evaluator.facts.universe;
  const args = schema.parameters.map((slot) => objects[binding[slot]!]!);
  const name = atomText(schema.name, args);
  const builder = groundCondition(sorted, schema, binding, evaluator);
  builder.formula(avoidance.condition(name));
  if (builder.finish() === null) return null;
  const effects = new EffectGatherer(evaluator);
  for (const [i, finder] of finders.entries())
    finder.find(binding, (when) => effects.take(schema.effects[i]!, when, binding));
  const price = priceOf(schema, binding, evaluator, measure);
  const demands = [...effects.demands, ...price.demands];
  for (const { where, defined } of demands) {
    if (where !== true) continue;
    if (defined === null) return null;
    for (const condition of defined) builder.formula({ kind: 'compare', condition });
  }
  const condition = builder.finish();
  if (condition === null) return null;
  return {
    name,
    action: schema.name,
    args,
    condition,
    cost: price.cost,
    conditionalCosts: price.conditional,
    effects: effects.finish(),
    demands: demands.filter(({ where }) => where !== true),
    repeats,
  };
}

function groundCondition(
  sorted: ReachedCase<unknown>['sorted'],
  schema: LiftedAction | LiftedAxiom,
  binding: Int32Array,
  evaluator: Evaluator,
): ConjunctionBuilder {
  const builder = new ConjunctionBuilder();
  for (const atom of sorted.atoms)
    if (!evaluator.facts.isStatic(atom.predicate)) builder.formula(evaluator.literal(atom, true, binding));
  for (const formula of sorted.open) builder.formula(evaluator.formula(formula, binding, schema.domains));
  return builder;
}

function bindRow(binding: Int32Array, slots: readonly number[], rows: Int32Array, row: number): void {
  for (let i = 0; i < slots.length; i++) binding[slots[i]!] = rows[row * slots.length + i]!;
}

/** Gathers the effects of one ground action; those without a condition become its first. */
class EffectGatherer {
  readonly #evaluator: Evaluator;
  readonly #add = new Set<number>();
  readonly #del = new Set<number>();
  readonly #numeric: NumericEffect[] = [];
  readonly #conditional: GroundEffect[] = [];
  /** Numbers that the action has given a value whatever the state. */
  readonly #known = new Set<number>();
  /** What must be defined for the effects to have a meaning. */
  readonly demands: Demand[] = [];

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator;
  }

  take(effect: LiftedEffect, condition: Conjunction, binding: Int32Array): void {
    const add = this.#atoms(effect.add, binding);
    const del = this.#atoms(effect.del, binding);
    const defined = effect.assign.flatMap((assign) => this.#assign(assign, condition, binding) ?? []);
    if (condition === NO_CONDITION) {
      for (const atom of add) this.#add.add(atom);
      for (const atom of del) this.#del.add(atom);
      this.#numeric.push(...defined);
    } else {
      this.#conditional.push({ condition, add, del, numeric: defined });
    }
  }

  finish(): readonly GroundEffect[] {
    const first: GroundEffect = {
      condition: NO_CONDITION,
      add: [...this.#add],
      del: [...this.#del],
      numeric: this.#numeric,
    };
    return settleEffects([first, ...this.#conditional]);
  }

  /** Atoms that can never be true need no delete, and are never added. */
  #atoms(atoms: readonly LiftedAtom[], binding: Int32Array): number[] {
    const ids: number[] = [];
    for (const { predicate, terms } of atoms) {
      const id = this.#evaluator.facts.atom(predicate, this.#evaluator.tuple(terms, binding));
      if (id >= 0) ids.push(id);
    }
    return ids;
  }

  #assign(assign: LiftedAssign, condition: Conjunction, binding: Int32Array): NumericEffect | null {
    const { numbers } = this.#evaluator;
    const change = this.#change(assign, binding);
    const defined = change === null ? null : definedFor(change, numbers.initial, this.#known);
    if (defined === null || defined.length > 0) this.demands.push({ where: formulaOf(condition), defined });
    if (change?.op === 'assign' && condition === NO_CONDITION) this.#known.add(change.variable);
    return defined === null ? null : change;
  }

  /** The change, or null where it builds on a number that is never defined. */
  #change({ op, function: id, terms, value }: LiftedAssign, binding: Int32Array): NumericEffect | null {
    const tuple = this.#evaluator.tuple(terms, binding);
    const { numbers } = this.#evaluator;
    const ground = this.#evaluator.number(value, binding);
    if (ground === null || (op !== 'assign' && numbers.read(id, tuple) === null)) return null;
    return { variable: numbers.variable(id, tuple), op, value: ground };
  }
}

interface Price {
  readonly cost: number;
  readonly conditional: readonly ConditionalCost[];
  readonly demands: readonly Demand[];
}

/** What an action adds to the metric; without a measure it costs 1. */
function priceOf(schema: LiftedAction, binding: Int32Array, evaluator: Evaluator, measure: CostMeasure | null): Price {
  let cost = measure?.step ?? 1;
  const conditional: ConditionalCost[] = [];
  const demands: Demand[] = [];
  for (const effect of schema.effects) {
    if (effect.costs.length === 0) continue;
    for (const _ of bindingsOf(effect.slots, binding, schema.domains)) {
      evaluator.tick(10);
      const where = evaluator.formula(effect.condition, binding, schema.domains);
      if (where === false) continue;
      demands.push(...costDemands(effect, where, binding, evaluator));
      const added = measure === null ? 0 : addedBy(effect, binding, evaluator, measure);
      if (where === true) cost += added;
      else if (added !== 0) conditional.push({ formula: where, cost: added });
    }
  }
  return { cost: cost + 0, conditional, demands };
}

/** What must be defined for the changes of numbers that live in the costs alone. */
function costDemands(
  { costs }: LiftedEffect,
  where: GroundFormula,
  binding: Int32Array,
  evaluator: Evaluator,
): Demand[] {
  const { functions } = evaluator.facts.universe;
  return costs.flatMap(({ function: id, value }): readonly Demand[] => {
    if (functions[id]!.kind !== 'cost') return [];
    const amount = evaluator.number(value, binding);
    if (amount === null) return [{ where, defined: null }];
    return mayBeUndefined(amount, evaluator.numbers.initial) ? [{ where, defined: [isDefined(amount)] }] : [];
  });
}

function addedBy({ costs }: LiftedEffect, binding: Int32Array, evaluator: Evaluator, measure: CostMeasure): number {
  let sum = 0;
  for (const { function: id, terms, op, value } of costs) {
    const weight = measure.weight(id, evaluator.tuple(terms, binding));
    const amount = weight === 0 ? null : evaluator.number(value, binding);
    if (amount?.kind === 'constant') sum += op === 'decrease' ? -weight * amount.value : weight * amount.value;
  }
  return sum;
}
