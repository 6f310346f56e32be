import type { RunId, SubgoalId } from '@praxis/core';
import type { Database } from './database.js';
import { mapDatabaseErrors } from './database-error.js';

/** Work that one process does at a time: the planning of a run, or a subgoal. */
export interface LeaseClaim {
  /** Id of the run, where a planner works on it itself, or of one of its subgoals. */
  readonly key: RunId | SubgoalId;
  readonly run: RunId;
  /** Unique for this piece of work in this process. */
  readonly holder: string;
  /** How many events the stream has that the work writes to. */
  readonly position: number;
}

/** The time by the database's own clock, in milliseconds. */
const NOW = '(extract(epoch from clock_timestamp()) * 1000)::int8';

const claim = (isFree: string): string => `
insert into leases (key, run, holder, until_at, position) values ($1, $2, $3, ${NOW} + $5::int8, $4)
on conflict (key) do update set
  holder = excluded.holder, until_at = excluded.until_at, position = excluded.position,
  lost = case when excluded.position > leases.position then 0 else leases.lost + 1 end
where ${isFree}
returning lost`;

const TAKE = claim(`leases.until_at <= ${NOW}`);
const BEGIN = claim('true');

/** So often in a row work is begun and lost before it is taken for what ends its service. */
export const LOST_TOO_OFTEN = 3;

/** How long what is left of a claim is remembered after its run has ended. */
const FORGET_MS = 3_600_000;

/**
 * Who is at work on what, by the clock of the database, so that no other clock matters.
 *
 * leases.1 A lease that is held is given to nobody else; it is over once it was not renewed for as long as it was taken
 *          for.
 * leases.2 What is left over after its holder is gone tells how often in a row the work was begun and never ended, with
 *          nothing written meanwhile; whoever ends the work in good order clears that away.
 */
export class Leases {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Takes a free lease for so long; gives how often the work was lost before (leases.2), or null where somebody else
   * has it.
   */
  async take(work: LeaseClaim, ttlMs: number): Promise<number | null> {
    const { rows } = await mapDatabaseErrors(
      this.#database.query<{ lost: number }>(TAKE, [work.key, work.run, work.holder, work.position, ttlMs]),
    );
    return rows[0]?.lost ?? null;
  }

  /**
   * Notes that work is begun which a queue gives to one worker at a time; gives how often it was lost before
   * (leases.2).
   */
  async begin(work: LeaseClaim): Promise<number> {
    const { rows } = await mapDatabaseErrors(
      this.#database.query<{ lost: number }>(BEGIN, [work.key, work.run, work.holder, work.position, 0]),
    );
    return rows[0]!.lost;
  }

  /** Keeps a lease for so long from now on; false where it is lost to somebody else. */
  async renew({ key, holder }: Pick<LeaseClaim, 'key' | 'holder'>, ttlMs: number): Promise<boolean> {
    const sql = `update leases set until_at = ${NOW} + $3::int8 where key = $1 and holder = $2`;
    return ((await mapDatabaseErrors(this.#database.query(sql, [key, holder, ttlMs]))).rowCount ?? 0) > 0;
  }

  /** Ends work in good order. */
  async end({ key, holder }: Pick<LeaseClaim, 'key' | 'holder'>): Promise<void> {
    await mapDatabaseErrors(this.#database.query('delete from leases where key = $1 and holder = $2', [key, holder]));
  }

  /** Whether somebody holds this lease now. */
  async isHeld(key: string): Promise<boolean> {
    const { rows } = await mapDatabaseErrors(
      this.#database.query(`select from leases where key = $1 and until_at > ${NOW}`, [key]),
    );
    return rows.length > 0;
  }

  /** How often in a row work of a run was begun and never ended: the most of all its pieces of work. */
  async lostBy(run: RunId): Promise<number> {
    const { rows } = await mapDatabaseErrors(
      this.#database.query<{ lost: number | null }>('select max(lost) as lost from leases where run = $1', [run]),
    );
    return rows[0]?.lost ?? 0;
  }

  /** Forgets how often work of a run was lost, where nobody is at it: a person wants it begun again. */
  async forgive(run: RunId): Promise<void> {
    await mapDatabaseErrors(this.#database.query(`delete from leases where run = $1 and until_at <= ${NOW}`, [run]));
  }

  /** Runs whose planner is gone, for at most so long. */
  async lapsed(sinceMs: number): Promise<readonly RunId[]> {
    const sql = `select run from leases where key = run and until_at <= ${NOW} and until_at > ${NOW} - $1::int8`;
    return (await mapDatabaseErrors(this.#database.query<{ run: RunId }>(sql, [sinceMs]))).rows.map((row) => row.run);
  }

  /** Clears away what is left over of runs that have ended or are gone. */
  async forget(): Promise<void> {
    const sql = `delete from leases where until_at < ${NOW} - $1::int8 and not exists (select from runs r where r.id = leases.run and r.ended_at is null)`;
    await mapDatabaseErrors(this.#database.query(sql, [FORGET_MS]));
  }
}
