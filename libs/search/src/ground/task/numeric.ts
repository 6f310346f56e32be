import type { Comparison } from '../../pddl/ast.js';
import type { NumericCondition, NumericExpression } from './task.js';

/** What grounding makes of an arithmetic value: null where it reads a number that is never defined. */
export type GroundNumber = NumericExpression | null;

/** The constant expression. */
export function constant(value: number): NumericExpression {
  return { kind: 'constant', value };
}

/** Joins two values, computing what is known. */
export function combine(op: '+' | '-' | '*' | '/', left: GroundNumber, right: GroundNumber): GroundNumber {
  if (left === null || right === null) return null;
  if (op === '/' && right.kind === 'constant' && right.value === 0) return null;
  if (left.kind !== 'constant' || right.kind !== 'constant') return { kind: 'binary', op, left, right };
  const value = compute(op, left.value, right.value);
  return Number.isFinite(value) ? constant(value) : null;
}

/** `left op right` as a truth value or a condition of the task; null where a value is never defined. */
export function compare(op: Comparison, left: GroundNumber, right: GroundNumber): boolean | NumericCondition | null {
  if (left === null || right === null) return null;
  if (left.kind === 'constant' && right.kind === 'constant') return holdsForZero(op, left.value - right.value);
  if (right.kind === 'constant' && right.value === 0) return { op, left };
  return { op, left: { kind: 'binary', op: '-', left, right } };
}

/** Adds the variables an expression reads. */
export function readVariables(expression: NumericExpression, into: Set<number>): void {
  if (expression.kind === 'variable') into.add(expression.variable);
  if (expression.kind === 'binary') {
    readVariables(expression.left, into);
    readVariables(expression.right, into);
  }
}

/** The same expression with its variables renumbered. */
export function renumber(expression: NumericExpression, numbers: ReadonlyMap<number, number>): NumericExpression {
  switch (expression.kind) {
    case 'constant':
      return expression;
    case 'variable':
      return { kind: 'variable', variable: numbers.get(expression.variable)! };
    default:
      return {
        kind: 'binary',
        op: expression.op,
        left: renumber(expression.left, numbers),
        right: renumber(expression.right, numbers),
      };
  }
}

function compute(op: '+' | '-' | '*' | '/', left: number, right: number): number {
  if (op === '+') return left + right;
  if (op === '-') return left - right;
  return op === '*' ? left * right : left / right;
}

function holdsForZero(op: Comparison, difference: number): boolean {
  switch (op) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '=':
      return difference === 0;
    case '>=':
      return difference >= 0;
    case '>':
      return difference > 0;
  }
}
