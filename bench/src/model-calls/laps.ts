/** Where the time of a call goes, in the order in which it does. */
export const STAGES = [
  'interpreter',
  'order',
  'price',
  'render',
  'request',
  'route',
  'http',
  'validate',
  'hash',
  'keep',
  'read answer',
  'journal',
] as const;
export type Stage = (typeof STAGES)[number];

/**
 * Splits time into stages: whatever passed since the last lap belongs to the stage that the next one names. Means
 * something only while one call is under way.
 */
export class Laps {
  /** Of the call under way, and of each one before. */
  #sums = new Map<Stage, number>();
  #calls: ReadonlyMap<Stage, number>[] = [];
  #last = performance.now();

  lap(stage: Stage): void {
    const now = performance.now();
    this.#sums.set(stage, (this.#sums.get(stage) ?? 0) + now - this.#last);
    this.#last = now;
  }

  /** A call is over. */
  next(): void {
    this.#calls.push(this.#sums);
    this.#sums = new Map();
  }

  /** What comes next counts from here. */
  reset(): void {
    this.#calls = [];
    this.#sums = new Map();
    this.#last = performance.now();
  }

  /** Milliseconds of a stage in each call so far. */
  of(stage: Stage): readonly number[] {
    return this.#calls.map((sums) => sums.get(stage) ?? 0);
  }

  /** Does work between two laps. */
  around<T>(work: () => Promise<T>, before: Stage, after: Stage): Promise<T> {
    this.lap(before);
    return work().finally(() => this.lap(after));
  }
}
