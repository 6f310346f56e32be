import { parseSubgoalId } from '@praxis/core';
import { measure } from '@praxis/platform';
import type { PlannerParts } from './parts.js';

/** An executor that was silent for so long is forgotten; until then it is shown as gone. */
const FORGET_MS = 3_600_000;

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
    const execute = await store.work.idleSubgoals(idleMs);
    for (const { id, lane } of execute) await queues.add('execute', { subgoal: id }, { lane });
    const advance = await store.work.idleRuns(idleMs);
    for (const run of advance) await queues.add('advance', { run });
    const reflect = (await store.work.unreflected(idleMs)).filter((id) => parseSubgoalId(id) !== null);
    for (const subgoal of reflect) await queues.add('reflect', { subgoal });
    for (const [queue, added] of Object.entries({ execute, advance, reflect })) measure.hints(queue, added.length);
    await store.executors.forget(FORGET_MS);
  }
}
