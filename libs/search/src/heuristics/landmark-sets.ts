import { BitRows } from './bit-rows.js';
import type { Relaxation } from './relaxation.js';
import type { RelaxedEffects } from './relaxed-effects.js';

const MOST_NODES = 20_000;
/** Words touched before the search for landmarks is given up: about a second. */
const MOST_WORK = 1_000_000_000;

/** For each node, which nodes every relaxed plan for it must pass through. */
export interface LandmarkSets {
  readonly sets: BitRows;
  readonly reached: Uint8Array;
  /** The landmarks that an action's preconditions need, as row 0 of the table given back. */
  needed(action: number): BitRows;
}

/**
 * Finds all single landmarks of the relaxation: a node's are its own and those that all of its achievers share, each
 * achiever needing whatever its preconditions need. Null where the task is too large for it.
 */
export function findLandmarkSets(relaxation: Relaxation, effects: RelaxedEffects, holding: readonly number[]): LandmarkSets | null {
  if (relaxation.nodes > MOST_NODES) return null;
  const sets = new BitRows(relaxation.nodes, relaxation.nodes);
  const reached = new Uint8Array(relaxation.nodes);
  const union = new BitRows(1, relaxation.nodes);
  const { pre, uses, free, needs, actions } = relaxation;
  const needed = (action: number): BitRows => {
    union.bits.fill(0);
    for (let k = pre.start[action]!; k < pre.start[action + 1]!; k++) union.unite(0, sets, pre.values[k]!);
    return union;
  };
  const missing = Int32Array.from(needs);
  const waiting = new Uint8Array(actions);
  let queue: number[] = [...free];
  const wake = (node: number, first: boolean): void => {
    for (let k = uses.start[node]!; k < uses.start[node + 1]!; k++) {
      const action = uses.values[k]!;
      if (first) missing[action]!--;
      if (missing[action]! > 0 || waiting[action] === 1) continue;
      waiting[action] = 1;
      queue.push(action);
    }
  };
  const isGiven = new Uint8Array(relaxation.nodes);
  for (const node of holding) {
    isGiven[node] = 1;
    reached[node] = 1;
    sets.set(node, node);
  }
  for (const node of holding) wake(node, true);
  let work = 0;
  while (queue.length > 0) {
    const round = queue;
    queue = [];
    for (const action of round) {
      waiting[action] = 0;
      work += sets.words * (2 + needs[action]!);
      if (work > MOST_WORK) return null;
      needed(action);
      for (let k = effects.of.start[action]!; k < effects.of.start[action + 1]!; k++) {
        const node = effects.of.values[k]!;
        if (isGiven[node] === 1) continue;
        const first = reached[node] === 0;
        if (first) {
          reached[node] = 1;
          sets.unite(node, union, 0);
          sets.set(node, node);
          wake(node, true);
        } else if (sets.intersect(node, union, 0, node)) {
          wake(node, false);
        }
      }
    }
  }
  return { sets, reached, needed };
}
