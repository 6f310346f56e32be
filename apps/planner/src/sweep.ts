import { parseSubgoalId } from '@praxis/core';
import { measure } from '@praxis/platform';
import type { PlannerParts } from './parts.js';
import { QuestionService, isForPeople } from './api/question-service.js';
import type { ScheduleService } from './schedules/schedule-service.js';

/** An executor that was silent for so long is forgotten; until then it is shown as gone. */
const FORGET_MS = 3_600_000;

/** How soon the run of a planner that is gone is taken over. */
const TAKE_OVER_MS = 1_000;

/** How often what is past its retention is cleared away. */
const CLEAR_MS = 3_600_000;

/**
 * Adds the jobs of whatever should move but has not for a while (S2): after a crash, a lost queue, an executor that
 * died. Adding too much is harmless, since every job is idempotent.
 */
export class Sweep {
  private timers: readonly NodeJS.Timeout[] = [];
  private running: Promise<void> = Promise.resolve();
  private readonly desk: QuestionService;
  private clearedAt = 0;

  constructor(
    private readonly parts: Pick<
      PlannerParts,
      'store' | 'queues' | 'log' | 'clock' | 'sweepMs' | 'remindMs' | 'retention'
    >,
    private readonly schedules: Pick<ScheduleService, 'sweep'>,
  ) {
    this.desk = new QuestionService(parts);
  }

  /** Sweeps at once and then every `sweepMs`. */
  start(): void {
    const round = (): void => {
      this.running = this.once(this.parts.sweepMs).catch((err: unknown) =>
        this.parts.log.warn('the sweep failed; it tries again', { err }),
      );
    };
    this.running = this.once(0).catch((err: unknown) =>
      this.parts.log.warn('the first sweep failed; it tries again', { err }),
    );
    this.timers = [
      setInterval(round, this.parts.sweepMs),
      setInterval(() => void this.takeOver(), Math.min(TAKE_OVER_MS, this.parts.sweepMs)),
    ];
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
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
    await this.schedules.sweep();
    await this.askAgain();
    await this.clearAway();
    await store.executors.forget(FORGET_MS);
    await store.leases.forget();
  }

  /** Wakes the runs whose planner has just gone, so that they need not wait for a round. */
  private async takeOver(): Promise<void> {
    const { store, queues, log } = this.parts;
    try {
      for (const run of await store.leases.lapsed(5 * TAKE_OVER_MS)) await queues.add('advance', { run });
    } catch (err) {
      log.debug('cannot see which planners are gone; the sweep finds their runs', { err });
    }
  }

  /** Ends what nobody answered in time, and reminds people of what is open for long. */
  private async askAgain(): Promise<void> {
    const { store, clock, log, remindMs } = this.parts;
    const { expired, toRemind } = await store.questions.due(clock.now(), remindMs);
    for (const question of expired) await this.desk.expire(question);
    for (const question of toRemind.filter(isForPeople)) {
      await this.desk.remind(question);
      log.warn('a question waits for a person; answer it with `praxis answer`', {
        question: question.question.id,
        run: question.run,
        kind: question.question.kind,
      });
    }
  }

  /** Now and then, what is past the deployment's retention. */
  private async clearAway(): Promise<void> {
    const { store, clock, log, retention } = this.parts;
    const now = clock.now();
    if ((retention.maxAgeMs === null && retention.maxBytes === null) || now - this.clearedAt < CLEAR_MS) return;
    this.clearedAt = now;
    const { runs, bytesBefore, bytesAfter } = await store.collectGarbage({ ...retention, dryRun: false, now });
    if (runs.length > 0)
      log.info('ended runs past their retention were removed', { runs: runs.length, bytes: bytesBefore - bytesAfter });
  }
}
