import type { History } from '../history.js';
import { budgetsConserved } from './budgets.js';
import { keyedOnce, probedOnce, unkeyedOnce } from './effects-once.js';
import { goalsEnd } from './goals-end.js';
import type { Law } from './law.js';
import { nothingLost } from './nothing-lost.js';
import { oneWriter } from './one-writer.js';
import { modelsEqualJournal } from './read-models.js';

/** All that must hold of a run, whatever happened to it. */
export const LAWS: readonly Law[] = [
  goalsEnd,
  nothingLost,
  keyedOnce,
  probedOnce,
  unkeyedOnce,
  oneWriter,
  budgetsConserved,
  modelsEqualJournal,
];

/** One broken law of one run. */
export interface Violation {
  readonly law: string;
  readonly what: string;
}

/** Everything that is wrong with a history. */
export function checkHistory(history: History): readonly Violation[] {
  return LAWS.flatMap((law) => law.check(history).map((what) => ({ law: law.name, what })));
}
