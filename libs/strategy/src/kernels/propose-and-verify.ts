import type { Json, Move, OpenedEvent, Strategy } from '@praxis/core';
import { refusalOf } from '../effects/refusal.js';

/** Where a planning stands. */
export interface PlanningState {
  readonly opened: OpenedEvent;
  readonly candidate: Json;
  readonly rounds: number;
}

/**
 * Planning: ask for a plan, have it checked, take the first one that passes. A rejected plan goes back to the
 * proposer with what was wrong, at most `rounds` times; where a person refuses what that costs, it ends.
 */
export function proposeAndVerify(id: string, rounds: number): Strategy<PlanningState> {
  const ask = (state: PlanningState, violations: readonly string[]): Move<PlanningState> => ({
    state,
    effects: [
      { kind: 'propose', id: `p${state.rounds}`, by: 'search', count: 1, context: { violations: [...violations] } },
    ],
  });
  return {
    id,
    version: 1,
    begin: (opened) => ask({ opened, candidate: null, rounds: 0 }, []),
    on(state, event) {
      const refusal = refusalOf(event);
      if (refusal !== null)
        return { state, effects: [{ kind: 'finish', outcome: 'failed', reason: refusal, result: null }] };
      if (event.type === 'proposed') {
        const candidate = event.candidates[0];
        if (candidate === undefined)
          return { state, effects: [{ kind: 'finish', outcome: 'failed', reason: event.note, result: null }] };
        return {
          state: { ...state, candidate },
          effects: [{ kind: 'verify', id: `v${state.rounds}`, by: 'checker', candidate, context: null }],
        };
      }
      if (event.type !== 'verified') return { state, effects: [] };
      if (event.violations.length === 0)
        return { state, effects: [{ kind: 'finish', outcome: 'done', reason: 'checked', result: state.candidate }] };
      const next = { ...state, rounds: state.rounds + 1 };
      if (next.rounds < rounds) return ask(next, event.violations);
      return {
        state,
        effects: [
          {
            kind: 'finish',
            outcome: 'failed',
            reason: `no plan passed the check: ${event.violations.join('; ')}`,
            result: null,
          },
        ],
      };
    },
  };
}
