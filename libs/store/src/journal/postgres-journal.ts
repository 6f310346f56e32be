import { PraxisError, runOfStream, type Clock, type Journal, type NewEvent, type StoredEvent } from '@praxis/core';
import { leaf, measure } from '@praxis/platform';
import { databaseError, hasCode, inOurWords } from '../database-error.js';
import type { Database } from '../database.js';
import { needsRunRow, project, type Projection } from '../projections/projection.js';
import { SELECT_RUN_ROWS } from '../projections/run-columns.js';
import type { RunRow } from '../projections/run-row.js';
import { APPEND_SQL, appendParameters, type Append } from './append-statement.js';
import { eventText } from './event-text.js';
import { GroupCommit, type Settled } from './group-commit.js';
import { SELECT_EVENT, storedEvent, type EventRow } from './stored-event.js';

/** Events per transaction: enough to share its cost, few enough that nobody waits long behind it. */
const MAX_BATCH = 1000;

/** How often a batch is tried again when somebody else wrote to one of its streams just then. */
const MAX_RACES = 8;

/** `subgoal/r-1.1.1`: a family, a slash, an id. */
const STREAM = /^[a-z][a-z-]*\/[^\s\0]+$/u;

const UNIQUE_KEY = '23505';
const TRY_AGAIN = ['40P01', '40001'];

export interface PostgresJournalOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Told which runs have new events, after they are committed. */
  readonly onWritten: (runs: ReadonlySet<string>) => void;
}

/**
 * The journal on Postgres, with the read models kept in the same transaction.
 *
 * J1 A stream's positions are 0, 1, 2 … without gaps: an insert starts where the stream ends, or does not happen.
 * J2 All of an append's events are written or none. The only fence is the unique key (stream, position): no lock is
 *    taken, and a writer that comes second gets `conflict`.
 * J3 An append is acknowledged after its commit. When the connection breaks before the answer, the append fails with
 *    `unavailable` and may or may not have happened; asking again is safe, since the fence shows which.
 * J4 Concurrent appends share a transaction, yet each has its own fate: a stale or unreadable one does not fail the rest.
 */
export class PostgresJournal implements Journal {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #onWritten: (runs: ReadonlySet<string>) => void;
  readonly #commits: GroupCommit<Append, number>;

  constructor({ database, clock, onWritten }: PostgresJournalOptions) {
    this.#database = database;
    this.#clock = clock;
    this.#onWritten = onWritten;
    this.#commits = new GroupCommit<Append, number>({
      key: (append) => append.stream,
      size: (append) => append.events.length,
      maxSize: MAX_BATCH,
      write: (batch) => {
        measure.batch(batch.length);
        return this.#write(batch);
      },
    });
  }

  async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<number> {
    if (!STREAM.test(stream)) throw new PraxisError('invalid', `"${stream}" is not the name of a stream; write it as family/id.`);
    if (!Number.isInteger(expected) || expected < 0) throw new PraxisError('invalid', `A stream cannot have ${expected} events.`);
    if (events.length === 0) throw new PraxisError('invalid', 'An append needs at least one event.');
    const texts = events.map((event) => eventText(event));
    const asked = performance.now();
    return leaf('journal append', { 'db.system.name': 'postgresql', 'praxis.stream': stream, 'praxis.events': events.map((e) => e.type) }, async () => {
      const length = await this.#commits.add({ stream, run: runOfStream(stream), expected, events, texts });
      measure.append(performance.now() - asked);
      return length;
    });
  }

  async read(stream: string, from = 0): Promise<readonly StoredEvent[]> {
    const sql = `${SELECT_EVENT} where e.stream = $1 and e.position >= $2 order by e.position`;
    const { rows } = await inOurWords(this.#database.query<EventRow>({ name: 'praxis-read', text: sql, values: [stream, from] }));
    return rows.map(storedEvent);
  }

  /** Waits until every append is answered. */
  async settle(): Promise<void> {
    await this.#commits.idle();
  }

  async #write(batch: readonly Append[]): Promise<readonly Settled<number>[]> {
    for (let race = 0; ; race++) {
      try {
        return await this.#attempt(batch);
      } catch (thrown) {
        if (hasCode(thrown, UNIQUE_KEY, ...TRY_AGAIN) && race < MAX_RACES) continue;
        const error = databaseError(thrown);
        // Only something in the batch itself can be wrong now; alone, the others will do.
        if (batch.length === 1 || !['invalid', 'bug'].includes(error.code)) return batch.map(() => ({ ok: false, error }));
        return this.#writeSingly(batch);
      }
    }
  }

  async #writeSingly(batch: readonly Append[]): Promise<readonly Settled<number>[]> {
    const results: Settled<number>[] = [];
    for (const append of batch) results.push(...(await this.#write([append])));
    return results;
  }

  async #attempt(batch: readonly Append[]): Promise<readonly Settled<number>[]> {
    const now = this.#clock.now();
    const rows = await this.#runRows(batch);
    const projected = batch.map((append) => projectAppend(append, now, rows.get(append.run) ?? null));
    const ready = batch.flatMap((append, i) => {
      const projection = projected[i]!;
      return projection.ok ? [{ append, projection: projection.value }] : [];
    });
    const fresh = await this.#insert(ready, now);
    return batch.map((append, i) => {
      const projection = projected[i]!;
      if (!projection.ok) return projection;
      return fresh.has(append.stream) ? { ok: true, value: append.expected + append.events.length } : { ok: false, error: stale(append) };
    });
  }

  async #insert(ready: readonly { append: Append; projection: Projection }[], now: number): Promise<ReadonlySet<string>> {
    if (ready.length === 0) return new Set();
    const values = appendParameters(ready.map((r) => r.append), ready.map((r) => r.projection), now);
    const result = await this.#database.query<{ stream: string }>({ name: 'praxis-append', text: APPEND_SQL, values: [...values] });
    const fresh = new Set(result.rows.map((row) => row.stream));
    const runs = new Set(ready.filter((r) => fresh.has(r.append.stream)).map((r) => r.append.run));
    if (runs.size > 0) this.#onWritten(runs);
    return fresh;
  }

  async #runRows(batch: readonly Append[]): Promise<ReadonlyMap<string, RunRow>> {
    const ids = batch.filter((a) => needsRunRow(a.stream) && a.expected > 0).map((a) => a.run);
    if (ids.length === 0) return new Map();
    const { rows } = await this.#database.query<RunRow>({ name: 'praxis-run-rows', text: SELECT_RUN_ROWS, values: [ids] });
    return new Map(rows.map((row) => [row.id, row]));
  }
}

function projectAppend(append: Append, now: number, row: RunRow | null): Settled<Projection> {
  const own = needsRunRow(append.stream) ? row : null;
  if (own !== null && own.length !== append.expected) return { ok: false, error: stale(append) };
  try {
    return { ok: true, value: project(append.stream, append.events, now, own) };
  } catch (error) {
    return { ok: false, error };
  }
}

function stale({ stream, expected }: Append): PraxisError {
  const message = `The stream ${stream} does not end after ${expected} events: somebody else wrote to it. Read it again before going on.`;
  return new PraxisError('conflict', message, { details: { stream, expected } });
}

