import type { Clock, SubgoalId } from '@praxis/core';
import type { Database } from './database.js';
import { mapDatabaseErrors } from './database-error.js';

/** An executor as it last announced itself. */
export interface ExecutorState {
  /** Unique in the cluster. */
  readonly name: string;
  readonly address: string;
  readonly lanes: readonly string[];
  /** Subgoals it works on at a time, per lane. */
  readonly concurrency: number;
  readonly busy: readonly SubgoalId[];
  readonly draining: boolean;
  readonly startedAt: number;
  readonly seenAt: number;
}

/** The time by the database's own clock, in milliseconds. */
const DATABASE_NOW = '(extract(epoch from clock_timestamp()) * 1000)::int8';

const ANNOUNCE = `
insert into executors (name, address, lanes, concurrency, busy, draining, started_at, seen_at)
values ($1, $2, $3, $4, $5, $6, $7, ${DATABASE_NOW})
on conflict (name) do update set
  address = excluded.address, lanes = excluded.lanes, concurrency = excluded.concurrency, busy = excluded.busy,
  draining = excluded.draining, started_at = excluded.started_at, seen_at = excluded.seen_at`;

/**
 * Who is in the cluster: what executors say about themselves, for people who look, and for the planner, which asks any
 * of them what they offer.
 * When one was seen is noted by the database's clock and told by the reader's, so that no other clock matters.
 */
export class ExecutorRegistry {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Says that an executor is there and what it does. */
  async announce({
    name,
    address,
    lanes,
    concurrency,
    busy,
    draining,
    startedAt,
  }: Omit<ExecutorState, 'seenAt'>): Promise<void> {
    await mapDatabaseErrors(
      this.#database.query(ANNOUNCE, [name, address, lanes, concurrency, busy, draining, startedAt]),
    );
  }

  /** Takes an executor out that has stopped. */
  async leave(name: string): Promise<void> {
    await mapDatabaseErrors(this.#database.query('delete from executors where name = $1', [name]));
  }

  /** All executors that are known, by name; one that was not seen for a while is gone. */
  async list(): Promise<readonly ExecutorState[]> {
    const sql = `select name, address, lanes, concurrency, busy, draining, started_at::float8 as "startedAt",
      greatest(0, ${DATABASE_NOW} - seen_at)::float8 as age from executors order by name`;
    const { rows } = await mapDatabaseErrors(
      this.#database.query<Omit<ExecutorState, 'seenAt'> & { readonly age: number }>(sql),
    );
    return rows.map(({ age, ...state }) => ({ ...state, seenAt: this.#clock.now() - age }));
  }

  /** Takes out whoever was not seen for so long. */
  async forget(olderThanMs: number): Promise<void> {
    await mapDatabaseErrors(
      this.#database.query(`delete from executors where seen_at < ${DATABASE_NOW} - $1::int8`, [olderThanMs]),
    );
  }
}
