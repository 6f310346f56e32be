import type { NumericCondition, NumericEffect, NumericExpression } from '../../ground/task/task.js';

/**
 * The value of an expression where the variables have these values; NaN where it reads one without value, divides by
 * zero or grows too large.
 */
export function evaluate(expression: NumericExpression, values: Float64Array): number {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'variable':
      return values[expression.variable]!;
    case 'binary':
      return combine(expression.op, evaluate(expression.left, values), evaluate(expression.right, values));
  }
}

/** Whether a numeric condition holds; never where its value is undefined. */
export function holds(condition: NumericCondition, values: Float64Array): boolean {
  const left = evaluate(condition.left, values);
  switch (condition.op) {
    case '<':
      return left < 0;
    case '<=':
      return left <= 0;
    case '=':
      return left === 0;
    case '>=':
      return left >= 0;
    case '>':
      return left > 0;
  }
}

/** Whether all of them hold. */
export function allHold(conditions: readonly NumericCondition[], values: Float64Array): boolean {
  for (const condition of conditions) if (!holds(condition, values)) return false;
  return true;
}

/** The variable's value after an effect, given its value now and the effect's own value. */
export function afterEffect(op: NumericEffect['op'], now: number, value: number): number {
  switch (op) {
    case 'assign':
      return value + 0;
    case 'increase':
      return now + value + 0;
    case 'decrease':
      return now - value + 0;
    case 'scale-up':
      return now * value + 0;
    case 'scale-down':
      return now / value + 0;
  }
}

/** `constant + Σ coefficient · variable`. */
export interface LinearForm {
  readonly constant: number;
  readonly terms: ReadonlyMap<number, number>;
}

/** The linear form of an expression, or null where it multiplies or divides by variables. */
export function linearForm(expression: NumericExpression): LinearForm | null {
  switch (expression.kind) {
    case 'constant':
      return { constant: expression.value, terms: new Map() };
    case 'variable':
      return { constant: 0, terms: new Map([[expression.variable, 1]]) };
    case 'binary': {
      const left = linearForm(expression.left);
      const right = linearForm(expression.right);
      return left === null || right === null ? null : linearCombination(expression.op, left, right);
    }
  }
}

/** The variables an expression reads. */
export function variablesOf(expression: NumericExpression, into: Set<number> = new Set()): Set<number> {
  if (expression.kind === 'variable') into.add(expression.variable);
  if (expression.kind === 'binary') {
    variablesOf(expression.left, into);
    variablesOf(expression.right, into);
  }
  return into;
}

function linearCombination(op: '+' | '-' | '*' | '/', left: LinearForm, right: LinearForm): LinearForm | null {
  if (op === '+') return sum(left, right, 1);
  if (op === '-') return sum(left, right, -1);
  if (op === '/') return right.terms.size === 0 && right.constant !== 0 ? scale(left, 1 / right.constant) : null;
  if (right.terms.size === 0) return scale(left, right.constant);
  return left.terms.size === 0 ? scale(right, left.constant) : null;
}

function sum(left: LinearForm, right: LinearForm, sign: number): LinearForm {
  const terms = new Map(left.terms);
  for (const [variable, coefficient] of right.terms)
    terms.set(variable, (terms.get(variable) ?? 0) + sign * coefficient);
  return { constant: left.constant + sign * right.constant, terms };
}

function scale(form: LinearForm, factor: number): LinearForm {
  return { constant: form.constant * factor, terms: new Map([...form.terms].map(([v, c]) => [v, c * factor])) };
}

function combine(op: '+' | '-' | '*' | '/', left: number, right: number): number {
  const value = arithmetic(op, left, right);
  return Number.isFinite(value) ? value : Number.NaN;
}

function arithmetic(op: '+' | '-' | '*' | '/', left: number, right: number): number {
  if (op === '+') return left + right;
  if (op === '-') return left - right;
  return op === '*' ? left * right : left / right;
}
