import { keyedRandom } from '@praxis/core';

/** A family of puzzles: one domain, and problems of any size made from a seed. */
export interface Family {
  readonly name: string;
  readonly domain: string;
  /** PDDL text of a problem; sizes begin at 1. */
  problem(size: number, seed: string): string;
}

/** Whole numbers below a bound, the same for the same seed. */
export type Dice = (below: number) => number;

/** Makes dice from a seed. */
export function dice(seed: string): Dice {
  let throws = 0;
  return (below) => Math.floor(keyedRandom(seed, throws++) * below);
}

/** The list in another order. */
export function shuffled<T>(list: readonly T[], roll: Dice): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = roll(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

/** `prefix0 … prefixN-1` */
export function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`);
}

/** Puts a problem's parts together. */
export function problemText(parts: {
  readonly name: string;
  readonly domain: string;
  readonly objects: string;
  readonly init: readonly string[];
  readonly goal: readonly string[];
  readonly metric?: string;
}): string {
  const metric = parts.metric === undefined ? '' : `\n  (:metric minimize ${parts.metric})`;
  return `(define (problem ${parts.name}) (:domain ${parts.domain})
  (:objects ${parts.objects})
  (:init ${parts.init.join('\n    ')})
  (:goal (and ${parts.goal.join('\n    ')}))${metric})
`;
}
