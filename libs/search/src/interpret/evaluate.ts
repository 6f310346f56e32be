import type { Comparison, Expression, FluentTerm, Formula } from '../pddl/ast.js';
import { negateFormula } from '../pddl/negate.js';
import { printFormula } from '../pddl/print.js';
import { substitute } from '../pddl/substitute.js';
import { TOTAL_COST } from '../pddl/types/vocabulary.js';
import { solve } from './join.js';
import type { Binding } from './join.js';
import { witnessQuery } from './query.js';
import type { Situation } from './situation.js';

/** The cost of a plan so far is 0 where nothing says otherwise. */
const TOTAL_COST_KEY = `(${TOTAL_COST})`;

/**
 * Whether a formula is true. A comparison with a number that has no value is neither true nor false, and what depends
 * on it is true or false only where that does not matter (Kleene's three values).
 */
export function holds(formula: Formula, binding: Binding, situation: Situation): boolean {
  situation.meter.tick();
  switch (formula.kind) {
    case 'atom':
      return situation.has(groundTerm(formula.predicate, formula.args, binding));
    case 'equal':
      return valueOf(formula.left, binding) === valueOf(formula.right, binding);
    case 'compare':
      return compare(
        formula.op,
        evaluate(formula.left, binding, situation),
        evaluate(formula.right, binding, situation),
      );
    case 'not':
      return fails(formula.part, binding, situation);
    case 'and':
      return formula.parts.every((part) => holds(part, binding, situation));
    case 'or':
      return formula.parts.some((part) => holds(part, binding, situation));
    case 'exists':
      return solve(witnessQuery(formula), binding, situation, holds, () => 'stop') === 'stop';
    case 'forall':
      return solve(witnessQuery(formula), binding, situation, mayHold, () => 'stop') === 'more';
  }
}

/** Whether a formula is false. Where it is not true either, it compares a number that has no value. */
export function fails(formula: Formula, binding: Binding, situation: Situation): boolean {
  switch (formula.kind) {
    case 'atom':
    case 'equal':
      return !holds(formula, binding, situation);
    case 'compare': {
      const left = evaluate(formula.left, binding, situation);
      const right = evaluate(formula.right, binding, situation);
      return left !== undefined && right !== undefined && !compare(formula.op, left, right);
    }
    case 'not':
      return holds(formula.part, binding, situation);
    case 'and':
      return formula.parts.some((part) => fails(part, binding, situation));
    case 'or':
      return formula.parts.every((part) => fails(part, binding, situation));
    case 'exists':
      return solve(witnessQuery(formula), binding, situation, mayHold, () => 'stop') === 'more';
    case 'forall':
      return solve(witnessQuery(formula), binding, situation, holds, () => 'stop') === 'stop';
  }
}

function mayHold(formula: Formula, binding: Binding, situation: Situation): boolean {
  return !fails(formula, binding, situation);
}

/** The value of an expression; undefined where it reads a number without value, divides by zero or grows too large. */
export function evaluate(expression: Expression, binding: Binding, situation: Situation): number | undefined {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'fluent':
      return numberAt(fluentKey(expression, binding), situation);
    case 'arithmetic': {
      const [first, ...others] = expression.parts.map((part) => evaluate(part, binding, situation));
      if (first === undefined) return undefined;
      if (others.length === 0) return expression.op === '-' ? -first : first;
      return others.reduce((left, right) => calculate(expression.op, left, right), first);
    }
  }
}

/** The value of a number by its key. */
export function numberAt(key: string, situation: Situation): number | undefined {
  return situation.numbers.get(key) ?? (key === TOTAL_COST_KEY ? 0 : undefined);
}

/** `(fuel truck1)` */
export function fluentKey(term: FluentTerm, binding: Binding): string {
  return groundTerm(term.function, term.args, binding);
}

/** The text of a fact with objects in the place of variables. */
export function groundTerm(name: string, args: readonly string[], binding: Binding): string {
  let text = `(${name}`;
  for (const term of args) text += ` ${valueOf(term, binding)}`;
  return `${text})`;
}

/** The smallest part of a false formula that is false, ground and in PDDL. */
export function violation(formula: Formula, binding: Binding, situation: Situation): string {
  if (formula.kind === 'and') {
    const part = formula.parts.find((part) => !holds(part, binding, situation));
    if (part !== undefined) return violation(part, binding, situation);
  }
  if (
    formula.kind === 'not' &&
    (formula.part.kind === 'or' || formula.part.kind === 'exists' || formula.part.kind === 'not')
  ) {
    return violation(negateFormula(formula.part), binding, situation);
  }
  if (formula.kind !== 'forall') return printFormula(substitute(formula, binding));
  let found = printFormula(substitute(formula, binding));
  solve(witnessQuery(formula), binding, situation, mayHold, (counterexample) => {
    found = violation(formula.part, counterexample, situation);
    return 'stop';
  });
  return found;
}

function valueOf(term: string, binding: Binding): string {
  return binding.get(term) ?? term;
}

function calculate(op: ArithmeticOperator, left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  const value = arithmetic(op, left, right);
  return Number.isFinite(value) ? value : undefined;
}

type ArithmeticOperator = Extract<Expression, { kind: 'arithmetic' }>['op'];

function arithmetic(op: ArithmeticOperator, left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
  }
}

function compare(op: Comparison, left: number | undefined, right: number | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  switch (op) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '=':
      return left === right;
    case '>=':
      return left >= right;
    case '>':
      return left > right;
  }
}
