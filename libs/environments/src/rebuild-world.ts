import { PraxisError, actionText, diffStates, type Goal, type NumberedStep, type StateChange, type WorldCatalog, type WorldSession } from '@praxis/core';

/** A world that is to be brought where recorded steps led. */
export interface Rebuilding {
  readonly goal: Goal;
  /** Id of the session to make. */
  readonly sessionId: string;
  /** What was done, in the order in which it was done. */
  readonly steps: readonly NumberedStep[];
}

/**
 * Opens a world anew and does in it what was recorded, comparing every outcome; it fails with `conflict` at the first
 * one that differs. Only in worlds that can be cloned: what is done in a copy touches nothing outside, so nothing that
 * has an effect is ever repeated.
 */
export async function rebuildWorld({ goal, sessionId, steps }: Rebuilding, worlds: WorldCatalog): Promise<WorldSession> {
  const world = await worlds.get(goal.world);
  const info = await world.describe();
  if (!info.can.clone) throw new PraxisError('invalid', `The world ${goal.world} cannot be cloned, so the past of a run in it cannot be brought back.`);
  const session = await world.open({ scenario: goal.scenario, problem: goal.problem, seed: goal.seed, sessionId });
  let before = await session.observe();
  for (const step of steps) {
    const { result, state } = await session.act(step.action, step.key);
    const after = state ?? before;
    if (result.ok !== step.result!.ok) throw differs(step, result.ok ? 'it is done now' : `it fails now (${result.message})`);
    if (step.result!.ok && !contains(diffStates(before, after), step.change!)) throw differs(step, 'it changes other things now');
    before = after;
  }
  return session;
}

/** Another agent's steps in between may stand in a recorded change too, so only what this action did is compared. */
function contains(now: StateChange, recorded: StateChange): boolean {
  return now.added.every((f) => recorded.added.includes(f)) && now.removed.every((f) => recorded.removed.includes(f));
}

function differs({ number, action }: NumberedStep, how: string): PraxisError {
  return new PraxisError('conflict', `The world does not repeat what was recorded: at step ${number}, ${actionText(action)}, ${how}. It was changed since; begin a new run instead.`);
}


/** An open world, and how to bring it back should it be lost. */
export interface Whereabouts {
  readonly goal: Goal;
  readonly session: string;
  /** Everything that was done in it; asked only where it is lost. */
  readonly steps: () => Promise<readonly NumberedStep[]>;
}

/**
 * Finds an open world again; one that was lost is brought back by doing in a fresh one what was recorded. Doing so
 * twice at once is harmless, since the session's id and the keys are the recorded ones.
 */
export async function resumeWorld({ goal, session, steps }: Whereabouts, worlds: WorldCatalog): Promise<WorldSession> {
  const world = await worlds.get(goal.world);
  try {
    return await world.resume(session);
  } catch (thrown) {
    if (PraxisError.from(thrown).code !== 'missing') throw thrown;
    return rebuildWorld({ goal, sessionId: session, steps: inOrderDone(await steps()) }, worlds);
  }
}

/** The steps that were done and have an outcome, in the order of their outcomes: not what is pure, nor what the gate refused. */
export function inOrderDone(steps: readonly NumberedStep[]): readonly NumberedStep[] {
  return steps.filter((s) => s.result !== null && s.effect !== null).sort((a, b) => a.observedAt! - b.observedAt! || a.number - b.number);
}
