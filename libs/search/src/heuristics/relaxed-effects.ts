import { packLists, transposeLists, type PackedLists } from '../engines/queues/packed-lists.js';
import type { Relaxation } from './relaxation.js';

/** What each action of a relaxation brings about, and which actions bring a node about. */
export interface RelaxedEffects {
  /** The facts an action adds and the numeric nodes it brings nearer. */
  readonly of: PackedLists;
  readonly achievers: PackedLists;
}

/** Reads facts and numeric supports alike, for heuristics that do not count repetitions. */
export function relaxedEffects(relaxation: Relaxation): RelaxedEffects {
  const { add, supportStart, supports, facts } = relaxation;
  const lists = Array.from({ length: relaxation.actions }, (_, a) => [
    ...add.values.subarray(add.start[a]!, add.start[a + 1]!),
    ...supports.slice(supportStart[a]!, supportStart[a + 1]!).map((s) => facts + s.node),
  ]);
  const of = packLists(lists);
  return { of, achievers: transposeLists(of, relaxation.nodes) };
}

/** The nodes that hold in a state without any action. */
export function holdingNodes(relaxation: Relaxation, words: Int32Array, slackOf: (node: number) => number): number[] {
  const out: number[] = [];
  for (let f = 0; f < relaxation.facts; f++) if ((words[f >> 5]! >>> (f & 31)) & 1) out.push(f);
  for (const [k, node] of relaxation.numeric.entries()) {
    const now = slackOf(k);
    if (node.strict ? now > 0 : now >= 0) out.push(relaxation.facts + k);
  }
  return out;
}
