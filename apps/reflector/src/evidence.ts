import type { Evidence } from '@praxis/core';

/** How one pair of trials with the same seed went. */
export interface TrialPair {
  readonly seed: string;
  readonly without: boolean;
  readonly withTool: boolean;
}

/** Evidence of this strength admits a tool: a test at 5 % that is valid whenever it is stopped. */
export const ADMISSION = 20;

const GRID = [0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

/**
 * The e-value of paired trials against "the tool does nothing": the mean likelihood ratio over win rates above one
 * half, on the pairs in which exactly one arm went well. Its expectation under the null is 1 at any stopping time.
 */
export function eValue(wins: number, losses: number): number {
  return GRID.reduce((sum, q) => sum + (2 * q) ** wins * (2 * (1 - q)) ** losses, 0) / GRID.length;
}

/** The evidence with the outcome of trials added, and the refusals in which they were made. */
export function addTrials(evidence: Evidence, pairs: readonly TrialPair[], tried: readonly string[] = []): Evidence {
  const wins = evidence.wins + pairs.filter((p) => p.withTool && !p.without).length;
  const losses = evidence.losses + pairs.filter((p) => p.without && !p.withTool).length;
  return {
    ...evidence,
    pairs: evidence.pairs + pairs.length,
    wins,
    losses,
    eValue: eValue(wins, losses),
    ...(tried.length > 0 && { tried: [...new Set([...(evidence.tried ?? []), ...tried])] }),
  };
}
