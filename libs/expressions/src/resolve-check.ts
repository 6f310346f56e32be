import type { Check, Json, Outputs } from '@praxis/core';
import { expressionProblem, nameInExpression, namesInExpression } from './evaluate.js';
import { referencesIn, resolveValue, taintOf } from './resolve-args.js';

/** Fields of a check that are kept as they are: references that whoever evaluates it follows, and schemas. */
const KEPT: ReadonlySet<string> = new Set(['json', 'expr', 'of', 'schema']);

/** The names among these that a check refers to. */
export function namesInCheck(check: Check, names: readonly string[]): readonly string[] {
  const { schema: _, ...fields } = check as Check & { readonly schema?: Json };
  const direct = referencesIn(fields as unknown as Json);
  return [...new Set([...direct, ...('expr' in check ? namesOfExpression(check.expr, names) : [])])];
}

/** The names among these that an expression means; those that it means and that are not among them as it writes them. */
export function namesOfExpression(expression: string, names: readonly string[]): readonly string[] {
  if (expressionProblem(expression) !== null) return [];
  return namesInExpression(expression).map((used) => names.find((n) => nameInExpression(n) === used) ?? used);
}

/**
 * A check with its texts filled in, so that whoever evaluates it needs no more than the outputs that it still refers to
 * (`json`, `expr`, `of`); or why that is not possible.
 */
export function resolveCheck(
  check: Check,
  outputs: Outputs,
):
  | { readonly check: Check; readonly outputs: Outputs; readonly taint: readonly string[] }
  | { readonly missing: string } {
  const entries = Object.entries(check) as [string, Json][];
  const resolved = resolveValue(Object.fromEntries(entries.filter(([field]) => !KEPT.has(field))), outputs);
  if ('missing' in resolved) return resolved;
  const names = namesInCheck(check, Object.keys(outputs));
  const filled = resolved.value as { readonly [field: string]: Json };
  const whole = Object.fromEntries(entries.map(([field, value]) => [field, filled[field] ?? value]));
  return {
    check: whole as unknown as Check,
    outputs: Object.fromEntries(names.flatMap((n) => (Object.hasOwn(outputs, n) ? [[n, outputs[n]!]] : []))),
    taint: taintOf(outputs, names),
  };
}
