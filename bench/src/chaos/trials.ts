import type { FaultPointName } from '@praxis/core';
import { drawFault, PASSED_BY, type ChaosFault, type Victim } from './draw-fault.js';
import { drawErrand, fullErrand, type Errand } from './workload.js';

/** Short, so that a thousand runs do not wait long for the dead. */
export const LOCK_MS = 2_000;
export const SWEEP_MS = 500;

/** One run of chaos, before it is carried out. */
export interface Trial {
  readonly number: number;
  readonly errand: Errand;
  readonly fault: ChaosFault;
}

/** The runs that a seed gives. */
export const drawTrials = (seed: string, numbers: readonly number[]): readonly Trial[] =>
  numbers.map((number) => ({ number, errand: drawErrand(seed, number), fault: drawFault(seed, number, LOCK_MS) }));

/** Around an effect the first passages are the four kinds of effect, each with its own way to recover. */
const AROUND_EFFECTS: readonly FaultPointName[] = [
  'interpreter.before-effect',
  'interpreter.after-effect',
  'session.before-save',
];

/**
 * `kill -9` at each point of each service once, in errands that pass them all; around effects, at each of the first
 * four passages.
 */
export function matrixTrials(seed: string): readonly Trial[] {
  const cells = (Object.keys(PASSED_BY) as Victim[]).flatMap((victim) =>
    PASSED_BY[victim].flatMap((point) => passages(victim, point).map((nth) => ({ victim, point, nth }))),
  );
  return cells.map(({ victim, point, nth }, i) => ({
    number: i + 1,
    errand: fullErrand(seed, i + 1),
    fault: { victim, point, nth, blow: { kind: 'kill' } },
  }));
}

const passages = (victim: Victim, point: FaultPointName): readonly number[] =>
  victim === 'executor' && AROUND_EFFECTS.includes(point) ? [1, 2, 3, 4] : [1];
