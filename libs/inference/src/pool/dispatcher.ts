import { PraxisError, type NodeChoice } from '@praxis/core';
import type { Chooser, Picked } from './choose.js';
import { deadlinePassed, explain, noNode } from './explain.js';
import { FairQueue, type Ticket } from './fair-queue.js';
import type { NodeJob } from './node-job.js';
import type { CallUnderway } from './call-underway.js';
import type { NodeState } from './node-state.js';
import type { Pace } from './pace.js';
import { UNMEASURED } from './pace.js';
import type { PoolClock, PoolRandom } from './pool-clock.js';
import { ruleOut, type RuledOut, type Tried } from './rule-out.js';

/** Jobs that a full queue is asked about at a time: the ones behind them wait for these anyway. */
const MOST_LOOKS = 64;
/** After waiting so long a job takes any free slot: the node that it waited for may hang. */
const HOLD_MS = 10_000;

/**
 * So long a job that waits for a full node is not asked about again, unless that node has a slot: most of the work of a
 * full queue.
 */
const ASK_AGAIN_MS = 1_000;

/** A slot of a node for a job, and why that node. */
export interface Grant {
  readonly node: NodeState;
  readonly call: CallUnderway;
  readonly waitedMs: number;
  readonly considered: NodeChoice['considered'];
}

/** What the dispatcher works with. */
export interface DispatcherParts {
  readonly clock: PoolClock;
  readonly random: PoolRandom;
  readonly chooser: Chooser;
  readonly pace: Pace;
  readonly staleMs: number | null;
  readonly patienceMs: number;
}

interface Waiting {
  readonly job: NodeJob;
  readonly tried: Tried;
  readonly attempt: number;
  readonly settle: { readonly grant: (grant: Grant) => void; readonly fail: (error: PraxisError) => void };
  /** Since when no node can take it, whatever becomes free. */
  stuckSince: number | null;
  /** The full node that it waits for though another has a free slot, and since when that has been so. */
  held: { readonly node: NodeState; readonly at: number } | null;
}

interface Fit {
  readonly ruledOut: ReadonlyMap<NodeState, RuledOut>;
  /** Nodes that may take the job, with or without a free slot. */
  readonly nodes: readonly NodeState[];
}

/**
 * Gives free slots to the jobs that wait.
 *
 * Jobs are looked at in the order of the queue; one whose nodes are all full is passed over, so that no model waits for
 * another's nodes. The chooser may hold a job back for a full node, such as the one that has its beginning in the
 * cache.
 */
export class Dispatcher {
  readonly nodes = new Map<string, NodeState>();
  readonly #queue = new FairQueue<Waiting>();
  #alarm: { readonly at: number; readonly stop: AbortController } | null = null;

  constructor(private readonly parts: DispatcherParts) {}

