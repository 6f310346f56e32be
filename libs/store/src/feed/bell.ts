import { setTimeout as delay } from 'node:timers/promises';

/** Waits some milliseconds, or until the signal aborts; never fails. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal, ref: false }).catch(() => {});
}

/** Something one reader waits for: a ring that comes while nobody waits is kept. */
export class Bell {
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Comes back at a ring, after a while, or when the signal aborts, whichever is first. */
  async heard(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const stop = new AbortController();
      const rung = new Promise<void>((resolve) => (this.#wake = resolve));
      await Promise.race([rung, pause(milliseconds, AbortSignal.any([signal, stop.signal]))]);
      stop.abort();
    }
    this.#wake = null;
    this.#rung = false;
  }
}
