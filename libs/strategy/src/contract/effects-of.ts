import type { StepEvent, Strategy } from '@praxis/core';
import { StreamState, type PendingEffect } from '../engine/stream-state.js';

/**
 * What a strategy asked for in a stream, by the ids that the answers name: for people who want to know whom it asked
 * and what about. Nothing is checked (`replayStream` does that); it ends where the strategy no longer follows what was
 * recorded.
 */
export function effectsOf(
  strategy: Strategy<unknown>,
  events: readonly StepEvent[],
): ReadonlyMap<string, PendingEffect> {
  const state = new StreamState(strategy);
  const effects = new Map<string, PendingEffect>();
  for (const event of events) {
    try {
      state.see(event, 0);
    } catch {
      // Recorded by another release: what was asked for until then is known all the same.
      return effects;
    }
    for (const [id, effect] of state.pending) effects.set(id, effect);
  }
  return effects;
}
