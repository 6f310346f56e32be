import type { Chooser, NodeFacts, ScoredNode } from './choose.js';
import type { NodeJob } from './node-job.js';

/**
 * How much each part of the score counts. Those that are times count alike, so that their sum orders nodes by the time
 * they take.
 */
export interface ChooserWeights {
  /** Reading what is in front of the call. */
  readonly ahead: number;
  /** Reading the call itself, without what the cache has. */
  readonly prefix: number;
  /** Waiting for a place in the engine's batch. */
  readonly queue: number;
  /** Sharing the engine with those that are answered. */
  readonly crowd: number;
  /** Room in the key-value cache. */
  readonly room: number;
  readonly price: number;
}

/** The weights that the routing benchmark holds good. */
export const CHOOSER_WEIGHTS: ChooserWeights = { ahead: 1, prefix: 1, queue: 1, crowd: 1, room: 0.05, price: 0.25 };

/**
 * Nodes whose scores differ by no more than this are as good as each other: one is drawn, so that routers which see the
 * same do not all do the same.
 */
const CLOSE = 0.001;
/**
 * How much more a token counts that has to be read where every slot is taken than where none is: whoever reads holds up
 * all that are answered, and all that wait.
 */
const READING_HOLDS_UP = 3;
/** Share of a call's time in which every further call beside it makes it longer, where engines batch. */
const CROWDING = 0.03;
/** Up to this use a key-value cache has room for any call. */
const ROOMY = 0.8;

/**
 * Scores nodes by the time until the answer that is to be expected of each, in parts, plus what has nothing to do with
 * time.
 *
 * Each part is 1 − time / longest time of any node, so 1 is best and parts of different nodes compare. Affinity for a
 * cache needs no guard against imbalance beside this: reading saved stands against reading that is in front.
 */
export function weightedChooser(weights: ChooserWeights = CHOOSER_WEIGHTS): Chooser {
  return (job, nodes, random) => {
    const times = nodes.map((node) => expectedTimes(job, node, 1 + READING_HOLDS_UP * busyShare(nodes)));
    const longest = Math.max(1, ...times.map((time) => time.ahead + time.prefix + time.queue + time.crowd));
    const dearest = Math.max(0, ...nodes.map((node) => node.price ?? 0));
    const scored = nodes.map((node, i) => score(node, times[i]!, { longest, dearest, weights }));
    const best = Math.max(...scored.map((one) => one.score));
    const close = scored.filter((one) => one.score >= best - CLOSE);
    return { node: draw(close, best, random('pick')), scored };
  };
}

interface Times {
  readonly ahead: number;
  readonly prefix: number;
  readonly queue: number;
  readonly crowd: number;
}

/** The share of all slots that is taken. */
function busyShare(nodes: readonly NodeFacts[]): number {
  const shares = nodes.map((node) => Math.min(1, (node.inFlight + node.foreign) / node.slots));
  return shares.reduce((sum, share) => sum + share, 0) / nodes.length;
}

function expectedTimes(job: NodeJob, node: NodeFacts, reading: number): Times {
  // Of the calls of others, as many as of ours are taken to wait for their first token.
  const foreignUnbegun = node.foreign * Math.min(1, node.firstTokenMs / Math.max(1, node.callMs));
  const there = node.inFlight + node.foreign;
  return {
    ahead: (node.unbegunTokens + foreignUnbegun * node.freshTokens) * node.tokenMs,
    prefix: Math.max(0, job.inputTokens - node.cachedTokens) * node.tokenMs * reading,
    queue: Math.max(
      slotWait(node),
      node.seats === null ? 0 : (Math.max(0, there + 1 - node.seats) * node.callMs) / node.seats,
    ),
    crowd: there * CROWDING * node.callMs,
  };
}

/** Until a full node has a slot: its calls end one after the other, and each goes to whoever waits in front first. */
function slotWait(node: NodeFacts): number {
  return node.isFull ? (node.callMs / Math.max(1, node.inFlight)) * (1 + node.wanted) : 0;
}

function score(
  node: NodeFacts,
  times: Times,
  scale: { readonly longest: number; readonly dearest: number; readonly weights: ChooserWeights },
): ScoredNode {
  const parts: Record<keyof ChooserWeights, number> = {
    ahead: 1 - times.ahead / scale.longest,
    prefix: 1 - times.prefix / scale.longest,
    queue: 1 - times.queue / scale.longest,
    crowd: 1 - times.crowd / scale.longest,
    room: 1 - Math.max(0, (node.kvUse ?? 0) - ROOMY) / (1 - ROOMY),
    price: scale.dearest === 0 ? 1 : 1 - (node.price ?? scale.dearest) / scale.dearest,
  };
  let sum = 0;
  let all = 0;
  for (const [name, weight] of Object.entries(scale.weights) as [keyof ChooserWeights, number][]) {
    sum += parts[name] * weight;
    all += weight;
  }
  return { name: node.name, score: sum / all, parts };
}

/** Draws one, the better the likelier. */
function draw(close: readonly ScoredNode[], best: number, at: number): string {
  const weights = close.map((one) => CLOSE - (best - one.score) + CLOSE / 10);
  let left = at * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, one] of close.entries()) {
    left -= weights[i]!;
    if (left < 0) return one.name;
  }
  return close.at(-1)!.name;
}
