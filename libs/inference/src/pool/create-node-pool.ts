import { PraxisError, type NodeChoice, type NodeView } from '@praxis/core';
import { Dispatcher, type Grant } from './dispatcher.js';
import { deadlinePassed } from './explain.js';
import { HedgeRule } from './hedge-rule.js';
import type { NodeJob, NodeLease, NodeResult } from './node-job.js';
import type { NodePool, PoolNode, PoolOptions, ProbeReport } from './node-pool.js';
import { NodeState } from './node-state.js';
import { Pace } from './pace.js';
import { realPoolClock, seededPoolRandom } from './pool-clock.js';
import { Retries } from './retries.js';
import { Try, type TryEnd } from './run-try.js';
import { weightedChooser } from './weighted-chooser.js';

/** What an engine of middling size runs at a time. */
const DEFAULT_SLOTS = 16;
/** Tokens in a block of 512 characters. */
const BLOCK_TOKENS = 128;
const PATIENCE_MS = 5_000;
const MAX_TRIES = 5;
/** The extra load that hedging may cause. */
const HEDGE_SHARE = 0.05;

/** Makes a pool without nodes; `setNodes` gives it some. */
export function createNodePool(options: PoolOptions = {}): NodePool {
  return new FairNodePool({
    clock: realPoolClock,
    random: seededPoolRandom('pool'),
    chooser: weightedChooser(),
    defaultSlots: DEFAULT_SLOTS,
    blockTokens: BLOCK_TOKENS,
    staleMs: null,
    patienceMs: PATIENCE_MS,
    maxTries: MAX_TRIES,
    hedgeShare: HEDGE_SHARE,
    ...options,
  });
}

interface OneTry {
  readonly attempt: number;
  readonly grant: Grant;
  readonly tried: Retries['tried'];
  readonly record: (choice: NodeChoice) => void;
  /** Takes leave to ask a second node; false where there is none. */
  readonly hedge: () => boolean;
}

type Filled = Required<Omit<PoolOptions, 'log'>> & Pick<PoolOptions, 'log'>;

/**
 * node-pool.1 A node never has more calls of this process under way than it has slots.
 * node-pool.2 A job ends exactly once: with a value, or with a reason.
 * node-pool.3 A node that is draining gets no new call, nor does one whose breaker is open; one that is down or silent
 *             gets one only while no other can.
 * node-pool.4 A call that began to be answered is asked of nobody else, and of two that were asked at most one goes on.
 * node-pool.5 The calls of a node that is lost move on to others, as do those that fail there for the node's own
 *             reasons; nodes that have not failed a call come first, and tries are bounded.
 * node-pool.6 Nothing waits for ever: the queue is fair (fair-queue.1–4), and what no node can do fails.
 * node-pool.7 A slot is given back exactly once, however its call ended, and every try is told with what was
 *             considered.
 */
class FairNodePool implements NodePool {
  readonly #pace = new Pace();
  readonly #hedges: HedgeRule;
  readonly #dispatcher: Dispatcher;
  /** Jobs under way, by what aborts them. */
  readonly #jobs = new Set<(reason: unknown) => void>();
  #closed: PraxisError | null = null;
  #onIdle: () => void = () => undefined;

  constructor(private readonly options: Filled) {
    this.#hedges = new HedgeRule(options.hedgeShare);
    this.#dispatcher = new Dispatcher({ ...options, pace: this.#pace });
  }

