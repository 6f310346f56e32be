import { randomUUID } from 'node:crypto';
import {
  ARTIFACT_GRACE_MS,
  ARTIFACT_LIMIT,
  ARTIFACT_PART_BYTES,
  PraxisError,
  type ArtifactLabel,
  type ArtifactRef,
  type Clock,
} from '@praxis/core';
import type { Database } from '../database.js';
import { mapDatabaseErrors } from '../database-error.js';
import { ArtifactBytes, checked, missingArtifact } from './artifact-bytes.js';
import type { ArtifactPlug, ArtifactPlugOptions, StoredArtifact } from './artifact-plug.js';

/** An artifact that was kept later than this long ago need not be touched: half of what it is safe for. */
const FRESH_MS = ARTIFACT_GRACE_MS / 2;

/** Artifacts per look of the collector. */
const PAGE = 5000;

const BEGIN = `with begun as (insert into artifact_uploads (content, touched_at) values ($1::uuid, $4::int8) returning content)
insert into artifact_parts (content, n, data) select content, $2::int4, $3::bytea from begun`;

const CONTINUE = `with touched as (
  update artifact_uploads set touched_at = $4::int8 where content = $1::uuid returning content
)
insert into artifact_parts (content, n, data) select content, $2::int4, $3::bytea from touched`;

/** Where equal bytes are stored already, they stay as they are. */
const keep = (from: string): string => `kept as (
  insert into artifacts as a (sha256, size, content, kept_at) select $2::text, $3::int8, $1::uuid, $4::int8 from ${from}
  on conflict (sha256) do update set kept_at = greatest(a.kept_at, excluded.kept_at)
  returning content
)`;

/** Makes the parts of a put visible under their hash, or deletes them where another put of equal bytes was first. */
const FINISH = `with uploaded as (
  delete from artifact_uploads where content = $1::uuid returning content
), ${keep('uploaded')}, spare as (
  delete from artifact_parts p using kept where p.content = $1::uuid and kept.content <> $1::uuid
)
select from kept`;

/** All of a small artifact at once. */
const STORE = `with one as (select), ${keep('one')}
insert into artifact_parts (content, n, data)
  select content, 0, $5::bytea from kept where content = $1::uuid and $3::int8 > 0`;

const ABANDON = `with gone as (delete from artifact_uploads where content = $1::uuid returning content)
delete from artifact_parts p using gone where p.content = gone.content`;

const FIND = 'select content, size::float8 as size from artifacts where sha256 = $1';
const READ = 'select data from artifact_parts where content = $1::uuid and n = $2::int4';

/** The rows are locked in order, so that the collector deletes them before or spares them. */
const HAS = `with found as materialized (
  select sha256, size from artifacts where sha256 = any($1::text[]) order by sha256 for update
), touched as (
  update artifacts a set kept_at = $2::int8 from found where a.sha256 = found.sha256 and a.kept_at < $2::int8 - ${FRESH_MS}
)
select sha256, size::float8 as size from found`;

const LIST = `select sha256, size::float8 as size, kept_at::float8 as "keptAt" from artifacts
  where sha256 > $1::text order by sha256 limit ${PAGE}`;

/** One statement: a put or a look that waited for the row sees that it is gone, or the row stays. */
const REMOVE = `with gone as (
  delete from artifacts where sha256 = any($1::text[]) and kept_at <= $2::int8 returning sha256, content
), parts as (
  delete from artifact_parts p using gone where p.content = gone.content
)
select sha256 from gone`;

const UNFINISHED = 'select content from artifact_uploads where touched_at <= $1::int8';
/** A put that goes on meanwhile has touched its row, which is then left. */
const GIVE_UP = `with gone as (
  delete from artifact_uploads where content = $1::uuid and touched_at <= $2::int8 returning content
)
delete from artifact_parts p using gone where p.content = gone.content`;

/**
 * Artifacts on Postgres, in parts of 1 MiB.
 *
 * postgres-artifacts.1 A row of `artifacts` is written when all parts are: no reader sees a part of an artifact.
 * postgres-artifacts.2 Of concurrent puts of equal bytes one stores them, and all succeed.
 * postgres-artifacts.3 What a killed put left is invisible, and the collector deletes it.
 */
export class PostgresArtifacts implements ArtifactPlug {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #maxBytes: number;

  constructor(database: Database, clock: Clock, { maxBytes = ARTIFACT_LIMIT }: ArtifactPlugOptions = {}) {
    this.#database = database;
    this.#clock = clock;
    this.#maxBytes = maxBytes;
  }

