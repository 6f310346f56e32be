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
 * step-order.3 A question to a person waits for what is written before it, and what is written after it waits for its
 *              answer, unless they wait for each other the other way round: a person sees all that was made by then, and
 *              nothing is done beside an approval that was meant to come first.
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
  for (const [i, { id, do: skill }] of steps.entries()) if (skill === ASK_PERSON) holdAt(id, i, ids, waits);
  return new Map(ids.map((id) => [id, ids.filter((other) => waits.get(id)!.has(other))]));
}

/** Has a question wait for what is written before it, and what is written after it for the question (step-order.3). */
function holdAt(question: string, at: number, ids: readonly string[], waits: ReadonlyMap<string, Set<string>>): void {
  const before = reachable([question], (id) => waits.get(id) ?? []);
  const after = dependents(question, waits);
  for (const earlier of ids.slice(0, at).toReversed()) {
    if (before.has(earlier) || after.has(earlier)) continue;
    waits.get(question)!.add(earlier);
    for (const id of reachable([earlier], (next) => waits.get(next) ?? [])) before.add(id);
    before.add(earlier);
  }
  for (const later of ids.slice(at + 1)) if (!before.has(later)) waits.get(later)!.add(question);
}

/** What waits for a step, directly or through others. */
function dependents(step: string, waits: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const waiting = new Map<string, string[]>();
  for (const [id, before] of waits)
    for (const other of before) {
      const known = waiting.get(other);
      if (known) known.push(id);
      else waiting.set(other, [id]);
    }
  return reachable([step], (id) => waiting.get(id) ?? []);
}

/** What is found from some steps by going on and on, without the steps themselves where no way leads back. */
function reachable(from: readonly string[], next: (id: string) => Iterable<string>): Set<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop())
    for (const other of next(id))
      if (!found.has(other)) {
        found.add(other);
        open.push(other);
      }
  return found;
}
