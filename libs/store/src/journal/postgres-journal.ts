import {
  PraxisError,
  faultPoint,
  runOfStream,
  type Clock,
  type Journal,
  type NewEvent,
  type StoredEvent,
} from '@praxis/core';
import { leaf, loopShare, measure } from '@praxis/platform';
import { databaseError, hasCode, mapDatabaseErrors } from '../database-error.js';
import type { Database } from '../database.js';
import { mergeById, mergeQuestionsById, needsRunRow, project, type Projection } from '../projections/projection.js';
import { SELECT_RUN_ROWS } from '../projections/run-columns.js';
import type { RunRow } from '../projections/run-row.js';
import { appendStatement } from './append-statement.js';
import { EventCache } from './event-cache.js';
import { eventText } from './event-text.js';
import { GroupCommit, type Settled } from './group-commit.js';
import type { Append, Writing } from './section.js';
import { forkStream, projectShared, readStream } from './stream-bases.js';

/** Events per transaction: enough to share its cost, few enough that nobody waits long behind it. */
const MAX_BATCH = 1000;

/** How often a batch is tried again when somebody else wrote to one of its streams just then. */
const MAX_RACES = 8;

/** `subgoal/r-1.1.1`: a family, a slash, an id. */
const STREAM = /^[a-z][a-z-]*\/[^\s\0]+$/u;

/** Somebody wrote there first; somebody cleared away just then what an event was to refer to. */
const RACES = ['23505', '23503'];
const TRY_AGAIN = ['40P01', '40001'];

export interface PostgresJournalOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** What was read; where nothing is said, one that nobody else shares. */
  readonly cache?: EventCache;
  /** Told which runs have new events, after they are committed. */
  readonly onWritten: (runs: ReadonlySet<string>) => void;
}

/**
 * The journal on Postgres, with the read models kept in the same transaction.
 *
 * postgres-journal.1 A stream's positions are 0, 1, 2 … without gaps: an insert starts where the stream ends, or does
 *                    not happen.
 * postgres-journal.2 All of an append's events are written or none. The only fence is the unique key (stream,
 *                    position): no lock is taken, and a writer that comes second gets `conflict`.
 * postgres-journal.3 An append is acknowledged after its commit. When the connection breaks before the answer, the
 *                    append fails with `unavailable` and may or may not have happened; asking again is safe, since the
 *                    fence shows which.
 * postgres-journal.4 A forked stream begins with a mark at position 0, where an append would begin it, so that the same
 *                    key fences both.
 * postgres-journal.5 Concurrent appends share a transaction, yet each has its own fate: a stale or unreadable one does
 *                    not fail the rest.
 */
export class PostgresJournal implements Journal {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #cache: EventCache;
  readonly #onWritten: (runs: ReadonlySet<string>) => void;
  readonly #commits: GroupCommit<Append, number>;

  constructor({ database, clock, cache = new EventCache(), onWritten }: PostgresJournalOptions) {
    this.#database = database;
    this.#clock = clock;
    this.#cache = cache;
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

  append(stream: string, expected: number, events: readonly NewEvent[]): Promise<number> {
    return this.#append(stream, expected, events);
  }

  /** Appends what happened elsewhere, with the times it has there; they must be in order. */
  appendAt(stream: string, expected: number, events: readonly StoredEvent[]): Promise<number> {
    return this.#append(
      stream,
      expected,
      events,
      events.map((event) => event.at),
    );
  }

