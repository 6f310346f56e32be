import type { AsyncNotifier } from './async-notifier.js';

/** Who wants to hear of which run, in this process. */
export class WakeUps {
  readonly #byRun = new Map<string, Set<AsyncNotifier>>();
  readonly #listeners = new Set<(runs: Iterable<string>) => void>();

  /** Rings the bell whenever the run has something new; gives the way to stop. */
  watch(run: string, notifier: AsyncNotifier): () => void {
    const bells = this.#byRun.get(run) ?? new Set();
    this.#byRun.set(run, bells.add(notifier));
    return () => {
      bells.delete(notifier);
      if (bells.size === 0) this.#byRun.delete(run);
    };
  }

  /** Calls back with every run that has something new; gives the way to stop. */
  listen(listener: (runs: Iterable<string>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  wake(runs: Iterable<string>): void {
    for (const run of runs) for (const notifier of this.#byRun.get(run) ?? []) notifier.ring();
    for (const listener of this.#listeners) listener(runs);
  }

  /** For when something may have been missed: every watcher looks for itself. */
  wakeAll(): void {
    for (const bells of this.#byRun.values()) for (const notifier of bells) notifier.ring();
  }
}
