import type { Expression, Problem } from '../../pddl/ast.js';
import { TOTAL_TIME } from '../../pddl/read/read-metric.js';
import { isFixed } from '../normal/cases.js';
import type { LiftedAction } from '../normal/lifted.js';
import type { NumberBase } from '../reach/number-base.js';
import { numberOf, type Universe } from '../reach/universe.js';

/** What operators cost: by how much each raises the value that is to be minimised. */
export interface CostMeasure {
  /** What every step adds. */
  readonly step: number;
  /** What a number's rise by one adds; 0 where the metric does not read the number. */
  readonly weight: (id: number, tuple: readonly number[]) => number;
}

/** Thrown where an operator's cost would be negative, or depends on the state in too many ways to be split by it. */
export class Unpriceable extends Error {}

const STEPS: CostMeasure = { step: 1, weight: () => 0 };

/**
 * How the metric prices operators; null where it does not, so that the search cannot look for its best value. It does
 * where it is linear and every number that it reads rises by amounts which do not depend on the state.
 */
export function costMeasure(
  { metric }: Problem,
  actions: readonly LiftedAction[],
  universe: Universe,
  numbers: NumberBase,
): CostMeasure | null {
  if (metric === null) return STEPS;
  const form = new LinearReader(universe, numbers).read(metric.value);
  if (form === null) return null;
  const sign = metric.direction === 'minimize' ? 1 : -1;
  const functions = new Set([...form.weights.keys()].map((key) => Number(key.split(' ')[0])));
  const changes = actions.flatMap(({ effects }) => effects.flatMap(({ costs }) => costs));
  const isPriced = changes.every(({ function: id, op, value }) => {
    return !functions.has(id) || ((op === 'increase' || op === 'decrease') && isFixed(value, universe));
  });
  if (!isPriced) return null;
  return { step: sign * form.steps, weight: (id, tuple) => sign * (form.weights.get(keyOf(id, tuple)) ?? 0) };
}

/** `constant + steps · number of steps + Σ weight · number` */
interface LinearForm {
  readonly constant: number;
  readonly steps: number;
  /** By function and objects. */
  readonly weights: ReadonlyMap<string, number>;
}

class LinearReader {
  constructor(
    readonly universe: Universe,
    readonly numbers: NumberBase,
  ) {}

  read(expression: Expression): LinearForm | null {
    if (expression.kind === 'number') return { constant: expression.value, steps: 0, weights: new Map() };
    if (expression.kind === 'fluent') return this.#fluent(expression);
    const parts = expression.parts.map((part) => this.read(part));
    if (!parts.every((part) => part !== null)) return null;
    const [first, ...others] = parts as [LinearForm, ...LinearForm[]];
    if (expression.op === '-' && others.length === 0) return scale(first, -1);
    return others.reduce<LinearForm | null>((left, right) => left && combine(expression.op, left, right), first);
  }

  #fluent(term: Extract<Expression, { kind: 'fluent' }>): LinearForm | null {
    const { functionIds, functions, objectIds } = this.universe;
    const isTime = term.function === TOTAL_TIME && !functionIds.has(TOTAL_TIME);
    if (isTime) return { constant: 0, steps: 1, weights: new Map() };
    const id = numberOf(functionIds, term.function, 'function');
    const tuple = term.args.map((name) => numberOf(objectIds, name, 'object'));
    const first = this.numbers.first(id, tuple);
    if (first === undefined) return null;
    if (functions[id]!.kind === 'static') return { constant: first, steps: 0, weights: new Map() };
    return { constant: first, steps: 0, weights: new Map([[keyOf(id, tuple), 1]]) };
  }
}

function combine(op: '+' | '-' | '*' | '/', left: LinearForm, right: LinearForm): LinearForm | null {
  if (op === '+') return sum(left, right);
  if (op === '-') return sum(left, scale(right, -1));
  if (op === '/') return isConstant(right) && right.constant !== 0 ? scale(left, 1 / right.constant) : null;
  if (isConstant(right)) return scale(left, right.constant);
  return isConstant(left) ? scale(right, left.constant) : null;
}

function isConstant({ steps, weights }: LinearForm): boolean {
  return steps === 0 && weights.size === 0;
}

function sum(left: LinearForm, right: LinearForm): LinearForm {
  const weights = new Map(left.weights);
  for (const [key, weight] of right.weights) weights.set(key, (weights.get(key) ?? 0) + weight);
  return { constant: left.constant + right.constant, steps: left.steps + right.steps, weights };
}

function scale({ constant, steps, weights }: LinearForm, by: number): LinearForm {
  const scaled = new Map([...weights].map(([key, weight]) => [key, weight * by]));
  return { constant: constant * by, steps: steps * by, weights: scaled };
}

function keyOf(id: number, tuple: readonly number[]): string {
  return [id, ...tuple].join(' ');
}
