import type { Avoidance } from './avoid.js';
import type { BodyBuilder } from './body-builder.js';
import { EffectFinder } from './effect-finder.js';
import { bindingsOf, type Evaluator } from './evaluator.js';
import { ConjunctionBuilder, formulaOf, NO_CONDITION, settleEffects } from './ground-action.js';
import type { Conjunction, ConditionalCost, GroundAction, GroundAxiom, GroundEffect } from './ground-action.js';
import { negation, type GroundFormula } from './ground-formula.js';
import type { LiftedAction, LiftedAssign, LiftedAtom, LiftedAxiom, LiftedEffect, LiftedNumber } from './lifted.js';
import type { ReachedCase } from './reachability.js';
import type { NumericEffect } from './task.js';
import { atomText } from './text.js';

/** What instantiation needs to know beside the schemas. */
export interface Instantiation {
  readonly evaluator: Evaluator;
  readonly bodies: BodyBuilder;
  readonly avoidance: Avoidance;
  /** Whether operators cost what they add to the total cost. */
  readonly countsCost: boolean;
  readonly tick: () => void;
}

/** The ground rules of one case of an axiom. */
export function* instantiateAxiom({ schema, sorted, slots, table }: ReachedCase<LiftedAxiom>, context: Instantiation): Iterable<GroundAxiom> {
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
  { evaluator, avoidance, countsCost }: Instantiation,
): GroundAction | null {
  const { objects } = evaluator.facts.universe;
  const args = schema.parameters.map((slot) => objects[binding[slot]!]!);
  const name = atomText(schema.name, args);
  const builder = groundCondition(sorted, schema, binding, evaluator);
  builder.formula(avoidance.condition(name));
  if (builder.finish() === null) return null;
  const effects = new EffectGatherer(evaluator);
  for (const [i, finder] of finders.entries()) finder.find(binding, (when) => effects.take(schema.effects[i]!, when, binding));
  const price = countsCost ? costOf(schema, binding, evaluator) : UNIT_COST;
  for (const undefinedWhere of [...effects.undefinedWhere, ...price.undefinedWhere]) builder.formula(negation(undefinedWhere));
  const condition = builder.finish();
  if (condition === null) return null;
  return { name, action: schema.name, args, condition, cost: price.cost, conditionalCosts: price.conditional, effects: effects.finish(), repeats };
}

function groundCondition(
  sorted: ReachedCase<unknown>['sorted'],
  schema: LiftedAction | LiftedAxiom,
  binding: Int32Array,
  evaluator: Evaluator,
): ConjunctionBuilder {
  const builder = new ConjunctionBuilder();
  for (const atom of sorted.atoms) if (!evaluator.facts.isStatic(atom.predicate)) builder.formula(evaluator.literal(atom, true, binding));
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
  /** Where an effect reads a number that is never defined; the action cannot be used there. */
  readonly undefinedWhere: GroundFormula[] = [];

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator;
  }

  take(effect: LiftedEffect, condition: Conjunction, binding: Int32Array): void {
    const add = this.#atoms(effect.add, binding);
    const del = this.#atoms(effect.del, binding);
    const numeric = effect.assign.map((assign) => this.#assign(assign, binding));
    const defined = numeric.filter((change) => change !== null);
    if (defined.length < numeric.length) this.undefinedWhere.push(formulaOf(condition));
    if (condition === NO_CONDITION) {
      for (const atom of add) this.#add.add(atom);
      for (const atom of del) this.#del.add(atom);
      this.#numeric.push(...defined);
    } else {
      this.#conditional.push({ condition, add, del, numeric: defined });
    }
  }

  finish(): readonly GroundEffect[] {
    const first: GroundEffect = { condition: NO_CONDITION, add: [...this.#add], del: [...this.#del], numeric: this.#numeric };
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

  #assign({ op, function: id, terms, value }: LiftedAssign, binding: Int32Array): NumericEffect | null {
    const ground = this.#evaluator.number(value, binding);
    if (ground === null) return null;
    return { variable: this.#evaluator.numbers.variable(id, this.#evaluator.tuple(terms, binding)), op, value: ground };
  }
}

interface Price {
  readonly cost: number;
  readonly conditional: readonly ConditionalCost[];
  readonly undefinedWhere: readonly GroundFormula[];
}

const UNIT_COST: Price = { cost: 1, conditional: [], undefinedWhere: [] };

function costOf(schema: LiftedAction, binding: Int32Array, evaluator: Evaluator): Price {
  let cost = 0;
  const conditional: ConditionalCost[] = [];
  const undefinedWhere: GroundFormula[] = [];
  for (const effect of schema.effects) {
    if (effect.costs.length === 0) continue;
    for (const _ of bindingsOf(effect.slots, binding, schema.domains)) {
      evaluator.tick(10);
      const formula = evaluator.formula(effect.condition, binding, schema.domains);
      const amount = fixedSum(effect.costs, evaluator, binding);
      if (amount === null) undefinedWhere.push(formula);
      else if (formula === true) cost += amount;
      else if (formula !== false && amount !== 0) conditional.push({ formula, cost: amount });
    }
  }
  return { cost, conditional, undefinedWhere };
}

function fixedSum(values: readonly LiftedNumber[], evaluator: Evaluator, binding: Int32Array): number | null {
  let sum = 0;
  for (const value of values) {
    const ground = evaluator.number(value, binding);
    if (ground?.kind !== 'constant') return null;
    sum += ground.value;
  }
  return sum;
}
