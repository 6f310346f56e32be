import { PraxisError, type RunId, type RunSummary } from '@praxis/core';

/** More runs than this wait for one and the same reason. */
const MOST = 1_000;

/**
 * Why runs do not move, as the last pass over each found it: no executor answers, or none has the world. It is kept in
 * memory only: every sweep finds it anew.
 */
export class WaitingReasons {
  readonly #reasons = new Map<RunId, string>();

  /** Does one pass over a run and remembers why it had to be put off. */
  async during(run: RunId, pass: () => Promise<void>): Promise<void> {
    try {
      await pass();
      this.#reasons.delete(run);
    } catch (thrown) {
      const error = PraxisError.from(thrown);
      if (error.code === 'unavailable') this.#note(run, error.message);
      throw thrown;
    }
  }

  /** A run's line, with the reason where it goes on and has none of its own. */
  explain(summary: RunSummary): RunSummary {
    const reason = summary.endedAt === null && summary.reason === '' ? this.#reasons.get(summary.id) : undefined;
    return reason === undefined ? summary : { ...summary, reason };
  }

  #note(run: RunId, reason: string): void {
    this.#reasons.delete(run);
    this.#reasons.set(run, reason);
    for (const [oldest] of this.#reasons) {
      if (this.#reasons.size <= MOST) break;
      this.#reasons.delete(oldest);
    }
  }
}
