import type { EffectClass } from '@praxis/core';

/** What is known of a candidate when one of several is chosen. */
export interface Scored {
  /** 0 to 1. */
  readonly judge: number;
  /** How many samples proposed it. */
  readonly times: number;
  /** How often it was done in this very place before. */
  readonly revisits: number;
  readonly effect: EffectClass;
}

/** What a choice goes by. */
export interface Weights {
  readonly judge: number;
  readonly times: number;
  readonly revisits: number;
}

/** A judge's whole scale weighs as much as a visit more, and as proposing it 2.7 times as often. */
export const EVEN_WEIGHTS: Weights = { judge: 1, times: 1, revisits: 1 };

/** What can be taken back comes first. */
const SAFETY: readonly EffectClass[] = ['pure', 'reversible', 'compensable', 'irreversible', 'unknown'];

/**
 * `judge + ln(times / samples) - revisits`, weighted: a judge's error is the same each time, and the samples' are not.
 */
export function scoreOf({ judge, times, revisits }: Omit<Scored, 'effect'>, weights: Weights, samples: number): number {
  const share = Math.min(1, times / Math.max(1, samples));
  const said = Number.isFinite(judge) ? Math.min(1, Math.max(0, judge)) : 0;
  return weights.judge * said + weights.times * Math.log(share) - weights.revisits * revisits;
}

/** Index of the best candidate: by score, among equals the safer one, then the first; -1 where there is none. */
export function select(candidates: readonly Scored[], weights: Weights, samples: number): number {
  let best = -1;
  for (const [i, candidate] of candidates.entries()) {
    const rival = candidates[best];
    if (!rival || isBetter(candidate, rival, (c) => scoreOf(c, weights, samples))) best = i;
  }
  return best;
}

/** Two ways to add up the same parts may differ in the last digits. */
const EQUAL = 1e-9;

function isBetter(a: Scored, b: Scored, score: (candidate: Scored) => number): boolean {
  const difference = score(a) - score(b);
  if (Math.abs(difference) > EQUAL) return difference > 0;
  return SAFETY.indexOf(a.effect) < SAFETY.indexOf(b.effect);
}
