import type { Goal, RunId } from '@praxis/core';
import type { Database } from './database.js';
import { mapDatabaseErrors } from './database-error.js';

/** When a goal is to be submitted: once at a time, every so often, or by a cron expression in a time zone. */
export type ScheduleTiming =
  | { readonly kind: 'at'; readonly at: number }
  | { readonly kind: 'every'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: string; readonly timezone: string };

/** A goal that is submitted later, or again and again, and what became of it last. */
export interface ScheduleRow {
  readonly id: string;
  readonly goal: Goal;
  readonly timing: ScheduleTiming;
  /** When it was made, or its timing changed; milliseconds since 1970-01-01 UTC, as all times here. */
  readonly createdAt: number;
  readonly lastRun: RunId | null;
  readonly lastAt: number | null;
}

const SELECT = `select id, goal, timing, created_at::float8 as "createdAt", last_run as "lastRun", last_at::float8 as "lastAt" from schedules`;

/** The goals that wait for their time. */
export class Schedules {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All of them, by id. */
  list(): Promise<readonly ScheduleRow[]> {
    return this.#ask(`${SELECT} order by id`, []);
  }

  /** Null where there is none. */
  async find(id: string): Promise<ScheduleRow | null> {
    return (await this.#ask(`${SELECT} where id = $1`, [id]))[0] ?? null;
  }

  /** Adds a schedule, or changes the goal and the timing of the one with this id; another timing counts from now on. */
  async put({ id, goal, timing, createdAt }: Pick<ScheduleRow, 'id' | 'goal' | 'timing' | 'createdAt'>): Promise<void> {
    const sql = `insert into schedules (id, goal, timing, created_at) values ($1, $2, $3, $4)
      on conflict (id) do update set goal = excluded.goal, timing = excluded.timing,
        created_at = case when schedules.timing::jsonb = excluded.timing::jsonb then schedules.created_at else excluded.created_at end`;
    await this.#ask(sql, [id, JSON.stringify(goal), JSON.stringify(timing), createdAt]);
  }

  /** Takes a schedule out; whether there was one. */
  async remove(id: string): Promise<boolean> {
    return (await this.#ask('delete from schedules where id = $1 returning id', [id])).length > 0;
  }

  /** Notes that a schedule was submitted as a run; an older time than the one that stands changes nothing. */
  async ran(id: string, run: RunId, at: number): Promise<void> {
    await this.#ask('update schedules set last_run = $2, last_at = $3 where id = $1 and coalesce(last_at, 0) <= $3', [
      id,
      run,
      at,
    ]);
  }

  /** Takes back what a clock that was ahead noted: nothing of a schedule is later than now. */
  async setBack(id: string, now: number): Promise<void> {
    await this.#ask(
      'update schedules set created_at = least(created_at, $2), last_at = least(last_at, $2) where id = $1',
      [id, now],
    );
  }

  async #ask(text: string, values: unknown[]): Promise<readonly ScheduleRow[]> {
    return (await mapDatabaseErrors(this.#database.query<ScheduleRow>(text, values))).rows;
  }
}
