import { keyedRandom, PraxisError } from '@praxis/core';
import { KvCache } from './kv-cache.js';
import { DEFAULT_NODE_SIZE, nodeRates, type NodeSize } from './node-rates.js';
import { Sequence, type SimulatedAnswer, type SimulatedCall } from './sequence.js';
import type { SimClock } from './sim-clock.js';
import type { SimulatedLoad } from './simulated-load.js';

/** How a simulated node is made. */
export interface SimulatedNodeOptions extends Partial<NodeSize> {
  readonly clock: SimClock;
  readonly seed?: string;
  /** Share by which the work of a request may be more or less than its tokens, drawn by seed and its number. */
  readonly jitter?: number;
}

/** What is less than this of a token is done: rounding of times must not leave crumbs. */
const CRUMB = 1e-6;
const CALLED_OFF = new Error('The alarm was set anew.');

/**
 * An inference engine with continuous batching, as events in model time instead of computation.
 *
 * simulated-node.1 At most `slots` requests run; one of them at most is being read, the others speak.
 * simulated-node.2 A request holds memory from its admission to its end; what all hold never exceeds `cacheTokens`
 *                  (kv-cache.1, kv-cache.2).
 * simulated-node.3 Requests are admitted in the order in which they came; one that does not fit holds up those behind
 *                  it.
 * simulated-node.4 A request ends exactly once: answered, cancelled, or lost with its node; then it holds nothing.
 * simulated-node.5 Equal requests at equal times take equal times: nothing depends on how late the clock wakes the
 *                  node.
 */
export class SimulatedNode {
  readonly size: NodeSize;
  readonly #clock: SimClock;
  readonly #seed: string;
  readonly #jitter: number;
  #cache: KvCache;
  #at: number;
  #requests = 0;
  readonly #waiting: Sequence[] = [];
  #reading: Sequence | null = null;
  readonly #speaking = new Set<Sequence>();
  #factor = 1;
  #isDead = false;
  #totals = { queries: 0, hits: 0, read: 0, said: 0 };
  #alarm: { readonly at: number; readonly stop: AbortController } | null = null;
  readonly #news: (() => void)[] = [];

  constructor({ clock, seed = 'node', jitter = 0, ...size }: SimulatedNodeOptions) {
    this.size = { ...DEFAULT_NODE_SIZE, ...size };
    this.#clock = clock;
    this.#seed = seed;
    this.#jitter = jitter;
    this.#cache = this.#emptyCache();
    this.#at = clock.now();
  }

