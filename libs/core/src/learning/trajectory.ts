import type { Action } from '../values/action.js';
import { sameForAction } from '../acting/failure.js';
import { stateAt, type ActionResult } from '../acting/observation.js';
import { applyChange, type WorldState } from '../values/state.js';
import type { OpenedEvent, Outcome, StepEvent } from '../acting/step.js';

/** One decision and its outcome, with the world before and after. */
export interface TrajectoryStep {
  readonly step: number;
  readonly action: Action;
  readonly why: string;
  readonly origin: string;
  /** The world as it was believed to be when the step was decided. */
  readonly before: WorldState;
  /** The world as it was when it judged the action. */
  readonly at: WorldState;
  /** Nothing about the action's arguments had changed between the two. */
  readonly isClean: boolean;
  readonly result: ActionResult;
  readonly after: WorldState;
  /** Snapshot of the world taken right after the step, where the strategy asked for one. */
  readonly snapshot: string | null;
}

/** The steps of a subgoal, read from its stream. */
export interface Trajectory {
  readonly opened: OpenedEvent;
  readonly steps: readonly TrajectoryStep[];
  readonly plans: number;
  readonly outcome: Outcome | null;
  readonly reason: string;
}

/**
 * Reads a subgoal's events as a trajectory; null while it has not been opened. A step without an outcome is left out.
 */
export function readTrajectory(events: readonly StepEvent[]): Trajectory | null {
  const opened = events[0];
  if (opened?.type !== 'opened') return null;
  const ended = events.find((e) => e.type === 'ended');
  return {
    opened,
    steps: readSteps(opened, events),
    plans: events.filter((e) => e.type === 'proposed').length,
    outcome: ended?.outcome ?? null,
    reason: ended?.reason ?? '',
  };
}

function readSteps(opened: OpenedEvent, events: readonly StepEvent[]): readonly TrajectoryStep[] {
  const steps: TrajectoryStep[] = [];
  const decisions = new Map<number, Extract<StepEvent, { type: 'decided' }>>();
  let state: WorldState = opened.state;
  for (const event of events) {
    if (event.type === 'decided') decisions.set(event.step, event);
    if (event.type === 'checkpointed') {
      const last = steps.pop();
      if (last) steps.push({ ...last, snapshot: event.snapshot || null });
    }
    if (event.type === 'restored') state = event.state;
    if (event.type !== 'observed') continue;
    const { action, why, origin } = decisions.get(event.step)!;
    const after = applyChange(state, event.change);
    const at = stateAt(state, event);
    const isClean = at === state || sameForAction(action, state, at);
    steps.push({
      step: event.step,
      action,
      why,
      origin,
      before: state,
      at,
      isClean,
      result: event.result,
      after,
      snapshot: null,
    });
    state = after;
  }
  return steps;
}
