import { orderNodes, splitConjunction, type Plan, type PlanNode } from '@praxis/core';

/**
 * Plans that were sampled independently, merged where they begin alike.
 *
 * plan-trie.1 A node's votes are the number of plans that begin with the keys that lead to it.
 * plan-trie.2 The majority path is the path of at least one of the plans, from the first key to its last.
 * plan-trie.3 At each branch it goes where most plans go, among equals where the earliest plan goes.
 */
export interface PlanTrie {
  readonly votes: number;
  readonly children: ReadonlyMap<string, PlanTrie>;
  /** The plans that end here. */
  readonly ends: readonly number[];
}

/** The plan that most samples lead to. */
export interface Majority {
  readonly keys: readonly string[];
  /** The plans that are this path, earliest first. */
  readonly plans: readonly number[];
  /** How many plans still agreed at each key. */
  readonly votes: readonly number[];
}

/** Merges plans, each a sequence of keys. */
export function buildTrie(plans: readonly (readonly string[])[]): PlanTrie {
  return grow(
    plans.map((keys, plan) => ({ keys, plan })),
    0,
  );
}

function grow(plans: readonly { readonly keys: readonly string[]; readonly plan: number }[], depth: number): PlanTrie {
  const branches = new Map<string, typeof plans>();
  for (const each of plans) {
    const key = each.keys[depth];
    if (key !== undefined) branches.set(key, [...(branches.get(key) ?? []), each]);
  }
  return {
    votes: plans.length,
    children: new Map([...branches].map(([key, those]) => [key, grow(those, depth + 1)])),
    ends: plans.filter((p) => p.keys.length === depth).map((p) => p.plan),
  };
}

/** Follows the majority from the root; null where the trie holds no plan. */
export function majorityPath(trie: PlanTrie): Majority | null {
  const keys: string[] = [];
  const votes: number[] = [];
  for (let at = trie; ;) {
    const next = [...at.children].reduce<[string, PlanTrie] | null>(
      (best, branch) => (best && !leads(branch[1], best[1]) ? best : branch),
      null,
    );
    if (!next || endsHere(at, next[1])) return at.ends.length > 0 ? { keys, plans: at.ends, votes } : null;
    keys.push(next[0]);
    votes.push(next[1].votes);
    at = next[1];
  }
}

const leads = (a: PlanTrie, b: PlanTrie): boolean =>
  a.votes > b.votes || (a.votes === b.votes && earliest(a) < earliest(b));

/** To stop is a branch as well. */
const endsHere = (at: PlanTrie, best: PlanTrie): boolean =>
  at.ends.length > best.votes || (at.ends.length === best.votes && at.ends[0]! < earliest(best));

const earliest = (trie: PlanTrie): number =>
  Math.min(trie.ends[0] ?? Infinity, ...[...trie.children.values()].map(earliest));

/**
 * A plan as a sequence of keys: what is to be brought about by whom, in an order that does not depend on how it was
 * written.
 */
export function planKeys({ nodes }: Plan): readonly string[] {
  const sorted = nodes.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return (orderNodes(sorted) ?? sorted).map(keyOf);
}

const keyOf = ({ owner, post }: PlanNode): string => `${owner ?? ''} ${[...splitConjunction(post)].sort().join(' ')}`;
