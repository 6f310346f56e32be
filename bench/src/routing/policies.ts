import type { Chooser, NodeFacts, PoolRandom } from '@praxis/inference';

/** A way to choose nodes, by name; null: the pool's own. */
export interface Policy {
  readonly name: string;
  /** Made anew for each pool: some have a memory. */
  readonly make: (() => Chooser) | null;
}

export const OURS = 'praxis';

const requests = (node: NodeFacts): number => node.inFlight + node.foreign;

/** The others wait for nobody in particular: they take a node with a free slot. */
const free = (nodes: readonly NodeFacts[]): readonly NodeFacts[] => nodes.filter((node) => node.inFlight < node.slots);

/** A chooser that takes the node of the highest score, ties at random. */
function byScore(name: string, score: (node: NodeFacts) => number): Chooser {
  let n = 0;
  return (_, offered, random) => {
    const scored = free(offered).map((node) => ({
      name: node.name,
      score: score(node),
      parts: { [name]: score(node) },
    }));
    const most = Math.max(...scored.map((s) => s.score));
    return {
      node: oneOf(
        scored.filter((s) => s.score === most),
        random,
        n++,
      ).name,
      scored,
    };
  };
}

function oneOf<T>(list: readonly T[], random: PoolRandom, n: number): T {
  return list[Math.floor(random('tie', n) * list.length)]!;
}

function roundRobin(): Chooser {
  let last = '';
  return (_, nodes) => {
    const sorted = free(nodes)
      .map((node) => node.name)
      .sort();
    last = sorted.find((name) => name > last) ?? sorted[0]!;
    return { node: last, scored: sorted.map((name) => ({ name, score: name === last ? 1 : 0, parts: {} })) };
  };
}

/** What others do, in our pool, so that nothing but the choice differs; and ours. */
export const POLICIES: readonly Policy[] = [
  { name: 'random', make: () => byScore('random', () => 0) },
  { name: 'round robin', make: roundRobin },
  { name: 'least requests', make: () => byScore('requests', (node) => -requests(node)) },
  // A thousandth of a token per request: it breaks ties of the match and never more.
  { name: 'prefix affinity', make: () => byScore('prefix', (node) => node.cachedTokens - requests(node) / 1_000) },
  { name: OURS, make: null },
];