  /**
   * Works on a request; fails with `cancelled`, with `unavailable` where the node died, or with `invalid` where it can
   * never fit.
   */
  serve(call: SimulatedCall): Promise<SimulatedAnswer> {
    return new Promise((resolve, reject) => {
      if (call.signal.aborted) reject(new PraxisError('cancelled', 'The request was cancelled.'));
      else if (this.#isDead) reject(lost());
      else if (this.#blocksOf(call) > this.#cache.capacity) {
        reject(
          new PraxisError(
            'invalid',
            `The request has ${call.inputTokens + call.outputTokens} tokens and the node has room for ${this.size.cacheTokens}. Ask for less.`,
          ),
        );
      } else this.#enter(call, { resolve, reject });
    });
  }

  load(): SimulatedLoad {
    this.#advance();
    const running = this.#speaking.size + (this.#reading ? 1 : 0);
    return { running, waiting: this.#waiting.length, kvUse: this.#cache.inUse / this.#cache.capacity, ...this.#totals };
  }

  /** Loses everything it works on, and its cache; refuses all until it recovers. */
  die(): void {
    this.#advance();
    this.#isDead = true;
    const all = [...this.#speaking, ...(this.#reading ? [this.#reading] : []), ...this.#waiting];
    for (const one of all) this.#leave(one, () => one.fail(lost()));
    this.#cache = this.#emptyCache();
    this.#turnTo();
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Everything takes so many times as long from now on. */
  slow(factor: number): void {
    this.#advance();
    this.#factor = factor;
    this.#turnTo();
  }

  /** Alive and as fast as ever. */
  recover(): void {
    this.#isDead = false;
    this.slow(1);
  }

  #enter(
    call: SimulatedCall,
    ends: { resolve(answer: SimulatedAnswer): void; reject(error: PraxisError): void },
  ): void {
    this.#advance();
    const random = keyedRandom(this.#seed, this.#requests++);
    const one = new Sequence(call, ends, { at: this.#clock.now(), stretch: 1 + this.#jitter * (2 * random - 1) });
    const cancel = (): void => {
      this.#advance();
      if (one.isOver) return;
      this.#leave(one, () => one.fail(new PraxisError('cancelled', 'The request was cancelled.')));
      this.#turnTo();
    };
    call.signal.addEventListener('abort', cancel, { once: true });
    one.onEnd = () => call.signal.removeEventListener('abort', cancel);
    this.#waiting.push(one);
    this.#turnTo();
  }

  /** After a change at this very time: admits who can be, tells the news, and sets the alarm for the next event. */
  #turnTo(): void {
    this.#admit();
    this.#tell();
    this.#setAlarm();
  }

  /** Lets the model catch up with the clock, event by event (simulated-node.5). */
  #advance(): void {
    const now = this.#clock.now();
    for (;;) {
      const wait = this.#untilNext();
      if (this.#at + wait > now + CRUMB) break;
      this.#progress(wait);
      this.#settle();
      this.#admit();
    }
    this.#progress(Math.max(0, now - this.#at));
    this.#tell();
    this.#setAlarm();
  }

  #rates(): { readonly read: number; readonly say: number } {
    const { read, say } = nodeRates(this.size, this.#speaking.size, this.#reading !== null);
    return { read: read / this.#factor, say: say / this.#factor };
  }

  #untilNext(): number {
    const { read, say } = this.#rates();
    let wait = this.#reading ? this.#reading.unread / read : Infinity;
    for (const one of this.#speaking) wait = Math.min(wait, one.untilNews / say);
    return Math.max(0, wait);
  }

  #progress(ms: number): void {
    const { read, say } = this.#rates();
    if (this.#reading) this.#reading.unread -= ms * read;
    for (const one of this.#speaking) one.unsaid -= ms * say;
    this.#at += ms;
  }

  #settle(): void {
    const read = this.#reading;
    if (read && read.unread <= CRUMB) {
      this.#reading = null;
      this.#speaking.add(read);
      this.#cache.keep(read.share!);
      this.#totals.read += read.call.inputTokens - read.cachedTokens;
      this.#news.push(...read.begin(this.#at));
    }
    for (const one of this.#speaking) {
      this.#news.push(...one.hear(CRUMB));
      if (one.unsaid > CRUMB) continue;
      this.#totals.said += one.call.outputTokens;
      const at = this.#at;
      this.#leave(one, () => one.succeed(at));
    }
  }

  #admit(): void {
    while (this.#reading === null && this.#speaking.size < this.size.slots) {
      const first = this.#waiting[0];
      const share = first && this.#cache.take(first.call.blocks, this.#blocksOf(first.call));
      if (!share) return;
      this.#waiting.shift();
      first.admit(share, this.#at, share.matched * this.size.blockTokens);
      this.#totals.queries += first.call.inputTokens;
      this.#totals.hits += first.cachedTokens;
      this.#reading = first;
    }
  }

  #leave(one: Sequence, news: () => void): void {
    one.isOver = true;
    const place = this.#waiting.indexOf(one);
    if (place >= 0) this.#waiting.splice(place, 1);
    if (this.#reading === one) this.#reading = null;
    this.#speaking.delete(one);
    if (one.share) this.#cache.release(one.share);
    this.#news.push(news);
  }

  /** Whoever hears the news may come back at once with another request, so the model must be at rest by then. */
  #tell(): void {
    for (let news = this.#news.shift(); news; news = this.#news.shift()) news();
  }

  #setAlarm(): void {
    const at = this.#at + this.#untilNext();
    // One that rings too early finds nothing to do and is set anew: cheaper than to stop it at each change.
    if (at === Infinity || (this.#alarm && this.#alarm.at <= at)) return;
    // With a reason of its own: to make one anew each time is dear.
    this.#alarm?.stop.abort(CALLED_OFF);
    const alarm = { at, stop: new AbortController() };
    this.#alarm = alarm;
    this.#clock.sleep(at - this.#clock.now(), alarm.stop.signal).then(
      () => {
        this.#alarm = null;
        this.#advance();
      },
      () => undefined,
    );
  }

  #blocksOf(call: SimulatedCall): number {
    return Math.max(call.blocks.length, Math.ceil((call.inputTokens + call.outputTokens) / this.size.blockTokens));
  }

  #emptyCache(): KvCache {
    return new KvCache(Math.floor(this.size.cacheTokens / this.size.blockTokens));
  }
}

function lost(): PraxisError {
  return new PraxisError('unavailable', 'The node is gone. Ask another one.');
}