  /**
   * Waits for a slot; rejects with `unavailable` where there will be none, with `timeout` at the job's deadline, with
   * the signal's reason.
   */
  enter(
    job: NodeJob,
    tried: Tried,
    attempt: number,
    round?: number,
  ): Promise<{ readonly grant: Grant; readonly round: number }> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        if (this.#queue.drop(ticket)) reject(job.signal.reason as Error);
      };
      const over = () => job.signal.removeEventListener('abort', onAbort);
      const settle = {
        grant: (grant: Grant) => (over(), resolve({ grant, round: ticket.round })),
        fail: (error: PraxisError) => (over(), reject(error)),
      };
      const ticket = this.#queue.add(
        { job, tried, attempt, settle, stuckSince: null, held: null },
        job.place,
        this.parts.clock.now(),
        round,
      );
      job.signal.addEventListener('abort', onAbort, { once: true });
      this.pump();
    });
  }

  /** A free slot on another node for a call that is slow to begin; null where there is none, or others wait for it. */
  second(job: NodeJob, tried: Tried): Grant | null {
    if (this.#queue.length > 0) return null;
    const fit = this.#fit(job, tried);
    const free = fit.nodes.filter((node) => node.hasSlot && !tried.nodes.has(node.spec.name));
    if (free.length === 0) return null;
    return this.#grant(job, tried, fit, {
      ...this.#choose(job, free, { wanted: new Map(), keys: ['hedge'] }),
      since: this.parts.clock.now(),
    });
  }

  /** Nodes that may serve the job and have not failed it. */
  untried(job: NodeJob, tried: Tried): number {
    return this.#fit(job, tried).nodes.filter((node) => !tried.nodes.has(node.spec.name)).length;
  }

  /** Jobs that wait and that a node could take. */
  queuedFor(node: NodeState): number {
    return this.#queue.inOrder(this.parts.clock.now()).filter(({ item }) => node.serves(item.job.model) !== false)
      .length;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Hands out what is free. To be called whenever something became free, or a node changed. */
  pump(): void {
    const now = this.parts.clock.now();
    const full = new Set<string>();
    const wanted = new Map<NodeState, number>();
    let looks = 0;
    for (const ticket of [...this.#queue.inOrder(now)]) {
      const { job, tried, stuckSince } = ticket.item;
      const isPlain = tried.nodes.size === 0 && tried.tooLongFor === null && stuckSince === null;
      if (job.place.deadline !== null && now >= job.place.deadline) this.#fail(ticket, deadlinePassed());
      else if (!isPlain || !(full.has(job.model) || looks >= MOST_LOOKS)) {
        looks += 1;
        if (this.#serve(ticket, now, wanted) === 'full' && isPlain) full.add(job.model);
      }
    }
    this.#setAlarm(now);
  }

  /** Nobody waits any longer. */
  failAll(error: PraxisError): void {
    for (const ticket of [...this.#queue.inOrder(this.parts.clock.now())]) this.#fail(ticket, error);
    this.#alarm?.stop.abort();
    this.#alarm = null;
  }

  #serve(ticket: Ticket<Waiting>, now: number, wanted: Map<NodeState, number>): 'served' | 'stuck' | 'full' | 'held' {
    const { item } = ticket;
    const { job, tried } = item;
    if (item.held && !item.held.node.hasSlot && now - item.held.at < ASK_AGAIN_MS) return hold(item.held.node, wanted);
    item.held = null;
    const fit = this.#fit(job, tried);
    if (fit.nodes.length === 0) return this.#stuck(ticket, fit, now);
    item.stuckSince = null;
    const free = fit.nodes.filter((node) => node.hasSlot);
    if (free.length === 0) return 'full';
    try {
      const asked = now - ticket.since < HOLD_MS ? fit.nodes : free;
      const choice = this.#choose(job, asked, { wanted, keys: [item.attempt] });
      if (!choice.node.hasSlot) {
        item.held = { node: choice.node, at: now };
        return hold(choice.node, wanted);
      }
      this.#queue.serve(ticket);
      item.settle.grant(this.#grant(job, tried, fit, { ...choice, since: ticket.since }));
    } catch (error) {
      // A chooser that throws fails the job it was asked about, not whoever happened to free the slot.
      this.#fail(ticket, PraxisError.from(error));
    }
    return 'served';
  }

  /** No node can take it: it fails where that will not change in time. */
  #stuck(ticket: Ticket<Waiting>, fit: Fit, now: number): 'stuck' {
    ticket.item.stuckSince ??= now;
    const { job, stuckSince } = ticket.item;
    const until = stuckSince + (job.patienceMs ?? this.parts.patienceMs);
    const mayChange =
      this.nodes.size === 0 ||
      [...fit.ruledOut].some(
        ([node, { how }]) => how === 'now' && (node.breaker(job.model).changesAt(now) ?? now) < until,
      );
    if (!mayChange || now >= until) this.#fail(ticket, noNode(job, fit.ruledOut));
    return 'stuck';
  }

  #fit(job: NodeJob, tried: Tried): Fit {
    const at = { now: this.parts.clock.now(), staleMs: this.parts.staleMs };
    const ruledOut = new Map<NodeState, RuledOut>();
    const sure: NodeState[] = [];
    const unsure: NodeState[] = [];
    for (const node of this.nodes.values()) {
      const out = ruleOut(node, job, tried, at);
      if (out === null) sure.push(node);
      else ruledOut.set(node, out);
      if (out?.how === 'unsure') unsure.push(node);
    }
    const open = sure.length > 0 ? sure : unsure;
    const untried = open.filter((node) => !tried.nodes.has(node.spec.name));
    return { ruledOut, nodes: untried.length > 0 ? untried : open };
  }

  #choose(
    job: NodeJob,
    nodes: readonly NodeState[],
    more: { readonly wanted: ReadonlyMap<NodeState, number>; readonly keys: readonly (string | number)[] },
  ): { readonly node: NodeState; readonly picked: Picked } {
    const { clock, pace, chooser, random } = this.parts;
    const now = clock.now();
    const prior = pace.averages(now, UNMEASURED);
    const keys = [job.place.run, job.place.stream, job.prefix.at(-1) ?? '', job.inputTokens, ...more.keys];
    const facts = nodes.map((node) => node.facts(job, now, { prior, wanted: more.wanted.get(node) ?? 0 }));
    const picked = chooser(job, facts, (...own) => random(...keys, ...own));
    const node = nodes.find(({ spec }) => spec.name === picked.node);
    if (!node) throw new PraxisError('bug', `The chooser picked ${picked.node}, which it was not offered.`);
    return { node, picked };
  }

  #grant(
    job: NodeJob,
    tried: Tried,
    fit: Fit,
    choice: { readonly node: NodeState; readonly picked: Picked; readonly since: number },
  ): Grant {
    const now = this.parts.clock.now();
    const considered = explain([...this.nodes.values()], choice.picked, (other) => {
      const out = fit.ruledOut.get(other);
      if (out) return out.why;
      return tried.nodes.has(other.spec.name) ? 'has failed this call' : `all of its ${other.slots} slots are taken`;
    });
    return { node: choice.node, call: choice.node.take(job, now), waitedMs: now - choice.since, considered };
  }

  #fail(ticket: Ticket<Waiting>, error: PraxisError): void {
    if (this.#queue.drop(ticket)) ticket.item.settle.fail(error);
  }

  /** When time alone changes something for one that waits. */
  #changesAt({ item }: Ticket<Waiting>, now: number): number {
    const { job, tried, stuckSince } = item;
    const times = [job.place.deadline ?? Number.POSITIVE_INFINITY];
    if (item.held) times.push(item.held.at + ASK_AGAIN_MS);
    if (stuckSince !== null) times.push(stuckSince + (job.patienceMs ?? this.parts.patienceMs));
    if (stuckSince !== null || tried.nodes.size > 0)
      for (const node of this.nodes.values())
        times.push(node.breaker(job.model).changesAt(now) ?? Number.POSITIVE_INFINITY);
    // What is past was looked at, or waits for those in front.
    return Math.min(...times.filter((time) => time > now), Number.POSITIVE_INFINITY);
  }

  /** Wakes up when time alone changes something for those that wait. */
  #setAlarm(now: number): void {
    const at = this.#queue
      .inOrder(now)
      .reduce((first, ticket) => Math.min(first, this.#changesAt(ticket, now)), Number.POSITIVE_INFINITY);
    if (this.#alarm?.at === at) return;
    this.#alarm?.stop.abort();
    this.#alarm = null;
    if (at === Number.POSITIVE_INFINITY) return;
    const alarm = { at, stop: new AbortController() };
    this.#alarm = alarm;
    this.parts.clock.sleep(Math.max(0, at - now), alarm.stop.signal).then(
      () => {
        if (this.#alarm === alarm) this.#alarm = null;
        this.pump();
      },
      // It was called off.
      () => undefined,
    );
  }
}

function hold(node: NodeState, wanted: Map<NodeState, number>): 'held' {
  wanted.set(node, (wanted.get(node) ?? 0) + 1);
  return 'held';
}
