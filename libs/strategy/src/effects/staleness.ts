import {
  actionText,
  isStale,
  makeState,
  sameForAction,
  sameState,
  stateDigest,
  type Action,
  type ActionResult,
  type Observation,
  type WorldState,
} from '@praxis/core';

/** How many stale decisions in a row cost no step, where nobody says otherwise. */
export const MOST_STALE = 3;

/** The stale decisions since the last one of which something else came. */
export interface StaleSoFar {
  /** As texts, oldest first. */
  readonly actions: readonly string[];
  /** How many there may be in a row. */
  readonly most: number;
}

/**
 * Which refusals say nothing, since the world was no longer as it was believed to be when the action was decided.
 *
 * staleness.1 Only a refusal can be stale: an action that is possible is done, whatever others have changed.
 * staleness.2 A refusal in the very state that was believed is a refusal.
 * staleness.3 What was stale and is decided again is refused, not stale, unless something about its arguments has
 *             changed: what others do elsewhere cannot hide a rule of the world for ever.
 * staleness.4 At most `most` decisions in a row are stale; after that a refusal counts, so that agents who are in each
 *             other's way come to an end by the limits of their steps.
 * staleness.5 A stale decision did nothing: it costs a call and no step, and is neither a failure nor something to
 *             learn from.
 * staleness.6 A refusal that lasts is never stale, whatever others have changed meanwhile.
 */
export function judgeRefusal(
  action: Action,
  { believed, at, soFar }: { readonly believed: WorldState; readonly at: WorldState; readonly soFar: StaleSoFar },
): 'refused' | 'stale' {
  if (!mayBeStale(soFar) || sameState(believed, at)) return 'refused';
  return sameForAction(action, believed, at) && soFar.actions.includes(actionText(action)) ? 'refused' : 'stale';
}

const mayBeStale = ({ actions, most }: StaleSoFar): boolean => actions.length < most;

/**
 * The digest that is sent with an action (environment.6); absent where its refusal is to be judged here
 * (staleness.3, staleness.4).
 */
export function decidedOn(action: Action, believed: WorldState, soFar: StaleSoFar): string | undefined {
  if (!mayBeStale(soFar) || soFar.actions.includes(actionText(action))) return undefined;
  return stateDigest(makeState(believed.facts, believed.numbers));
}

/** An observation with its refusal judged; `look` says how the world is where the observation does not. */
export async function judgeObservation(
  action: Action,
  observation: Observation,
  frame: { readonly believed: WorldState; readonly soFar: StaleSoFar; look(): Promise<WorldState | null> },
): Promise<Observation> {
  const { result } = observation;
  if (result.ok || !dependsOnState(result)) return observation;
  // A world that takes a decision for stale without being asked is overruled where none may be.
  const state = observation.state ?? (frame.soFar.most > 0 ? await frame.look() : null);
  const isOutdated =
    state !== null && judgeRefusal(action, { believed: frame.believed, at: state, soFar: frame.soFar }) === 'stale';
  return { ...observation, state, result: isOutdated ? stale(result) : refused(result) };
}

type Refusal = Extract<ActionResult, { ok: false }>;

/** Whether a refusal may depend on the state of the world; one that lasts does not (staleness.6). */
const dependsOnState = ({ code, permanent }: Refusal): boolean =>
  permanent !== true && (code === 'not-applicable' || code === 'stale');

const refused = (result: Refusal): ActionResult => (isStale(result) ? { ...result, code: 'not-applicable' } : result);
const stale = (result: Refusal): ActionResult =>
  isStale(result)
    ? result
    : {
        ...result,
        code: 'stale',
        message: `${result.message === '' ? 'not done' : result.message}, which has changed since this was decided`,
      };
