import type { Engine, NodeLoad, NodeSpec, NodeView, TokenUsage, ToolUse } from '@praxis/core';
import { NodeTrouble } from '../node-trouble.js';
import { Breaker } from './breaker.js';
import type { CallUnderway } from './call-underway.js';
import type { NodeFacts } from './choose.js';
import type { NodeJob } from './node-job.js';
import type { PoolNode, ProbeReport } from './node-pool.js';
import { Pace, type PaceAverages } from './pace.js';
import { PrefixIndex } from './prefix-index.js';
import { SlotBound } from './slot-bound.js';

/**
 * Blocks that a node's cache is taken to hold where it does not say: a quarter of a million tokens in blocks of 128.
 */
const UNKNOWN_CACHE_BLOCKS = 2_048;
/** Share of a cache that beginnings have; the rest goes to what is particular to each call. */
const CACHE_SHARE = 0.8;
/** Probes in a row that must fail before calls that wait for a node's first token are moved elsewhere. */
const LOST_AFTER_PROBES = 3;
/** What a node said longer ago says nothing of what it does now, in milliseconds. */
const AT_WORK_MS = 30_000;
/** How fast the belief in the index follows what engines report. */
const TRUST_STEP = 0.1;

/** Everything that a pool knows of one node. */
export class NodeState {
  spec: NodeSpec;
  origin: PoolNode['origin'];
  load: NodeLoad | null = null;
  readonly calls = new Set<CallUnderway>();
  readonly #pace = new Pace();
  readonly #prefixes = new PrefixIndex(UNKNOWN_CACHE_BLOCKS);
  readonly #breakers = new Map<string, Breaker>();
  readonly #bound: SlotBound;
  #contexts: Readonly<Record<string, number>> = {};
  #foreign = 0;
  #failedProbes = 0;
  /** As a probe found it out. */
  #engine: Engine | null = null;
  /** As its owner describes it, without what was found out. */
  #described: NodeSpec;
  #toolsFound: ToolUse = 'unknown';
  /** What it says it works on at a time. */
  #seats: number | null = null;
  /** Its owner drains it, or this process does, which holds until it is gone. */
  #drains: { owner: boolean; here: boolean };
  /** Share of the tokens believed to be cached that engines said were. */
  #trust = 1;

  constructor(
    node: PoolNode,
    private readonly pool: { readonly pace: Pace; readonly blockTokens: number; readonly defaultSlots: number },
  ) {
    this.spec = node.spec;
    this.#described = node.spec;
    this.origin = node.origin;
    this.#drains = { owner: node.isDraining === true, here: false };
    this.#bound = new SlotBound(pool.defaultSlots);
  }

  get slots(): number {
    return this.spec.slots ?? this.#bound.slots;
  }

  get hasSlot(): boolean {
    return this.calls.size < this.slots;
  }

  breaker(model: string): Breaker {
    const known = this.#breakers.get(model) ?? new Breaker();
    this.#breakers.set(model, known);
    return known;
  }

  /** Whether it serves a model; null: nobody has said what it serves. */
  serves(model: string): boolean | null {
    if (this.spec.serves.length > 0) return this.spec.serves.some((served) => served.name === model);
    const listed = this.load?.models;
    // Ollama lists `name:latest` for what is asked for by its name alone.
    return listed == null ? null : listed.includes(model) || listed.includes(`${model}:latest`);
  }

  /** The longest context of a model, in tokens; null: not known. */
  contextOf(model: string): number | null {
    return this.spec.serves.find((served) => served.name === model)?.contextTokens ?? this.#contexts[model] ?? null;
  }

  /** Its owner describes it anew. */
  describe(node: PoolNode): void {
    this.#described = node.spec;
    this.spec = this.#recognised(node.spec);
    this.origin = node.origin;
    this.#drains.owner = node.isDraining === true;
  }

  get isDraining(): boolean {
    return this.#drains.owner || this.#drains.here;
  }

  drain(): void {
    this.#drains.here = true;
  }

  noteLoad(report: ProbeReport): void {
    const wasUp = this.load?.isUp ?? true;
    // What was learnt while it was up still describes it when a probe fails.
    this.load = { ...report, models: report.models ?? this.load?.models ?? null };
    this.#failedProbes = report.isUp ? 0 : this.#failedProbes + 1;
    if (report.isUp && !wasUp) this.#prefixes.clear();
    if (this.#failedProbes === LOST_AFTER_PROBES)
      this.#abortCalls(
        `${this.spec.name} did not answer ${LOST_AFTER_PROBES} probes: ${report.note}`,
        (call) => !call.hasBegun,
      );
    if (report.isUp) this.#learn(report);
    this.#recognise(report);
  }

