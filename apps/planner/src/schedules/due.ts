import { PraxisError } from '@praxis/core';
import type { Ticks, Timing } from '@praxis/platform';
import type { ScheduleRow } from '@praxis/store';

/** More often than that would be a loop, not a schedule. */
const LEAST_MS = 1_000;

/** The end of the year 9999: dates beyond it cannot be written, and timers cannot wait for them. */
export const LATEST = 253_402_300_799_999;

/** A row's timing as the queue understands it: intervals count from when they were set. */
export function timingOf({ timing, createdAt }: Pick<ScheduleRow, 'timing' | 'createdAt'>): Timing {
  return timing.kind === 'every' ? { ...timing, from: createdAt } : timing;
}

/**
 * The time for which a schedule is to be submitted next, whether it has come or not; null where it is over. Of several
 * that went by, it is the first: once that was submitted, whatever went by meanwhile is past (schedule-service.3).
 */
export function nextTime(
  row: Pick<ScheduleRow, 'timing' | 'createdAt' | 'lastAt'>,
  ticks: Pick<Ticks, 'next'>,
): number | null {
  return ticks.next(timingOf(row), Math.max(row.createdAt, row.lastAt ?? 0));
}

/** Refuses what cannot be a schedule, and one that would never be due. */
export function checkSchedule(
  { id, timing }: Pick<ScheduleRow, 'id' | 'timing'>,
  now: number,
  ticks: Pick<Ticks, 'next'>,
): void {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(id))
    throw new PraxisError(
      'invalid',
      `"${id}" cannot be the name of a schedule; choose a word of small letters, digits and hyphens, such as nightly-check.`,
    );
  if (timing.kind === 'every' && !(timing.everyMs >= LEAST_MS))
    throw new PraxisError('invalid', 'A schedule may run once a second at most; choose a longer interval.');
  const furthest = timing.kind === 'at' ? timing.at : timing.kind === 'every' ? now + timing.everyMs : now;
  if (!(furthest <= LATEST))
    throw new PraxisError('invalid', 'That is beyond the year 9999; choose an earlier time or a shorter interval.');
  if (timing.kind === 'at' && timing.at <= now)
    throw new PraxisError(
      'invalid',
      `${new Date(timing.at).toISOString()} is past; choose a later time, or submit the goal now.`,
    );
  if (nextTime({ timing, createdAt: now, lastAt: null }, ticks) === null)
    throw new PraxisError('invalid', 'There is never such a time; choose another one.');
}
