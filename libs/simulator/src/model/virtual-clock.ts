import type { SimClock } from './sim-clock.js';

interface Timer {
  readonly at: number;
  readonly order: number;
  fire: (() => void) | null;
}

/**
 * Time that passes only when nobody has anything to do: an hour of the model takes as long as its events.
 *
 * virtual-clock.1 Time moves on to the next timer only after everything that was ready has run: one timer is fired per
 *                 turn of the event loop, and the promises that it settles run to their ends before the next.
 * virtual-clock.2 Timers fire in order of their times, and of equal times in the order in which they were set.
 * virtual-clock.3 A timer whose signal fired never fires, and does not move time.
 */
export class VirtualClock implements SimClock {
  readonly #timers: Timer[] = [];
  #now: number;
  #order = 0;
  #isTurning = false;

  constructor(start = 0) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const timer: Timer = { at: this.#now + Math.max(0, ms), order: this.#order++, fire: null };
      const stop = (): void => {
        timer.fire = null;
        reject(signal!.reason);
      };
      timer.fire = () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      signal?.addEventListener('abort', stop, { once: true });
      this.#push(timer);
      this.#turn();
    });
  }

  #turn(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    setImmediate(() => {
      this.#isTurning = false;
      let next = this.#pop();
      while (next !== undefined && next.fire === null) next = this.#pop();
      if (next === undefined) return;
      this.#now = Math.max(this.#now, next.at);
      next.fire?.();
      if (this.#timers.length > 0) this.#turn();
    });
  }

  #push(timer: Timer): void {
    const heap = this.#timers;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(timer, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#timers;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