  async fork(stream: string, base: string, length: number): Promise<void> {
    if (!Number.isInteger(length) || length < 0)
      throw new PraxisError('invalid', `A stream cannot have ${length} events.`);
    if (!STREAM.test(stream))
      throw new PraxisError('invalid', `"${stream}" is not the name of a stream; write it as family/id.`);
    if (length > 0) await mapDatabaseErrors(forkStream(this.#database, stream, base, length));
  }

  async #append(
    stream: string,
    expected: number,
    events: readonly NewEvent[],
    times: readonly number[] | null = null,
  ): Promise<number> {
    if (!STREAM.test(stream))
      throw new PraxisError('invalid', `"${stream}" is not the name of a stream; write it as family/id.`);
    if (!Number.isInteger(expected) || expected < 0)
      throw new PraxisError('invalid', `A stream cannot have ${expected} events.`);
    if (events.length === 0) throw new PraxisError('invalid', 'An append needs at least one event.');
    const texts = events.map((event) => eventText(event));
    const asked = performance.now();
    return leaf(
      'journal append',
      { 'db.system.name': 'postgresql', 'praxis.stream': stream, 'praxis.events': events.map((e) => e.type) },
      async () => {
        const length = await this.#commits.add({ stream, run: runOfStream(stream), expected, events, texts, times });
        measure.append(performance.now() - asked);
        return length;
      },
    );
  }

  async read(stream: string, from = 0): Promise<readonly StoredEvent[]> {
    return mapDatabaseErrors(readStream(this.#database, this.#cache, stream, from));
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
        if (hasCode(thrown, ...RACES, ...TRY_AGAIN) && race < MAX_RACES) continue;
        const error = databaseError(thrown);
        // Only something in the batch itself can be wrong now; alone, the others will do.
        if (batch.length === 1 || !['invalid', 'bug'].includes(error.code))
          return batch.map(() => ({ ok: false, error }));
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
    // A plan of thousands of subgoals takes its time to be read and to be written.
    const share = loopShare();
    const projected: Settled<Projection>[] = [];
    for (const append of batch) {
      projected.push(projectAppend(append, now, rows.get(append.run) ?? NOTHING));
      await share();
    }
    const ready = batch.flatMap((append, i) => {
      const projection = projected[i]!;
      return projection.ok ? [{ append, projection: projection.value }] : [];
    });
    const fresh = await this.#insert(ready, now);
    return batch.map((append, i) => {
      const projection = projected[i]!;
      if (!projection.ok) return projection;
      return fresh.has(append.stream)
        ? { ok: true, value: append.expected + append.events.length }
        : { ok: false, error: stale(append) };
    });
  }

  async #insert(batch: readonly Writing[], now: number): Promise<ReadonlySet<string>> {
    if (batch.length === 0) return new Set();
    const ready = batch.toSorted((a, b) => (a.append.stream < b.append.stream ? -1 : 1));
    const statement = appendStatement(ready, now);
    await faultPoint('journal.before-write');
    const result = await this.#database.query<{ nth: number }>(statement);
    await faultPoint('journal.after-commit');
    const late = new Set(result.rows.map((row) => row.nth));
    const written = ready.filter((_, i) => !late.has(i + 1)).map((r) => r.append);
    const fresh = new Set(written.map((a) => a.stream));
    const runs = new Set(written.map((a) => a.run));
    if (runs.size > 0) this.#onWritten(runs);
    return fresh;
  }

  /** Where the runs of a batch stand; for one that was just forked, what it shares means more than its row. */
  async #runRows(batch: readonly Append[]): Promise<ReadonlyMap<string, Projection>> {
    const ids = batch.filter((a) => needsRunRow(a.stream) && a.expected > 0).map((a) => a.run);
    if (ids.length === 0) return new Map();
    const { rows } = await this.#database.query<RunRow>({
      name: 'praxis-run-rows',
      text: SELECT_RUN_ROWS,
      values: [ids],
    });
    const found = new Map<string, Projection>(rows.map((run) => [run.id, { ...NOTHING, run }]));
    for (const id of ids) {
      const shared = found.has(id) ? null : await projectShared(this.#database, this.#cache, id);
      if (shared) found.set(id, shared);
    }
    return found;
  }
}

const NOTHING: Projection = { run: null, subgoals: [], questions: [], closings: [] };

function projectAppend(append: Append, now: number, before: Projection): Settled<Projection> {
  const own = needsRunRow(append.stream) ? before : NOTHING;
  if (own.run !== null && own.run.length !== append.expected) return { ok: false, error: stale(append) };
  try {
    const events = append.events.map((event, i) => ({ event, at: append.times?.[i] ?? now }));
    const added = project(append.stream, events, own.run);
    if (own.subgoals.length === 0 && own.questions.length === 0) return { ok: true, value: added };
    const subgoals = mergeById([...own.subgoals, ...added.subgoals]);
    const questions = mergeQuestionsById([...own.questions, ...added.questions]);
    return { ok: true, value: { run: added.run, subgoals, questions, closings: [...own.closings, ...added.closings] } };
  } catch (error) {
    return { ok: false, error };
  }
}

function stale({ stream, expected }: Append): PraxisError {
  const message = `The stream ${stream} does not end after ${expected} events: somebody else wrote to it. Read it again before going on.`;
  return new PraxisError('conflict', message, { details: { stream, expected } });
}
