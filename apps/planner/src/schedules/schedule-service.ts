import { PraxisError, type Goal, type RunId } from '@praxis/core';
import type { ScheduleRow } from '@praxis/store';
import type { Schedule } from '@praxis/wire';
import type { PlannerParts } from '../parts.js';
import { checkSchedule, nextTime, timingOf } from './due.js';

/** Submits a goal under a request id. */
export type Submit = (goal: Goal, requestId: string) => Promise<RunId>;

/**
 * Goals that are submitted at their time.
 *
 * schedule-service.1 Postgres keeps the schedules; the queue only ticks. What is due follows from the row and the
 *                    clock,
 *                 so that a tick that is lost, late or told twice changes nothing: the sweep looks for itself.
 * schedule-service.2 A schedule's time is one run: its request id names the schedule and the time.
 * schedule-service.3 Times that went by while nobody was there are made up for by one run.
 * schedule-service.4 A time is past when its run was accepted; how the run before it fares does not matter, nor that
 *                    the
 *                 schedule was changed since.
 * schedule-service.5 A clock that was ahead and is right again silences no schedule.
 */
export class ScheduleService {
  constructor(
    private readonly parts: Pick<PlannerParts, 'store' | 'queues' | 'clock' | 'log'>,
    private readonly submit: Submit,
  ) {}

  async list(): Promise<readonly Schedule[]> {
    return (await this.parts.store.schedules.list()).map((row) => this.view(row));
  }

  async put(schedule: Pick<Schedule, 'id' | 'goal' | 'timing'>): Promise<Schedule> {
    const { store, queues, clock } = this.parts;
    const { id } = schedule;
    checkSchedule(schedule, clock.now(), queues.ticks);
    await store.schedules.put({ ...schedule, createdAt: clock.now() });
    const row = await store.schedules.find(id);
    if (!row)
      throw new PraxisError('conflict', `Somebody removed the schedule ${id} at the same moment; add it again.`);
    await queues.ticks.keep(id, timingOf(row));
    return this.view(row);
  }

  async remove(id: string): Promise<void> {
    const { store, queues } = this.parts;
    const wasThere = await store.schedules.remove(id);
    await queues.ticks.drop(id);
    if (!wasThere)
      throw new PraxisError(
        'missing',
        `There is no schedule ${id}. See those there are with \`praxis schedule list\`.`,
      );
  }

  /** Submits a schedule's goal if its time has come. */
  async tick(id: string): Promise<void> {
    const { store, queues, clock } = this.parts;
    const found = await store.schedules.find(id);
    if (!found) return void (await queues.ticks.drop(id));
    const row = await this.setRight(found);
    const time = nextTime(row, queues.ticks);
    const now = clock.now();
    if (time === null || time > now) return;
    const run = await this.submit(
      { ...row.goal, labels: { ...row.goal.labels, schedule: id } },
      `schedule ${id} ${time}`,
    ).catch(runOfTime);
    await store.schedules.ran(id, run, now);
  }

  /** Lets every schedule tick as it should, and takes care of those whose time has come. */
  async sweep(): Promise<void> {
    const { store, log } = this.parts;
    for (const row of await store.schedules.list()) {
      // One that cannot be understood must not hold the others back.
      await this.tend(row).catch((err: unknown) =>
        log.error('a schedule cannot be kept; remove it or add it again', { schedule: row.id, err }),
      );
    }
  }

  private async tend(found: ScheduleRow): Promise<void> {
    const { queues, clock } = this.parts;
    const row = await this.setRight(found);
    const time = nextTime(row, queues.ticks);
    await (time === null ? queues.ticks.drop(row.id) : queues.ticks.keep(row.id, timingOf(row)));
    if (time !== null && time <= clock.now()) await queues.add('schedule', { schedule: row.id });
  }

  /** A schedule that was made or submitted by a clock that was ahead goes on from now (schedule-service.5). */
  private async setRight(row: ScheduleRow): Promise<ScheduleRow> {
    const now = this.parts.clock.now();
    if (Math.max(row.createdAt, row.lastAt ?? 0) <= now) return row;
    await this.parts.store.schedules.setBack(row.id, now);
    this.parts.log.warn(
      'a schedule was last submitted at a time that is still to come; the clock was ahead, and the schedule goes on from now',
      { schedule: row.id },
    );
    return {
      ...row,
      createdAt: Math.min(row.createdAt, now),
      lastAt: row.lastAt === null ? null : Math.min(row.lastAt, now),
    };
  }

  private view(row: ScheduleRow): Schedule {
    const { id, goal, timing, createdAt, lastRun } = row;
    return { id, goal, timing, createdAt, nextAt: nextTime(row, this.parts.queues.ticks), lastRun };
  }
}

/** The run that a time has already, for another goal than the schedule has now; any other failure is one. */
function runOfTime(thrown: unknown): RunId {
  const { code, details } = PraxisError.from(thrown);
  if (code === 'conflict' && typeof details['run'] === 'string') return details['run'];
  throw thrown;
}
