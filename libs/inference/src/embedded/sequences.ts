import type { LlamaSequence } from './llama-types.js';

/** The sequences of a context, each lent to one call at a time; who comes when all are lent waits. */
export class Sequences {
  readonly #free: LlamaSequence[];
  readonly #waiting: (() => void)[] = [];

  constructor(sequences: readonly LlamaSequence[]) {
    this.#free = [...sequences];
  }

  /** Lends the free one that remembers the longest beginning of these tokens; gives how long that is. */
  async take(
    tokens: readonly number[],
    signal: AbortSignal,
  ): Promise<{ readonly sequence: LlamaSequence; readonly cached: number }> {
    while (this.#free.length === 0) await this.#turn(signal);
    signal.throwIfAborted();
    const known = this.#free.map((sequence) => ({
      sequence,
      cached: sequence.compareContextTokens(tokens).firstDifferentIndex,
    }));
    const best = known.reduce((a, b) => (b.cached > a.cached ? b : a));
    this.#free.splice(this.#free.indexOf(best.sequence), 1);
    return best;
  }

  /** It is free again. */
  give(sequence: LlamaSequence): void {
    this.#free.push(sequence);
    this.#waiting.shift()?.();
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        const at = this.#waiting.indexOf(go);
        // Called already: the turn is somebody else's now.
        if (at < 0) this.#waiting.shift()?.();
        else this.#waiting.splice(at, 1);
        reject(signal.reason as Error);
      };
      const go = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      if (signal.aborted) return reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(go);
    });
  }
}