  async run<T>(job: NodeJob, work: (lease: NodeLease) => Promise<T>): Promise<NodeResult<T>> {
    if (this.#closed) throw this.#closed;
    job.signal.throwIfAborted();
    const stop = new AbortController();
    const abort = (reason: unknown) => stop.abort(reason);
    const onAbort = () => abort(job.signal.reason);
    job.signal.addEventListener('abort', onAbort, { once: true });
    this.#jobs.add(abort);
    void this.#stopAtDeadline(job, stop);
    try {
      return await this.#tryUntilDone({ ...job, signal: stop.signal }, work);
    } finally {
      stop.abort();
      job.signal.removeEventListener('abort', onAbort);
      this.#jobs.delete(abort);
      if (this.#jobs.size === 0) this.#onIdle();
    }
  }

  views(): readonly NodeView[] {
    return [...this.#dispatcher.nodes.values()].map((node) => node.view(this.#dispatcher.queuedFor(node)));
  }

  setNodes(nodes: readonly PoolNode[]): void {
    const { nodes: known } = this.#dispatcher;
    const names = new Set(nodes.map((node) => node.spec.name));
    for (const [name, node] of known) {
      if (names.has(name)) continue;
      known.delete(name);
      // One that was draining has said goodbye, and finishes what it has.
      if (!node.isDraining) node.lose(`${name} is gone`);
    }
    for (const node of nodes) {
      const there = known.get(node.spec.name);
      if (there && there.spec.url === node.spec.url) there.describe(node);
      else {
        there?.lose(`${node.spec.name} has moved to another address`);
        known.set(node.spec.name, new NodeState(node, { pace: this.#pace, ...this.options }));
      }
    }
    this.#dispatcher.pump();
  }

  noteLoad(name: string, report: ProbeReport): void {
    this.#dispatcher.nodes.get(name)?.noteLoad(report);
    this.#dispatcher.pump();
  }

  drain(name: string): boolean {
    const node = this.#dispatcher.nodes.get(name);
    if (!node) return false;
    node.drain();
    this.#dispatcher.pump();
    return true;
  }

  async close(): Promise<void> {
    this.#closed ??= new PraxisError('unavailable', 'This process is shutting down. Another one goes on with the run.');
    const idle = new Promise<void>((resolve) => (this.#onIdle = resolve));
    for (const abort of this.#jobs) abort(this.#closed);
    this.#dispatcher.failAll(this.#closed);
    if (this.#jobs.size > 0) await idle;
  }

  async #tryUntilDone<T>(job: NodeJob, work: (lease: NodeLease) => Promise<T>): Promise<NodeResult<T>> {
    const { clock, random, maxTries, log } = this.options;
    const choices: NodeChoice[] = [];
    const record = (choice: NodeChoice) => {
      choices.push(choice);
      job.onChoice?.(choice);
    };
    let hedged = 0;
    const most = (): number => (job.tries ?? Math.max(maxTries, this.#dispatcher.nodes.size)) - hedged;
    const retries = new Retries(job, { random, maxTries: most });
    let round: number | undefined;
    for (let attempt = 1; ; attempt++) {
      const entered = await this.#dispatcher
        .enter(job, retries.tried, attempt, round)
        .catch((error: unknown) => retries.explain(error));
      round = entered.round;
      const hedge = (): boolean => (job.tries === undefined || attempt < most()) && this.#hedges.take() && ++hedged > 0;
      const end = await this.#oneTry(job, work, { attempt, grant: entered.grant, tried: retries.tried, record, hedge });
      if ('value' in end) return { value: end.value, node: end.node, choices };
      for (const { grant, trouble } of end.troubles) {
        log?.debug('a call of a model failed at its node', {
          run: job.place.run,
          node: grant.node.spec.name,
          kind: trouble.kind,
        });
        retries.note(grant.node, trouble);
      }
      const pause = retries.next(attempt, () => this.#dispatcher.untried(job, retries.tried));
      if (pause > 0) await clock.sleep(pause, job.signal).catch(() => job.signal.throwIfAborted());
    }
  }

  #oneTry<T>(job: NodeJob, work: (lease: NodeLease) => Promise<T>, asking: OneTry): Promise<TryEnd<T>> {
    const { clock, random } = this.options;
    const { attempt, grant, tried, record, hedge } = asking;
    const asked = new Set([...tried.nodes, grant.node.spec.name]);
    const one = new Try<T>(job, work, {
      clock,
      attempt,
      record,
      hedgeAfterMs: job.mayHedge ? this.#hedges.afterMs(job.model) : null,
      second: () => (hedge() ? this.#dispatcher.second(job, { ...tried, nodes: asked }) : null),
      released: () => this.#dispatcher.pump(),
      began: (ms) => this.#hedges.began(job.model, ms),
      jitter: (node) => random('breaker', node, job.place.run, job.place.stream, attempt),
    });
    return one.run(grant);
  }

  async #stopAtDeadline(job: NodeJob, stop: AbortController): Promise<void> {
    const { deadline } = job.place;
    const { clock } = this.options;
    if (deadline === null) return;
    try {
      do await clock.sleep(Math.max(0, deadline - clock.now()), stop.signal);
      while (clock.now() < deadline);
      stop.abort(deadlinePassed());
    } catch {
      // The job has ended before.
    }
  }
}
