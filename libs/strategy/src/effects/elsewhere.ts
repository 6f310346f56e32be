import { actionText, permanentFailure, permanently } from '@praxis/core';
import type { Action, ActionResult, Failure, StepEvent } from '@praxis/core';
import { callOf } from './attempt-log.js';

/** What other subgoals of a run, which are under way at the same time, do with an action. */
export interface Elsewhere {
  /** One has begun it, and what comes of that is not known yet. */
  readonly isBegun: boolean;
  /** One asks a person about it, and has no answer. */
  readonly isAsked: boolean;
  /** Why it is not to be done in this run any more; undefined where it may be. */
  readonly refused: Failure | undefined;
}

export const NOWHERE: Elsewhere = { isBegun: false, isAsked: false, refused: undefined };

/**
 * Reads what the other subgoals do with an action, pure.
 *
 * elsewhere.1 An action is under way from `tried`, or from a question about it, until it is observed or its stream
 *             ends.
 * elsewhere.2 What gives way itself is under way nowhere, so that two subgoals never wait for each other.
 * elsewhere.3 A refusal that lasts is heard by every subgoal of the run.
 */
export function readElsewhere(
  action: Action,
  others: readonly (readonly StepEvent[])[],
  failures: readonly Failure[],
): Elsewhere {
  const call = callOf(action);
  const none: Elsewhere = { ...NOWHERE, refused: permanentFailure(failures, action) };
  return others
    .map((events) => readOne(call, events))
    .reduce((all, one) => {
      const refused = all.refused ?? one.refused;
      return { isBegun: all.isBegun || one.isBegun, isAsked: all.isAsked || one.isAsked, refused };
    }, none);
}

/** A decision without an outcome. */
interface Open {
  readonly action: Action;
  readonly isBegun: boolean;
  readonly isAsked: boolean;
}

function readOne(call: string, events: readonly StepEvent[]): Elsewhere {
  const open = new Map<string, Open>();
  let refused: Failure | undefined;
  for (const event of events) {
    if (event.type === 'ended') open.clear();
    if (!('id' in event)) continue;
    const known = open.get(event.id);
    if (event.type === 'decided') open.set(event.id, { action: event.action, isBegun: false, isAsked: false });
    else if (known && event.type === 'observed') {
      open.delete(event.id);
      if (callOf(known.action) === call) refused ??= lasting(known.action, event.result);
    } else if (known) open.set(event.id, { ...known, ...changeBy(event) });
  }
  const same = [...open.values()].filter((o) => callOf(o.action) === call);
  return { isBegun: same.some((o) => o.isBegun), isAsked: same.some((o) => o.isAsked), refused };
}

function changeBy(event: StepEvent): Partial<Open> {
  if (event.type === 'tried') return { isBegun: true };
  if (event.type === 'asked')
    return { isAsked: event.question.kind === 'approval' || event.question.kind === 'uncertain' };
  if (event.type === 'replied') return { isAsked: false };
  return event.type === 'postponed' && event.code === 'stale' ? { isBegun: false } : {};
}

function lasting(action: Action, result: ActionResult): Failure | undefined {
  if (result.ok || result.permanent !== true) return undefined;
  return permanently({ action: actionText(action), code: result.code, facts: [] }, result.message);
}
