import type { WorldState } from '@praxis/core';
import type { Domain, Expression, Metric, Problem } from '../pddl/ast.js';
import { TOTAL_TIME } from '../pddl/read/read-metric.js';
import type { Change } from './effects.js';
import { evaluate, fluentKey } from './evaluate.js';
import { ObjectTable } from './object-table.js';
import { Situation } from './situation.js';

const TIME_KEY = `(${TOTAL_TIME})`;

/** The value by which plans are compared, after so many steps; undefined where it reads a number without value. */
export function metricValue(metric: Metric | null, situation: Situation, steps: number): number | undefined {
  return metric === null ? steps : evaluate(metric.value, new Map(), atTime(situation, steps));
}

/** The metric's value before the first step; 0 where it has none. */
export function firstValue(domain: Domain, problem: Problem, state?: WorldState): number {
  const numbers = state === undefined ? problem.init.numbers : new Map(Object.entries(state.numbers));
  const situation = new Situation(new ObjectTable(domain, problem), new Set(), numbers);
  return metricValue(problem.metric, situation, 0) ?? 0;
}

/** By how much a step raises the metric; 1 where there is no metric, or where its value is not known. */
export function priceOf(metric: Metric | null, before: Situation, change: Change): number {
  return metric === null ? 1 : (new Shift(before, change).of(metric.value) ?? 1);
}

/** A number of the domain's own hides the time. */
function atTime(situation: Situation, steps: number): Situation {
  return new Situation(situation.objects, new Set(), new Map([[TIME_KEY, steps], ...situation.numbers]));
}

/** How much an expression changes in one step; undefined where it has no value. */
class Shift {
  constructor(
    readonly before: Situation,
    readonly change: Change,
  ) {}

  /** Sums what was added, which is exact where the difference of two large values would not be. */
  of(expression: Expression): number | undefined {
    if (expression.kind === 'number') return 0;
    if (expression.kind === 'fluent') return this.#fluent(expression);
    const { op, parts } = expression;
    const shifts = parts.map((part) => this.of(part));
    if (op === '+') return sum(shifts);
    if (op === '-')
      return parts.length === 1 ? negative(shifts[0]) : sum([shifts[0], ...shifts.slice(1).map(negative)]);
    const moving = shifts.flatMap((shift, at) => (shift === 0 ? [] : [at]));
    if (moving.length === 0) return 0;
    const only = moving[0]!;
    if (moving.length > 1 || (op === '/' && only > 0)) return this.#difference(expression);
    const shift: Expression = { kind: 'number', value: shifts[only] ?? Number.NaN };
    return evaluate({ ...expression, parts: parts.with(only, shift) }, new Map(), this.#old());
  }

  #fluent(term: Extract<Expression, { kind: 'fluent' }>): number | undefined {
    const key = fluentKey(term, new Map());
    if (this.change.numbers.has(key)) return this.change.shifts.get(key) ?? this.#difference(term);
    return key === TIME_KEY && !this.before.numbers.has(key) ? 1 : 0;
  }

  #old(): Situation {
    return atTime(this.before, 0);
  }

  #difference(expression: Expression): number | undefined {
    const { objects, numbers } = this.before;
    const after = new Situation(objects, new Set(), new Map([...numbers, ...this.change.numbers]));
    const old = evaluate(expression, new Map(), this.#old());
    const now = evaluate(expression, new Map(), atTime(after, 1));
    return old === undefined || now === undefined ? undefined : now - old;
  }
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((total, value) => (total === undefined || value === undefined ? undefined : total + value), 0);
}

function negative(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value + 0;
}
