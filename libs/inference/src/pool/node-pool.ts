import type { Engine, Logger, NodeLoad, NodeSpec, NodeView } from '@praxis/core';
import type { Chooser } from './choose.js';
import type { JobRunner } from './node-job.js';
import type { PoolClock, PoolRandom } from './pool-clock.js';

/** A node with where it was learnt of. */
export interface PoolNode {
  readonly spec: NodeSpec;
  readonly origin: 'settings' | 'registered';
  readonly isDraining?: boolean;
}

/** What a probe found, with what engines say of themselves beside their load. */
export interface ProbeReport extends NodeLoad {
  /** What it was found to be, where its description does not say. */
  readonly engine?: Engine;
  /** Requests that it works on at a time. */
  readonly slots?: number;
  /** Whether its model takes tools. */
  readonly tools?: 'native' | 'none';
  /** Tokens that its key-value cache holds. */
  readonly kvTokens?: number;
  /** Longest context of its models, in tokens, where it says so. */
  readonly contexts?: Readonly<Record<string, number>>;
}

/** Settings of a pool; all have defaults. */
export interface PoolOptions {
  readonly clock?: PoolClock;
  readonly random?: PoolRandom;
  readonly chooser?: Chooser;
  readonly log?: Logger;
  /** Slots of nodes that do not say how many they have; the bound then follows what their load says. */
  readonly defaultSlots?: number;
  /** Tokens of a block of `NodeJob.prefix`. */
  readonly blockTokens?: number;
  /** A probe's report older than this says nothing any more; null: nodes are not probed, so silence means nothing. */
  readonly staleMs?: number | null;
  /** How long a job waits while every node that serves its model is broken, before it fails. */
  readonly patienceMs?: number;
  /** Tries of a job at least; more where there are more nodes. */
  readonly maxTries?: number;
  /** Share of the calls that may be sent a second time because the first node is slow to begin; 0: never. */
  readonly hedgeShare?: number;
}

/** Inference nodes with their slots and one fair queue in front of them. */
export interface NodePool extends JobRunner {
  views(): readonly NodeView[];
  /** The nodes that there are from now on; those that stay keep what is known of them. */
  setNodes(nodes: readonly PoolNode[]): void;
  /** What a probe found. */
  noteLoad(name: string, report: ProbeReport): void;
  /** It gets no new calls; false where there is no such node. */
  drain(name: string): boolean;
  /** Refuses new jobs, aborts those under way, and resolves when all have ended. */
  close(): Promise<void>;
}