  #recognise({ engine, tools }: ProbeReport): void {
    this.#engine = engine ?? this.#engine;
    this.#toolsFound = tools ?? this.#toolsFound;
    this.spec = this.#recognised(this.#described);
  }

  /** A client asks each engine in the engine's own way, so that it has to know which it is and whether it takes tools. */
  #recognised(spec: NodeSpec): NodeSpec {
    const engine = spec.engine === 'unknown' ? (this.#engine ?? 'unknown') : spec.engine;
    const tools = spec.tools === 'unknown' ? this.#toolsFound : spec.tools;
    return engine === spec.engine && tools === spec.tools ? spec : { ...spec, engine, tools };
  }

  /** It is gone: its calls move on. */
  lose(why: string): void {
    this.#abortCalls(why, () => true);
  }

  /** Takes a slot for a call. */
  take(job: NodeJob, now: number): CallUnderway {
    const call: CallUnderway = {
      job,
      abort: new AbortController(),
      startedAt: now,
      hasBegun: false,
      fresh: Math.max(0, job.inputTokens - this.#cachedTokens(job)),
      ahead: this.#unbegunTokens(),
      isTrial: this.breaker(job.model).took(),
    };
    this.calls.add(call);
    this.#prefixes.add(job.prefix);
    return call;
  }

  began(call: CallUnderway, now: number): void {
    if (call.hasBegun) return;
    call.hasBegun = true;
    for (const pace of [this.#pace, this.pool.pace]) pace.began(now, now - call.startedAt, call.fresh, call.ahead);
  }

  /** Whether it works on calls, by its own word or by what comes of them. */
  isAtWork(now: number): boolean {
    const { load } = this;
    if (load?.isUp !== true || now - load.at > AT_WORK_MS) return false;
    return (load.running ?? 0) > 0 || [...this.calls].some((call) => call.hasBegun);
  }

  used(call: CallUnderway, usage: TokenUsage): void {
    const believed = call.job.inputTokens - call.fresh;
    if (believed <= 0 || usage.input <= 0) return;
    const share = Math.min(1, usage.cached / usage.input / (believed / Math.max(1, call.job.inputTokens)));
    this.#trust += (share - this.#trust) * TRUST_STEP;
  }

  /** Gives the slot back, with what came of the call: null where it says nothing about the node. */
  release(call: CallUnderway, outcome: 'ok' | NodeTrouble | null, now: number, jitter: number): void {
    if (!this.calls.delete(call)) return;
    const ours = this.calls.size + 1;
    const breaker = this.breaker(call.job.model);
    if (outcome === 'ok') {
      this.began(call, now);
      for (const pace of [this.#pace, this.pool.pace]) pace.ended(now, now - call.startedAt);
      breaker.succeeded(call.isTrial);
      this.#bound.keptUp(ours, (this.load?.waiting ?? null) !== null);
    } else if (outcome === null || !outcome.isNodesOwn) {
      // A refusal is an answer: the node works.
      if (outcome === null) breaker.released(call.isTrial);
      else breaker.succeeded(call.isTrial);
    } else {
      if (outcome.kind === 'busy') this.#bound.tooMany(ours);
      breaker.failed(outcome, now, call.isTrial, jitter);
    }
  }

  facts(job: NodeJob, now: number, more: { readonly prior: PaceAverages; readonly wanted: number }): NodeFacts {
    const averages = this.#pace.averages(now, more.prior);
    const served = this.spec.serves.find((model) => model.name === job.model);
    const price = served?.price ?? null;
    return {
      name: this.spec.name,
      slots: this.slots,
      inFlight: this.calls.size,
      isFull: !this.hasSlot,
      wanted: more.wanted,
      unbegun: [...this.calls].filter((call) => !call.hasBegun).length,
      unbegunTokens: this.#unbegunTokens(),
      seats: this.spec.slots ?? this.#seats,
      kvUse: this.load?.kvUse ?? null,
      foreign: this.#foreign,
      cachedTokens: this.#cachedTokens(job) * this.#trust,
      ...averages,
      tokenMs: Math.max(averages.tokenMs, this.#slowestSoFar(now)),
      price: price === null ? null : (job.inputTokens * price.input + job.maxTokens * price.output) / 1e6,
    };
  }

  view(queued: number): NodeView {
    return {
      spec: this.spec,
      origin: this.origin,
      isDraining: this.isDraining,
      load: this.load,
      inFlight: this.calls.size,
      queued,
      broken: [...this.#breakers].filter(([, breaker]) => breaker.isOpen).map(([model]) => model),
      firstTokenMs: this.#pace.firstTokenMs,
    };
  }

  #learn(report: ProbeReport): void {
    if (report.kvTokens !== undefined) this.#prefixes.resize((report.kvTokens * CACHE_SHARE) / this.pool.blockTokens);
    this.#contexts = report.contexts ?? this.#contexts;
    this.#foreign = Math.max(0, (report.running ?? 0) + (report.waiting ?? 0) - this.calls.size);
    if (report.slots !== undefined) this.#seats = report.slots;
    this.#bound.note(report, this.calls.size, this.#foreign);
  }

  #cachedTokens(job: NodeJob): number {
    return Math.min(job.inputTokens, this.#prefixes.match(job.prefix) * this.pool.blockTokens);
  }

  #unbegunTokens(): number {
    let tokens = 0;
    for (const call of this.calls) if (!call.hasBegun) tokens += call.fresh;
    return tokens;
  }

  /**
   * Milliseconds per token that calls which wait for their first token have cost at least: a node that hangs shows here
   * first.
   */
  #slowestSoFar(now: number): number {
    let slowest = 0;
    for (const call of this.calls)
      if (!call.hasBegun)
        slowest = Math.max(slowest, (now - call.startedAt) / (PATIENT_TOKENS + call.fresh + call.ahead));
    return slowest;
  }

  #abortCalls(why: string, which: (call: CallUnderway) => boolean): void {
    for (const call of this.calls) if (which(call)) call.abort.abort(new NodeTrouble('unreachable', why));
  }
}

/**
 * Added to a call's tokens when it is judged by how long it has waited, so that a short one is not taken for a slow
 * node.
 */
const PATIENT_TOKENS = 512;
