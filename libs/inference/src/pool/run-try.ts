import type { NodeChoice } from '@praxis/core';
import { NodeTrouble } from '../node-trouble.js';
import type { Grant } from './dispatcher.js';
import type { NodeJob, NodeLease } from './node-job.js';
import type { PoolClock } from './pool-clock.js';

/** Longest outcome of a choice: it is journalled with every step. */
const LONGEST_OUTCOME = 160;

/** How long work may take to stop once it was aborted; then its slot is given to others. */
const LET_GO_MS = 1_000;

/** How a try ended: with a value, or with the trouble of each node that was asked. */
export type TryEnd<T> = { readonly value: T; readonly node: string } | { readonly troubles: readonly { readonly grant: Grant; readonly trouble: NodeTrouble }[] };

/** What a try works with. */
export interface TryParts {
  readonly clock: PoolClock;
  readonly attempt: number;
  /** A second node, once the first was slow to begin; null: there is none to be had. */
  readonly second: () => Grant | null;
  /** How long the first may take to begin; null: nobody else is asked. */
  readonly hedgeAfterMs: number | null;
  /** An answer has begun after so long. */
  readonly began: (ms: number) => void;
  /** A slot was given back. */
  readonly released: () => void;
  readonly jitter: (node: string) => number;
  readonly record: (choice: NodeChoice) => void;
}

interface Lane {
  readonly grant: Grant;
  readonly hedge: boolean;
  isOver: boolean;
  /** Resolves when the work has come to its end, however that was. */
  ended: Promise<void>;
}

/** One try of a job: on one node, or on two until the first of them begins to answer. */
export class Try<T> {
  readonly #lanes = new Set<Lane>();
  readonly #troubles: { readonly grant: Grant; readonly trouble: NodeTrouble }[] = [];
  readonly #noHedge = new AbortController();
  #ends!: { readonly resolve: (end: TryEnd<T>) => void; readonly reject: (error: unknown) => void };

  constructor(private readonly job: NodeJob, private readonly work: (lease: NodeLease) => Promise<T>, private readonly parts: TryParts) {}

  /** Rejects only with what is not the nodes' doing. */
  async run(first: Grant): Promise<TryEnd<T>> {
    const onAbort = () => {
      for (const lane of this.#lanes) lane.grant.call.abort.abort(this.job.signal.reason);
    };
    this.job.signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<TryEnd<T>>((resolve, reject) => {
        this.#ends = { resolve, reject };
        this.#launch(first, false);
        if (this.job.signal.aborted) onAbort();
        if (this.parts.hedgeAfterMs !== null) void this.#hedgeLater(this.parts.hedgeAfterMs);
      });
    } finally {
      this.#noHedge.abort();
      this.job.signal.removeEventListener('abort', onAbort);
    }
  }

  #launch(grant: Grant, hedge: boolean): void {
    const lane: Lane = { grant, hedge, isOver: false, ended: Promise.resolve() };
    const { node, call } = grant;
    const { signal } = call.abort;
    this.#lanes.add(lane);
    const lease: NodeLease = {
      node: node.spec,
      model: this.job.model,
      signal,
      began: () => {
        if (lane.isOver || call.hasBegun) return;
        const now = this.parts.clock.now();
        node.began(call, now);
        this.parts.began(now - call.startedAt);
        this.#outrun(lane);
      },
      isAtWork: () => node.isAtWork(this.parts.clock.now()),
      used: (usage) => node.used(call, usage),
    };
    // Work that does not listen to the signal must not hold up the job.
    const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
    const done = async () => {
      // The node may have been lost since the slot was given.
      signal.throwIfAborted();
      return this.work(lease);
    };
    const work = done();
    lane.ended = work.then(
      () => undefined,
      () => undefined,
    );
    Promise.race([work, aborted]).then(
      (value) => this.#succeeded(lane, value),
      (error: unknown) => this.#failed(lane, signal.aborted ? signal.reason : error),
    );
  }

  async #hedgeLater(ms: number): Promise<void> {
    try {
      await this.parts.clock.sleep(ms, this.#noHedge.signal);
    } catch {
      return; // The answer has begun, or the try is over.
    }
    const grant = this.#noHedge.signal.aborted ? null : this.parts.second();
    if (grant) this.#launch(grant, true);
  }

  #succeeded(lane: Lane, value: T): void {
    if (!this.#end(lane, 'ok', 'ok')) return;
    this.#outrun(lane);
    this.#ends.resolve({ value, node: lane.grant.node.spec.name });
  }

  #failed(lane: Lane, error: unknown): void {
    if (error instanceof NodeTrouble) {
      if (!this.#end(lane, error, `${error.kind}: ${error.message}`)) return;
      this.#troubles.push({ grant: lane.grant, trouble: error });
      if (this.#lanes.size === 0) this.#ends.resolve({ troubles: this.#troubles });
    } else if (this.#end(lane, null, this.job.signal.aborted ? 'aborted' : 'failed for reasons of its own')) {
      this.#outrun(lane);
      this.#ends.reject(error);
    }
  }

  /** This one won: the others are let go. */
  #outrun(winner: Lane): void {
    this.#noHedge.abort();
    for (const lane of this.#lanes) {
      if (lane === winner) continue;
      lane.grant.call.abort.abort(new DOMException('Another node was faster.', 'AbortError'));
      this.#end(lane, null, `slower than ${winner.grant.node.spec.name}`);
    }
  }

  #end(lane: Lane, outcome: 'ok' | NodeTrouble | null, said: string): boolean {
    if (lane.isOver) return false;
    lane.isOver = true;
    this.#lanes.delete(lane);
    const { grant, hedge } = lane;
    const name = grant.node.spec.name;
    this.parts.record({
      model: this.job.model, attempt: this.parts.attempt, hedge, picked: name, waitedMs: grant.waitedMs,
      considered: grant.considered, outcome: said.length > LONGEST_OUTCOME ? `${said.slice(0, LONGEST_OUTCOME - 1)}…` : said,
    });
    const release = () => {
      grant.node.release(grant.call, outcome, this.parts.clock.now(), this.parts.jitter(name));
      this.parts.released();
    };
    // A node still works on what was aborted until the work has let go of it.
    if (grant.call.abort.signal.aborted) void this.#letGo(lane).then(release);
    else release();
    return true;
  }

  async #letGo(lane: Lane): Promise<void> {
    const inTime = new AbortController();
    const tooLong = this.parts.clock.sleep(LET_GO_MS, inTime.signal).catch(() => undefined);
    await Promise.race([lane.ended, tooLong]);
    inTime.abort();
  }
}
