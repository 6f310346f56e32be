import { NO_COST, actionText, type StepEvent } from '@praxis/core';
import { observed } from './attempt-action.js';
import type { ActionAttempt } from '../contract/context.js';
import { NOWHERE, type Elsewhere } from './elsewhere.js';
import { wantsPerson } from './gate.js';
import { pauseAfter } from './pacing.js';

/**
 * What the run's other subgoals do with the action; what has no effect outside the world, and asks nobody, concerns no
 * other.
 */
export async function elsewhereOf({ context, decided, manifest }: ActionAttempt): Promise<Elsewhere> {
  const isInside = manifest.source.startsWith('world:') && !wantsPerson({ decided, manifest, rules: context.rules });
  if (manifest.effect === 'pure' || isInside) return NOWHERE;
  return (await context.elsewhere?.(decided.action)) ?? NOWHERE;
}

/** Whether a step has to wait until another subgoal is through with the same action. */
export const isTaken = ({ progress }: ActionAttempt, { isBegun, isAsked }: Elsewhere): boolean =>
  isBegun || (isAsked && progress.replies.size === 0);

/** Whether a step waits for another subgoal. */
export const isWaiting = ({ progress }: Pick<ActionAttempt, 'progress'>): boolean =>
  progress.postponed?.code === 'stale' && !progress.isBegun;

/**
 * Puts a step off until another subgoal is through with the same action. Nothing was sent. The pause grows with each
 * time in a row, so that two subgoals which begin at the same moment do not meet for ever.
 */
export function giveWay({ context, decided: { id, step, action }, key, progress }: ActionAttempt): StepEvent {
  const before = progress.postponed?.code === 'stale' ? progress.postponed.attempt : context.stale().actions.length;
  const attempt = before + 1;
  const message = `another subgoal of this run attempts ${actionText(action)}; this one decides again when that is settled`;
  const until = context.now() + pauseAfter(attempt, key);
  const retries = context.retries > 0 ? { retries: context.retries } : {};
  return { type: 'postponed', id, step, attempt, until, code: 'stale', message, ...retries };
}

/** The other subgoal is through with it: the step is decided again, in the world as it is now. */
export async function decideAgain({ context, executor, decided }: ActionAttempt): Promise<StepEvent> {
  const state = (await executor.look?.()) ?? null;
  const result = {
    ok: false,
    code: 'stale',
    message: 'another subgoal of this run attempted it meanwhile; nothing was sent',
  } as const;
  return observed(decided, { result, state }, context.world(), { spent: NO_COST });
}
