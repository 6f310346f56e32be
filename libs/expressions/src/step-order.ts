import { ASK_PERSON, type Json, type ScriptStep } from '@praxis/core';
import { namesInCheck, namesOfExpression } from './resolve-check.js';
import { referencesIn } from './resolve-args.js';

/** The names among these that a step refers to: in its arguments, its list, its condition and its checks. */
export function namesInStep(step: ScriptStep, names: readonly string[]): readonly string[] {
  const { when, each } = step;
  const used = new Set([
    ...referencesIn(step.with),
    ...referencesIn((each ?? null) as Json),
    ...(when === undefined ? [] : namesOfExpression(when, names)),
    ...step.check.flatMap((check) => namesInCheck(check, names)),
  ]);
  return names.filter((name) => used.has(name) && name !== step.id);
}

/**
 * Whom each step waits for, by its id.
 *
 * step-order.1 A step waits for the steps that it names in `after`, and for those that it refers to.
 * step-order.2 `inOrder`: a step that names and refers to none waits for the one that is written before it.
 * step-order.3 What is written after a question to a person waits for its answer, unless the question itself waits for
 *              it: nothing is done beside an approval that was meant to come first.
 * step-order.4 No circle is added: steps wait for each other only where they say so themselves.
 */
export function stepOrder(
  steps: readonly ScriptStep[],
  { inOrder, inputs = [] }: { readonly inOrder: boolean; readonly inputs?: readonly string[] },
): ReadonlyMap<string, readonly string[]> {
  const ids = steps.map((s) => s.id);
  const names = [...inputs, ...ids];
  const waits = new Map<string, Set<string>>();
  for (const [i, step] of steps.entries()) {
    const used = new Set([...step.after, ...namesInStep(step, names)]);
    const named = ids.filter((id) => used.has(id) && id !== step.id);
    waits.set(step.id, new Set(named.length > 0 || i === 0 || !inOrder ? named : [ids[i - 1]!]));
  }
  for (const [i, { id, do: skill }] of steps.entries()) {
    if (skill !== ASK_PERSON) continue;
    const before = reachable(id, waits);
    for (const later of ids.slice(i + 1)) if (!before.has(later)) waits.get(later)!.add(id);
  }
  return new Map(ids.map((id) => [id, ids.filter((other) => waits.get(id)!.has(other))]));
}

/** What a step waits for, directly or through others. */
function reachable(from: string, waits: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop())
    for (const before of waits.get(id) ?? [])
      if (!found.has(before)) {
        found.add(before);
        open.push(before);
      }
  return found;
}