  async put(bytes: Uint8Array | AsyncIterable<Uint8Array>, label: ArtifactLabel): Promise<ArtifactRef> {
    const source = new ArtifactBytes(bytes, label, this.#maxBytes);
    const content = randomUUID();
    let written = 0;
    try {
      let waiting: Buffer | null = null;
      for await (const part of source.parts()) {
        if (waiting) await this.#write(content, written++, waiting);
        waiting = part;
      }
      if (written === 0) return await this.#store(content, source.ref(), waiting ?? Buffer.alloc(0));
      await this.#write(content, written++, waiting!);
      return await this.#finish(content, source.ref());
    } catch (thrown) {
      // What cannot be deleted now, the collector deletes.
      if (written > 0) await this.#database.query(ABANDON, [content]).catch(() => undefined);
      throw thrown;
    }
  }

  async *get(sha256: string): AsyncGenerator<Uint8Array, void, undefined> {
    const { rows } = await this.#query<{ content: string; size: number }>('praxis-artifact', FIND, [sha256]);
    const found = rows[0];
    if (!found) throw missingArtifact(sha256);
    yield* checked(sha256, found.size, this.#parts(sha256, found.content, found.size));
  }

  async has(sha256: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (sha256.length === 0) return new Map();
    const values = [[...new Set(sha256)], this.#clock.now()];
    const { rows } = await this.#query<{ sha256: string; size: number }>('praxis-artifacts', HAS, values);
    return new Map(rows.map((row) => [row.sha256, row.size]));
  }

  async *list(): AsyncGenerator<StoredArtifact, void, undefined> {
    for (let after: string | undefined = ''; after !== undefined;) {
      const rows: readonly StoredArtifact[] = (await this.#query<StoredArtifact>('praxis-artifact-list', LIST, [after]))
        .rows;
      yield* rows;
      after = rows.length < PAGE ? undefined : rows.at(-1)!.sha256;
    }
  }

  async remove(sha256: readonly string[], keptSince: number): Promise<readonly string[]> {
    const { rows } = await this.#query<{ sha256: string }>('praxis-artifact-remove', REMOVE, [[...sha256], keptSince]);
    return rows.map((row) => row.sha256);
  }

  async removeUnfinished(touchedSince: number): Promise<void> {
    const { rows } = await this.#query<{ content: string }>('praxis-artifact-unfinished', UNFINISHED, [touchedSince]);
    for (const { content } of rows) await this.#query('praxis-artifact-give-up', GIVE_UP, [content, touchedSince]);
  }

  async *#parts(sha256: string, content: string, size: number): AsyncGenerator<Buffer, void, undefined> {
    for (let n = 0; n * ARTIFACT_PART_BYTES < size; n++) {
      const { rows } = await this.#query<{ data: Buffer }>('praxis-artifact-part', READ, [content, n]);
      if (rows[0]) yield rows[0].data;
      // Nothing is left to compare where it was collected in the middle of reading.
      else if ((await this.#query('praxis-artifact', FIND, [sha256])).rows.length === 0) throw missingArtifact(sha256);
      else return;
    }
  }

  async #write(content: string, n: number, data: Buffer): Promise<void> {
    const [name, text] = n === 0 ? ['praxis-artifact-begin', BEGIN] : ['praxis-artifact-continue', CONTINUE];
    const { rowCount } = await this.#query(name, text, [content, n, data, this.#clock.now()]);
    if (rowCount === 0) throw tooSlow();
  }

  async #finish(content: string, ref: ArtifactRef): Promise<ArtifactRef> {
    const values = [content, ref.$artifact, ref.size, this.#clock.now()];
    const { rowCount } = await this.#query('praxis-artifact-finish', FINISH, values);
    if (rowCount === 0) throw tooSlow();
    return ref;
  }

  async #store(content: string, ref: ArtifactRef, data: Buffer): Promise<ArtifactRef> {
    await this.#query('praxis-artifact-store', STORE, [content, ref.$artifact, ref.size, this.#clock.now(), data]);
    return ref;
  }

  #query<R extends object>(name: string, text: string, values: unknown[]) {
    return mapDatabaseErrors(this.#database.query<R>({ name, text, values }));
  }
}

const tooSlow = (): PraxisError =>
  new PraxisError('unavailable', 'The artifact was abandoned since no byte of it came for an hour; put it again.');
