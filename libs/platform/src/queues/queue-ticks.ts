import { PraxisError, type Logger } from '@praxis/core';
import { getNextMillis } from 'bullmq';
import type { BackedQueue } from './queue-backend.js';

/** When something is to happen: once, every so often counted from a moment, or by a cron expression in a time zone. */
export type Timing =
  | { readonly kind: 'at'; readonly at: number }
  | { readonly kind: 'every'; readonly everyMs: number; readonly from: number }
  | { readonly kind: 'cron'; readonly cron: string; readonly timezone: string };

/**
 * Jobs of the queue `schedule` that come by themselves.
 *
 * Like every job they are hints (queues.1): a tick that is lost, comes late or comes twice is for whoever takes it to
 * mend.
 */
export interface Ticks {
  /**
   * The first moment after another one; null where there is none any more. Fails with `invalid` where nobody can tell.
   */
  next(timing: Timing, after: number): number | null;
  /** Lets a schedule tick so from now on; the same again changes nothing. False where the store is away. */
  keep(id: string, timing: Timing): Promise<boolean>;
  /** Lets a schedule tick no more. False where the store is away. */
  drop(id: string): Promise<boolean>;
}

/** A tick that nobody has taken for so long is lost, and the next one is to be made again. */
const LOST_MS = 60_000;

const MANUAL =
  'write minute, hour, day of month, month and day of week, such as "0 6 * * 1-5", or a second in front of them';

/** The first moment of a timing after another one; null where there is none any more. */
export function nextTick(timing: Timing, after: number): number | null {
  switch (timing.kind) {
    case 'at':
      return timing.at > after ? timing.at : null;
    case 'every':
      return timing.from + Math.max(1, Math.floor((after - timing.from) / timing.everyMs) + 1) * timing.everyMs;
    case 'cron':
      return nextOfCron(timing, after);
  }
}

function nextOfCron({ cron, timezone }: Extract<Timing, { kind: 'cron' }>, after: number): number | null {
  // Fewer fields would be filled in silently, and H would be another moment each time it is asked.
  const fields = cron.trim().split(/\s+/);
  if (!/^@[a-z]+$/.test(cron.trim()) && (fields.length < 5 || fields.length > 6))
    throw new PraxisError('invalid', `"${cron}" is not a cron expression; ${MANUAL}.`);
  if (fields.some((field) => /(?:^|,)H(?:$|[,(/])/.test(field)))
    throw new PraxisError('invalid', `"${cron}" says H, which is no fixed time here; write the minute itself.`);
  if (!isTimeZone(timezone))
    throw new PraxisError('invalid', `There is no time zone "${timezone}"; write one such as Europe/Paris or UTC.`);
  try {
    return getNextMillis(after, { pattern: cron, tz: timezone }) ?? null;
  } catch (cause) {
    throw new PraxisError(
      'invalid',
      `"${cron}" is not a cron expression (${PraxisError.from(cause).message}); ${MANUAL}.`,
      { cause },
    );
  }
}

function isTimeZone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Tells BullMQ's job schedulers when to tick: a timing is kept as their pattern, whatever its kind. */
export const tickStrategy = (after: number, { pattern }: { readonly pattern?: string }): number | undefined =>
  nextTick(JSON.parse(pattern!) as Timing, after) ?? undefined;

/** Ticks by BullMQ's job schedulers. */
export class SchedulerTicks implements Ticks {
  readonly next = nextTick;

  constructor(
    private readonly queue: () => BackedQueue,
    private readonly isHere: () => boolean,
    private readonly log: Logger,
  ) {}

  keep(id: string, timing: Timing): Promise<boolean> {
    return this.attempt(id, async (queue) => {
      const pattern = JSON.stringify(timing);
      const known = await queue.getJobScheduler(id);
      // Made anew, it would take back a tick that is due and waits.
      if (known?.pattern === pattern && known.next !== undefined && known.next > Date.now() - LOST_MS) return;
      await queue.upsertJobScheduler(
        id,
        { pattern },
        { name: 'schedule', data: { schedule: id }, opts: { attempts: 1, removeOnComplete: true, removeOnFail: true } },
      );
    });
  }

  drop(id: string): Promise<boolean> {
    return this.attempt(id, async (queue) => void (await queue.removeJobScheduler(id)));
  }

  private async attempt(schedule: string, change: (queue: BackedQueue) => Promise<void>): Promise<boolean> {
    try {
      if (!this.isHere()) throw new PraxisError('unavailable', 'The store of the queues is away.');
      await change(this.queue());
      return true;
    } catch (err) {
      this.log.warn('a schedule does not tick as it should; the sweep tries again', { schedule, err });
      return false;
    }
  }
}
