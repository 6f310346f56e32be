import { failureData, type Json, type Move } from '@praxis/core';
import { learnedFailures } from './failure-memory.js';
import { leftBy } from './react-outputs.js';
import type { ReactState } from './react-state.js';
import type { HorizonResult } from './receding-horizon.js';

/** Ends it, with what it did and learned. */
export function finish(state: ReactState, outcome: 'done' | 'failed', reason: string): Move<ReactState> {
  const result = {
    steps: state.steps,
    failedSteps: state.failedSteps,
    replans: state.stalls,
    toolsUsed: [],
    failures: learnedFailures(state.failures, state.opened.avoid),
  } satisfies HorizonResult;
  const outputs = outcome === 'done' ? leftBy(state) : {};
  const left = Object.keys(outputs).length > 0 ? { outputs: outputs as unknown as Json } : {};
  return {
    state,
    effects: [
      { kind: 'finish', outcome, reason, result: { ...result, failures: result.failures.map(failureData), ...left } },
    ],
  };
}
