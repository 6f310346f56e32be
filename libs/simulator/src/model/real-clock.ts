import { setTimeout as wait } from 'node:timers/promises';
import type { SimClock } from './sim-clock.js';

/** The machine's own time, `speed` times as fast: at 10, a second of the model takes 100 ms. */
export class RealClock implements SimClock {
  readonly #from = Date.now();
  readonly #origin = performance.now();

  constructor(private readonly speed = 1) {}

  now(): number {
    return this.#from + (performance.now() - this.#origin) * this.speed;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await wait(ms / this.speed, undefined, signal ? { signal } : {});
  }
}
