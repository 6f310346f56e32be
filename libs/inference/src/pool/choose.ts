import type { NodeJob } from './node-job.js';
import type { PoolRandom } from './pool-clock.js';

/** What a chooser may know of a node that could take the call now, or as soon as it has a free slot. */
export interface NodeFacts {
  readonly name: string;
  /** Calls of this process that it may work on at a time, and those that it does. */
  readonly slots: number;
  readonly inFlight: number;
  /** Whether all its slots are taken; then to pick it is to wait for it. */
  readonly isFull: boolean;
  /** Jobs in front of this one that wait for it. */
  readonly wanted: number;
  /** Calls of this process that it has not begun to answer, and the input tokens of these that no cache has. */
  readonly unbegun: number;
  readonly unbegunTokens: number;
  /** How many calls its engine works on at a time, all others waiting; null: not known. */
  readonly seats: number | null;
  /** What its last probe saw; null: the engine does not say. */
  readonly kvUse: number | null;
  /** Calls of others that it had at its last probe. */
  readonly foreign: number;
  /** Tokens of the job's beginning that its cache is believed to have. */
  readonly cachedTokens: number;
  /**
   * Measured averages in milliseconds: per input token that no cache has, until the first token, and of a whole call.
   */
  readonly tokenMs: number;
  readonly firstTokenMs: number;
  readonly callMs: number;
  /** Average input tokens of its calls that no cache had. */
  readonly freshTokens: number;
  /** Price of this call in money; null: not known. */
  readonly price: number | null;
}

/** A node's score with its parts, each from 0 to 1 before its weight; more is better. */
export interface ScoredNode {
  readonly name: string;
  readonly score: number;
  readonly parts: Readonly<Record<string, number>>;
}

/** What was chosen, and how every node did. */
export interface Picked {
  readonly node: string;
  readonly scored: readonly ScoredNode[];
}

/**
 * Picks one of the nodes that could take a call: of at least one that is not full, one. A job for which a full node is
 * picked waits, and is asked about again when something has changed. Pure; the keys of `random` are the chooser's own.
 */
export type Chooser = (job: NodeJob, nodes: readonly NodeFacts[], random: PoolRandom) => Picked;
