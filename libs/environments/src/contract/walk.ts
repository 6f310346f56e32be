import {
  actionText,
  keyedChoice,
  PraxisError,
  type Action,
  type Observation,
  type WorldSession,
  type WorldState,
} from '@praxis/core';
import { LawBroken, must, mustEqual, needs, sorted, type Trial } from './law.js';

/** One step of a walk. */
export interface WalkStep {
  readonly action: Action;
  readonly key: string;
  readonly observation: Observation;
}

/**
 * An action that may be possible in a session, the same one for the same seed and step; skips the law where there is
 * none.
 */
export async function chooseAction(trial: Trial, session: WorldSession, step: number): Promise<Action> {
  const possible = await trial.possible(session);
  needs(possible.length > 0, 'neither the world nor its briefing says which actions are possible');
  return keyedChoice(possible, trial.seed, 'walk', step);
}

/** Does some actions one after another. */
export async function walk(
  trial: Trial,
  session: WorldSession,
  steps: number,
  label: string,
): Promise<readonly WalkStep[]> {
  const taken: WalkStep[] = [];
  for (let step = 0; step < steps; step++) {
    const action = await chooseAction(trial, session, step);
    const key = `${label}-${step}`;
    taken.push({ action, key, observation: await doAction(session, action, key) });
  }
  return taken;
}

/** Acts; an exception breaks the law, whatever the action. */
export async function doAction(
  session: WorldSession,
  action: Action,
  key: string,
  decidedOn?: string,
): Promise<Observation> {
  try {
    return await session.act(action, key, undefined, decidedOn);
  } catch (thrown) {
    throw new LawBroken(
      `${actionText(action)} must give an observation, but failed with ${PraxisError.from(thrown).code}: ${PraxisError.from(thrown).message}`,
    );
  }
}

/** Breaks the law unless a refusal is one and changed nothing. */
export async function mustChangeNothing(session: WorldSession, before: WorldState, step: WalkStep): Promise<void> {
  const { result } = step.observation;
  must(!result.ok, `${actionText(step.action)} must be refused`);
  mustEqual(sorted(await session.observe()), sorted(before), `the facts after the refused ${actionText(step.action)}`);
}
