import {
  actionText,
  isStale,
  type Action,
  type Effect,
  type Json,
  type Move,
  type OpenedEvent,
  type Strategy,
} from '@praxis/core';

/** Where a script stands. */
export interface ScriptState {
  readonly opened: OpenedEvent;
  /** How many actions were observed. */
  readonly steps: number;
  /** How often the present action was stale. */
  readonly stale: number;
}

const NOTHING_LEARNED: Json = { toolsUsed: [], failures: [] };

/**
 * Carries out the suggested actions as they stand, one after the other: for what is decided already, such as taking
 * back what was done. It never looks for another way: the first failure ends it, with the reason. Where there is a
 * condition, it is done only when a verifier says that this holds.
 */
export function scripted(id: string): Strategy<ScriptState> {
  return {
    id,
    version: 1,
    begin: (opened) => proceed({ opened, steps: 0, stale: 0 }),
    on(state, event) {
      if (event.type === 'verified') {
        if (event.violations.length === 0) return finish(state, 'done', 'the condition holds');
        return finish(
          state,
          'failed',
          `all steps are done, and the condition does not hold: ${event.violations.join('; ')}`,
        );
      }
      if (event.type !== 'observed') return { state, effects: [] };
      const current = state.opened.suggested[state.steps]!;
      // What is decided already stays decided: it is tried again.
      if (isStale(event.result)) return proceed({ ...state, stale: state.stale + 1 });
      const next = { ...state, steps: state.steps + 1, stale: 0 };
      return event.result.ok
        ? proceed(next)
        : finish(next, 'failed', `${actionText(current)} failed: ${event.result.message}`);
    },
  };
}

function proceed(state: ScriptState): Move<ScriptState> {
  const { suggested, condition, limits } = state.opened;
  const action = suggested[state.steps];
  if (action === undefined) return check(state, condition);
  if (state.steps >= limits.steps) return finish(state, 'failed', `the ${limits.steps} steps that were left are spent`);
  return { state, effects: [execute(state, action, suggested.length)] };
}

function check(state: ScriptState, condition: string): Move<ScriptState> {
  if (condition.trim() === '') return finish(state, 'done', 'all steps are done');
  return { state, effects: [{ kind: 'verify', id: 'v0', by: 'world', candidate: condition, context: null }] };
}

const execute = ({ steps, stale }: ScriptState, action: Action, of: number): Effect => ({
  kind: 'execute',
  id: stale === 0 ? `e${steps}` : `e${steps}~${stale}`,
  action,
  why: `step ${steps + 1} of ${of}`,
  origin: 'suggested',
});

function finish(state: ScriptState, outcome: 'done' | 'failed', reason: string): Move<ScriptState> {
  return { state, effects: [{ kind: 'finish', outcome, reason, result: NOTHING_LEARNED }] };
}
