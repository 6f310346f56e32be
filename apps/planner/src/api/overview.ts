import type { Overview, QueueState } from '@praxis/wire';
import type { PlannerParts } from '../parts.js';

/** How old an answer may be: many who look cost one look. */
const FRESH_MS = 1_000;

/** How the cluster stands: what the store counts, who announced itself, and what waits in the queues. */
export class ClusterOverview {
  #latest: Promise<Overview> | null = null;
  #readAt = 0;

  constructor(private readonly parts: Pick<PlannerParts, 'store' | 'queues' | 'clock' | 'log'>) {}

  /** At most a second old; everybody who asks meanwhile shares one reading. */
  get(): Promise<Overview> {
    if (this.#latest && this.parts.clock.now() - this.#readAt < FRESH_MS) return this.#latest;
    const reading = this.#read();
    this.#latest = reading;
    // While it is being read it is fresh, however long that takes.
    this.#readAt = Number.POSITIVE_INFINITY;
    reading.then(
      () => (this.#readAt = this.parts.clock.now()),
      () => (this.#latest = null),
    );
    return reading;
  }

  async #read(): Promise<Overview> {
    const { store, queues } = this.parts;
    const [runs, tools, executors, planned, asked] = await Promise.all([
      store.runs.counts(),
      store.archive.counts(),
      store.executors.list(),
      store.work.lanes(),
      store.questions.count(),
    ]);
    const lanes = [...new Set([...executors.flatMap((e) => e.lanes), ...planned])].sort();
    const questions = Object.values(asked).reduce((sum, n) => sum + n, 0);
    return { backend: queues.backend, runs, tools, questions, executors, queues: await this.#queues(lanes) };
  }

  /** Null where the store of the queues is away: all else is known without it. */
  async #queues(lanes: readonly string[]): Promise<readonly QueueState[] | null> {
    return this.parts.queues
      .counts(lanes)
      .then(withoutSchedules)
      .catch((err: unknown) => {
        this.parts.log.debug('an overview is told without the queues', { err });
        return null;
      });
  }
}

/** What waits for its time is told by the schedules themselves. */
function withoutSchedules(counted: Awaited<ReturnType<PlannerParts['queues']['counts']>>): readonly QueueState[] {
  return counted.flatMap(({ queue, ...state }) => (queue === 'schedule' ? [] : [{ queue, ...state }]));
}
