import type { CallPlace, NodeChoice, NodeSpec, TokenUsage } from '@praxis/core';

/** What a pool has to know of a call to find it a node. */
export interface NodeJob {
  readonly model: string;
  readonly place: CallPlace;
  /** Hashes of the beginning of the input, in blocks, each of which names all before it too; longest common beginning first. */
  readonly prefix: readonly string[];
  /** Estimated. */
  readonly inputTokens: number;
  readonly maxTokens: number;
  /** Whether a second node may be asked while the first has not begun to answer. */
  readonly mayHedge: boolean;
  readonly signal: AbortSignal;
  /** Most tries, hedges among them; the pool's own bound where it is left out. */
  readonly tries?: number;
  /** How long it waits while every node that serves its model is broken; the pool's own where it is left out. */
  readonly patienceMs?: number;
  /** Told each try as it ends, also of a job that fails in the end. */
  readonly onChoice?: (choice: NodeChoice) => void;
}

/** A slot on a node, for one try of a call. */
export interface NodeLease {
  readonly node: NodeSpec;
  /** The model's name there. */
  readonly model: string;
  /** Fires when the call was aborted, or another node was faster. */
  readonly signal: AbortSignal;
  /** The answer has begun: from here on nobody else is asked. */
  began(): void;
  /** Whether the node works on calls now, by its own word or by what comes of them: what has not begun waits its turn there. */
  isAtWork(): boolean;
  /** What the engine said about the tokens of this call, where it did: tells the pool how good its idea of the cache is. */
  used(usage: TokenUsage): void;
}

/** What came of a job, with every choice that was made for it. */
export interface NodeResult<T> {
  readonly value: T;
  readonly node: string;
  readonly choices: readonly NodeChoice[];
}

/** Runs calls on nodes. */
export interface JobRunner {
  /**
   * Runs a job on a node of the pool's choice, and on others where nodes fail. Rejects with `unavailable` after every node was
   * tried or ruled out, with `timeout` at the job's deadline, with the `NodeTrouble` that no other node would do better
   * at (`refused`, `too-long`), with the signal's reason where it was aborted, and with whatever else `work` throws.
   */
  run<T>(job: NodeJob, work: (lease: NodeLease) => Promise<T>): Promise<NodeResult<T>>;
}
