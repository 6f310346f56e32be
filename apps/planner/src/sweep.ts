import { parseSubgoalId } from '@praxis/core';
import type { PlannerParts } from './parts.js';

/**
 * Adds the jobs of whatever should move but has not for a while (S2): after a crash, a lost queue, an executor that
 * died. Adding too much is harmless, since every job is idempotent.
 */
export class Sweep {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: Pick<PlannerParts, 'store' | 'queues' | 'log' | 'sweepMs'>) {}

  /** Sweeps at once and then every `sweepMs`. */
  start(): void {
    const round = (): void => {
      this.running = this.once(this.parts.sweepMs).catch((err: unknown) => this.parts.log.warn('the sweep failed; it tries again', { err }));
    };
    this.running = this.once(0).catch((err: unknown) => this.parts.log.warn('the first sweep failed; it tries again', { err }));
    this.timer = setInterval(round, this.parts.sweepMs);
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  /** One round over what nobody has touched for `idleMs`. */
  async once(idleMs: number): Promise<void> {
    const { store, queues } = this.parts;
    for (const { id, lane } of await store.work.idleSubgoals(idleMs)) await queues.add('execute', { subgoal: id }, { lane });
    const runs = new Set(await store.work.idleRuns(idleMs));
    for (const run of runs) await queues.add('advance', { run });
    for (const subgoal of await store.work.unreflected(idleMs)) if (parseSubgoalId(subgoal)) await queues.add('reflect', { subgoal });
  }
}
