import { setTimeout as delay } from 'node:timers/promises';

/** Waits some milliseconds, or until the signal aborts; never fails. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal, ref: false }).catch(() => {});
}

/** Something one reader waits for: a ring that comes while nobody waits is kept. */
export class AsyncNotifier {
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Comes back at a ring, after a while, or when the signal aborts, whichever is first. */
  async heard(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) await this.#wait(milliseconds, signal);
    this.#wake = null;
    this.#rung = false;
  }

  /** Leaves nothing behind on the signal, which may live as long as the process. */
  #wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds).unref();
      signal.addEventListener('abort', wake, { once: true });
      this.#wake = wake;
    });
  }
}
