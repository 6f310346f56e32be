import { NO_COST, sameState, type StepEvent } from '@praxis/core';
import { observed } from './attempt-action.js';
import type { ActionAttempt } from '../contract/context.js';
import { judgeRefusal } from './staleness.js';

/**
 * What is really done outside the world is not sent where others have changed the world since it was decided and its
 * rules now forbid the action: it would happen, and the world could not follow. Null where it may be sent. What settles
 * an earlier attempt is always sent; what a person wrote is checked for itself.
 */
export async function outdated(actionAttempt: ActionAttempt): Promise<StepEvent | null> {
  if (!isConcerned(actionAttempt)) return null;
  const { context, executor, decided } = actionAttempt;
  const at = await executor.look?.();
  const believed = context.world();
  if (!at || sameState(believed, at)) return null;
  const problem = (await executor.check?.(decided.action)) ?? null;
  if (problem === null) return null;
  const isStale = judgeRefusal(decided.action, { believed, at, soFar: context.stale() }) === 'stale';
  const code = isStale ? 'stale' : 'not-applicable';
  const result = {
    ok: false,
    code,
    message: `it is not possible any more (${problem}): the world has changed since this was decided, and nothing was sent`,
  } as const;
  return observed(decided, { result, state: at }, believed, { spent: NO_COST });
}

function isConcerned({ decided: { key, origin }, manifest: { source, effect } }: ActionAttempt): boolean {
  const isOutside = !source.startsWith('world:') && effect !== 'pure';
  return isOutside && key === undefined && origin !== 'person' && origin !== 'fork';
}
