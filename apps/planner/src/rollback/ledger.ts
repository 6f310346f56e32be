import {
  actionText,
  numberSteps,
  undoOf,
  type Action,
  type NumberedStep,
  type RunHistory,
  type SkillManifest,
} from '@praxis/core';
import { sharedLength } from '@praxis/environments';

/** What a run did that can be taken back, latest first, and what cannot. */
export interface Ledger {
  readonly undone: readonly { readonly action: Action; readonly by: Action }[];
  readonly left: readonly { readonly action: Action; readonly why: string }[];
}

/** Reads from a run's journal what it did, and how its skills say that this is taken back. */
export function ledgerOf(
  { events, subgoals }: Pick<RunHistory, 'events' | 'subgoals'>,
  skills: readonly SkillManifest[],
): Ledger {
  const forked = events.findLast((e) => e.type === 'forked') ?? null;
  const undone: Ledger['undone'][number][] = [];
  const left: Ledger['left'][number][] = [];
  for (const step of [...numberSteps(subgoals)].reverse()) {
    const entry = entryOf(
      step,
      skills.find((s) => s.name === step.action.skill),
    );
    if (entry === null) continue;
    // What a fork shares was done once, by its parent, and can be taken back once.
    if (forked && step.position < sharedLength(step.subgoal, forked))
      left.push({
        action: step.action,
        why: `the run ${forked.parent} did it, from which this one was forked; take that one back`,
      });
    else if ('by' in entry) undone.push({ action: step.action, by: entry.by });
    else left.push({ action: step.action, why: entry.why });
  }
  return { undone, left };
}

function entryOf(
  step: NumberedStep,
  manifest: SkillManifest | undefined,
): { readonly by: Action } | { readonly why: string } | null {
  const { effect, result, action, key } = step;
  if (effect === null) return null;
  if (result === null || (!result.ok && result.code === 'unknown-outcome'))
    return { why: 'nobody knows whether it was done' };
  if (!result.ok) return null;
  const by = undoOf(action, key, manifest?.undo);
  if (by) return { by };
  if (effect === 'reversible') return { why: 'its skill declares no undo; undo it by hand, or with another goal' };
  if (effect === 'compensable') return { why: `its skill ${manifest ? 'names no undo' : 'is not here any more'}` };
  return { why: `it is ${effect} and cannot be taken back` };
}

/** What is still to be undone once some of it was: each of these was undone as often as it stands here. */
export function stillToUndo(undone: Ledger['undone'], done: readonly Action[]): Ledger['undone'] {
  const counts = new Map<string, number>();
  for (const action of done) counts.set(actionText(action), 1 + (counts.get(actionText(action)) ?? 0));
  return undone.filter(({ by }) => {
    const count = counts.get(actionText(by)) ?? 0;
    if (count > 0) counts.set(actionText(by), count - 1);
    return count === 0;
  });
}
