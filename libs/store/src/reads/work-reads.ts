import type { Clock, RunId, SubgoalId } from '@praxis/core';
import type { Database } from '../database.js';
import { mapDatabaseErrors } from '../database-error.js';

/** As much as one round of the sweep takes up; the rest is found by the next one. */
const ROUND = 500;

/** A subgoal whose job should exist. */
export interface IdleSubgoal {
  readonly id: SubgoalId;
  readonly lane: string;
}

/** A subgoal that waits for a time. */
export interface PostponedSubgoal {
  readonly id: SubgoalId;
  readonly until: number;
}

/** The condition of the index of subgoals that should move, word for word. */
const TO_MOVE = "not settled and (status <> 'parked' or answers > 0)";

/** The condition of the index of subgoals that wait for a time, word for word. */
const IS_DUE = 'not settled and wake_at > 0';

/** A person holds the run back: its subgoals wait too, unless it is to end. */
const IS_PAUSED = "r.status = 'paused' and not r.moves";

/** A step leaves no trace but its events. */
const LAST_EVENT = (id: string): string =>
  `coalesce((select e.at from events e where e.stream = 'subgoal/' || ${id} order by e.position desc limit 1), 0)`;

/** Not touched for so long, or touched by a clock that was ahead: that says nothing of how long ago it was. */
const IS_IDLE = (at: string): string => `(${at} <= $1 or ${at} > $4)`;

/** So far ahead no clock of a healthy cluster is. */
const SKEW_MS = 60_000;

/** No planner is at work on it. */
const IS_FREE = (id: string): string =>
  `not exists (select from leases l where l.key = ${id} and l.until_at > (extract(epoch from clock_timestamp()) * 1000)::int8)`;

const IDLE_RUNS = `
select id from (
  (select id, touched_at from runs where moves and ${IS_IDLE('touched_at')} and ${IS_FREE('runs.id')} order by touched_at limit $2)
  union
  (select r.id, r.touched_at from subgoals s join runs r on r.id = s.run
    where ${TO_MOVE.replace('status', 's.status')} and ${IS_IDLE('s.updated_at')} and ${IS_IDLE('r.touched_at')} and r.ended_at is null and not (${IS_PAUSED} and s.stage < 2)
      and (s.stage >= 2 or ${IS_IDLE(LAST_EVENT('s.id'))})
    order by s.updated_at limit $2)
  union
  (select r.id, r.touched_at from questions q join runs r on r.id = q.run
    where q.closed_at is null and q.kind = 'budget' and q.subgoal is not null and ${IS_IDLE('r.touched_at')} and r.ended_at is null
      and not exists (select 1 from questions own where own.run = q.run and own.subgoal is null and own.closed_at is null)
    order by q.told_at limit $2)
  union
  (select id, touched_at from runs where due_at is not null and due_at <= $3 order by due_at limit $2)
) found
order by touched_at limit $2`;

/**
 * What the sweep asks: what should be moving and is not. Each query reads an index of unfinished things only, so its
 * cost does not grow with what is finished; the conditions are those of the indexes, word for word.
 */
export class WorkReads {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Runs that the planner should look at, longest untouched first: those that have something to do without anybody's
   * news, those with a subgoal that moves or has ended and is not settled, all untouched for so long, and those whose
   * time is over. A run that a planner is at work on is left to it. What waits for people alone is in none of the
   * indexes and costs nothing, however many there are and however long.
   */
  async idleRuns(idleMs: number, limit = ROUND): Promise<readonly RunId[]> {
    const now = this.#clock.now();
    const rows = await this.#ask<{ id: RunId }>(IDLE_RUNS, [now - idleMs, limit, now, now + SKEW_MS]);
    return rows.map((row) => row.id);
  }

  /**
   * Subgoals that were dispatched, have neither ended nor been settled, and did nothing for so long, longest first;
   * parked ones only where an answer has come that they have not taken up, or where what they postponed is due; none of
   * a run that is paused.
   */
  async idleSubgoals(idleMs: number, limit = ROUND): Promise<readonly IdleSubgoal[]> {
    const isFree = `not exists (select from runs r where r.id = subgoals.run and ${IS_PAUSED})`;
    const sql = `select id, lane from (
      (select id, lane, updated_at from subgoals where ${TO_MOVE} and stage < 2 and ${IS_IDLE('updated_at')} and ${IS_IDLE(LAST_EVENT('subgoals.id'))} and ${isFree}
        order by updated_at limit $2)
      union
      (select id, lane, updated_at from subgoals where ${IS_DUE} and stage < 2 and (wake_at <= $3 or ${LAST_EVENT('subgoals.id')} > $4)
          and ${IS_IDLE(LAST_EVENT('subgoals.id'))} and ${isFree}
        order by wake_at limit $2)
    ) found order by updated_at limit $2`;
    const now = this.#clock.now();
    return this.#ask<IdleSubgoal>(sql, [now - idleMs, limit, now, now + SKEW_MS]);
  }

  /** Subgoals of a run that wait for a time, the first to be due first. */
  async postponed(run: RunId): Promise<readonly PostponedSubgoal[]> {
    const sql = `select id, wake_at::float8 as "until" from subgoals where run = $1 and ${IS_DUE} and status = 'parked' order by wake_at, id`;
    return this.#ask<PostponedSubgoal>(sql, [run]);
  }

  /** Subgoals of learning runs that ended with failed steps so long ago and are not reflected on, oldest first. */
  async unreflected(idleMs: number, limit = ROUND): Promise<readonly SubgoalId[]> {
    const sql = `select id from subgoals where stage = 3 and failed_steps > 0 and learn and not reflected and ended_at <= $1
      order by ended_at limit $2`;
    const rows = await this.#ask<{ id: SubgoalId }>(sql, [this.#clock.now() - idleMs, limit]);
    return rows.map((row) => row.id);
  }

  /** How many runs of a tenant have not ended; counts no further than `most`. */
  async openRuns(tenant: string, most: number): Promise<number> {
    const sql = `select count(*)::int as open from (select from runs where ended_at is null and coalesce(control->>'tenant', '') = $1 limit $2) found`;
    return (await this.#ask<{ open: number }>(sql, [tenant, most]))[0]!.open;
  }

  /** Lanes on which subgoals are under way that are not parked, in order. */
  async lanes(): Promise<readonly string[]> {
    const rows = await this.#ask<{ lane: string }>(
      `select distinct lane from subgoals where ${TO_MOVE} and stage < 2 and lane <> '' order by lane`,
      [],
    );
    return rows.map((row) => row.lane);
  }

  /** Notes that the reflector is through with a subgoal. */
  async markReflected(subgoal: SubgoalId): Promise<void> {
    await this.#ask('update subgoals set reflected = true where id = $1', [subgoal]);
  }

  /** Ended subgoals of a domain, newest first: what the reflector compares a failure with. */
  async recentSubgoals(query: {
    readonly domain: string;
    readonly space: string;
    readonly limit: number;
  }): Promise<readonly SubgoalId[]> {
    const sql = `select id from subgoals where space = $1 and domain = $2 and ended_at is not null
      order by ended_at desc, id desc limit $3`;
    const rows = await this.#ask<{ id: SubgoalId }>(sql, [query.space, query.domain, query.limit]);
    return rows.map((row) => row.id);
  }

  async #ask<R extends object>(text: string, values: unknown[]): Promise<readonly R[]> {
    return (await mapDatabaseErrors(this.#database.query<R>(text, values))).rows;
  }
}
