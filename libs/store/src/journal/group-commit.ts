import { setImmediate as nextTurn } from 'node:timers/promises';

/** Something waiting to be written. */
interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (reason: unknown) => void;
}

/** What became of one item of a batch. */
export type Settled<R> = { readonly ok: true; readonly value: R } | { readonly ok: false; readonly error: unknown };

export interface GroupCommitOptions<T, R> {
  /** Items with equal keys never share a batch and keep their order. */
  readonly key: (item: T) => string;
  readonly size: (item: T) => number;
  /** A batch takes items until their sizes add up to this. */
  readonly maxSize: number;
  /** Writes a batch; gives what became of each item, in order. May fail as a whole. */
  readonly write: (batch: readonly T[]) => Promise<readonly Settled<R>[]>;
}

/**
 * Collects what is asked for while a write is under way, and writes it together.
 *
 * group-commit.1 One write at a time; what comes meanwhile waits for the next one, never for a timer.
 * group-commit.2 Items with equal keys are written in the order in which they came, in different batches.
 * group-commit.3 Every item is answered once.
 */
export class GroupCommit<T, R> {
  readonly #options: GroupCommitOptions<T, R>;
  #waiting: Waiting<T, R>[] = [];
  #running: Promise<void> | null = null;

  constructor(options: GroupCommitOptions<T, R>) {
    this.#options = options;
  }

  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Waits until all that was added is answered. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Whoever was just answered may have more to write: one turn of the event loop lets all of them ask.
      await nextTurn();
      await this.#writeBatch(this.#take());
    }
    this.#running = null;
  }

  #take(): readonly Waiting<T, R>[] {
    const { key, size, maxSize } = this.#options;
    const keys = new Set<string>();
    const batch: Waiting<T, R>[] = [];
    const rest: Waiting<T, R>[] = [];
    let total = 0;
    for (const waiting of this.#waiting) {
      const taken = !keys.has(key(waiting.item)) && (batch.length === 0 || total + size(waiting.item) <= maxSize);
      keys.add(key(waiting.item));
      (taken ? batch : rest).push(waiting);
      if (taken) total += size(waiting.item);
    }
    this.#waiting = rest;
    return batch;
  }

  async #writeBatch(batch: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.#options.write(batch.map((w) => w.item));
      for (const [i, { resolve, reject }] of batch.entries()) {
        const result = results[i]!;
        if (result.ok) resolve(result.value);
        else reject(result.error);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
