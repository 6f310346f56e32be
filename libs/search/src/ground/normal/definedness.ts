import type { GroundFormula } from '../ground-formula.js';
import { combine, constant } from '../task/numeric.js';
import type { NumericCondition, NumericEffect, NumericExpression } from '../task/task.js';

/** An action can be used only where this formula is not true or all the values are defined; null never are. */
export interface Demand {
  readonly where: GroundFormula;
  readonly defined: readonly NumericCondition[] | null;
}

/** Whether an expression may have no value: it reads a number that starts without one, or divides by what changes. */
export function mayBeUndefined(expression: NumericExpression, initial: readonly number[]): boolean {
  if (expression.kind === 'constant') return false;
  if (expression.kind === 'variable') return Number.isNaN(initial[expression.variable]!);
  if (expression.op === '/' && expression.right.kind !== 'constant') return true;
  return mayBeUndefined(expression.left, initial) || mayBeUndefined(expression.right, initial);
}

/** A condition that holds exactly where the expression has a value: then it is equal to itself. */
export function isDefined(value: NumericExpression): NumericCondition {
  return { op: '=', left: { kind: 'binary', op: '-', left: value, right: value } };
}

/**
 * What must be defined for a change to have a meaning; null where it never has one. `known` are the numbers that the
 * action has given a value before.
 */
export function definedFor(
  { variable, op, value }: NumericEffect,
  initial: readonly number[],
  known: ReadonlySet<number>,
): readonly NumericCondition[] | null {
  const read = op === 'scale-down' ? combine('/', constant(1), value) : value;
  if (read === null) return null;
  const target: NumericExpression = { kind: 'variable', variable };
  const values = op === 'assign' || known.has(variable) ? [read] : [read, target];
  return values.filter((one) => mayBeUndefined(one, initial)).map(isDefined);
}
