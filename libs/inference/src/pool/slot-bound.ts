import type { ProbeReport } from './node-pool.js';

/** A single process sends no node more than this at a time, whatever its load says. */
const MOST_SLOTS = 256;
/** Share of the key-value cache above which a node is not given more. */
const FULL_KV = 0.9;
/**
 * Waiting at the engine that is welcome, as a share of what it runs: with nothing waiting, a slot stands empty for a
 * round trip.
 */
const WELCOME_WAITING = 0.1;

/** Share of the most that it was seen to run at which it counts as full. */
const NEARLY = 0.9;

/**
 * How many calls a node gets at a time where its owner does not say: grows while it keeps up, shrinks when calls wait
 * at it.
 */
export class SlotBound {
  #bound: number;
  /** The most that it was seen to run. */
  #most = 0;

  constructor(start: number) {
    this.#bound = start;
  }

  get slots(): number {
    return Math.floor(this.#bound);
  }

  /** A probe saw this while so many calls of ours and of others were there. */
  note(report: ProbeReport, ours: number, foreign: number): void {
    if (report.slots !== undefined) {
      this.#bound = Math.max(1, report.slots);
      return;
    }
    if (report.waiting === null) return;
    const running = report.running ?? 0;
    this.#most = Math.max(this.#most, running);
    const welcome = Math.max(1, Math.ceil(running * WELCOME_WAITING));
    // Where it has run more, it is not for want of places that calls wait: they are read one after the other.
    const isFull = running >= this.#most * NEARLY || (report.kvUse ?? 0) >= FULL_KV;
    if (report.waiting > welcome) {
      if (!isFull) return;
      const share = ours / Math.max(1, ours + foreign);
      this.#bound = Math.max(1, this.#bound - Math.ceil((report.waiting - welcome) * share));
    } else if (ours >= this.slots && (report.kvUse ?? 0) < FULL_KV) {
      this.#grow(Math.ceil(this.#bound / 4));
    }
  }

  /** It refused a call for being busy. */
  tooMany(ours: number): void {
    this.#bound = Math.max(1, Math.min(this.#bound, ours - 1, Math.floor(this.#bound * 0.75)));
  }

  /** It answered while all its slots were taken: where engines say nothing, this is all there is to grow by. */
  keptUp(ours: number, saysLoad: boolean): void {
    if (!saysLoad && ours >= this.slots) this.#grow(1 / this.#bound);
  }

  #grow(by: number): void {
    this.#bound = Math.min(MOST_SLOTS, this.#bound + by);
  }
}
