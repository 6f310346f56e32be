import type { Meter } from '../meter.js';
import type { Outcome, PartialOutcome } from '../outcome.js';

/** An engine that can be run piece by piece, and how many evaluations it is given in each round. */
export interface Runner {
  readonly run: (until: number) => PartialOutcome;
  readonly share: number;
}

/**
 * Runs several complete engines in turns on one budget until one of them has an answer. Where one kind of search is led
 * astray another often is not, and the price is at most the share the others have.
 */
export function alternate(meter: Meter, runners: readonly Runner[]): Outcome {
  for (;;) {
    for (const { run, share } of runners) {
      const outcome = run(meter.evaluated + share);
      if (outcome.kind !== 'paused') return outcome;
    }
  }
}
