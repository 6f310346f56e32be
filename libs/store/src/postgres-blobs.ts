import { BLOB_GRACE_MS, PraxisError, type BlobStore, type Clock, type KeptText } from '@praxis/core';
import type { Database } from './database.js';
import { mapDatabaseErrors } from './database-error.js';

/** The key of the advisory lock that `keep` shares and the collector takes alone while it deletes blobs. */
export const BLOBS_LOCK = 72_707_401;

/** A blob that was kept later than this long ago need not be touched: half of what it is safe for. */
const FRESH_MS = BLOB_GRACE_MS / 2;

/**
 * Keeps texts and touches what they refer to, in one statement, or nothing where a part of that is gone: so what is
 * kept is always kept with all that it refers to. A blob that was touched is not deleted for a while, so that there is
 * time to refer to it (blobs.1); while the collector deletes, this waits.
 */
const KEEP = `
with held as materialized (
  select pg_advisory_xact_lock_shared(${BLOBS_LOCK})
), new as materialized (
  select sha256, body, string_to_array(refs, ' ') as refs from held, unnest($1::text[], $2::text[], $3::text[]) as n(sha256, body, refs)
), named as materialized (
  select distinct ref from new, unnest(refs) as ref where ref not in (select sha256 from new)
), fresh as materialized (
  select sha256 from blobs where sha256 in (select ref from named) and kept_at >= $4::int8 - ${FRESH_MS}
), touched as (
  update blobs b set kept_at = $4::int8 from named
   where b.sha256 = named.ref and b.sha256 not in (select sha256 from fresh)
  returning 1
), missing as materialized (
  select ((select count(*) from named) - (select count(*) from fresh) - (select count(*) from touched))::int4 as missing
), kept as (
  insert into blobs as b (sha256, body, refs, kept_at)
  select distinct on (sha256) sha256, body, refs, $4::int8 from new, missing where missing = 0 order by sha256
  on conflict (sha256) do update set kept_at = excluded.kept_at, refs = case when b.refs = '{}' then excluded.refs else b.refs end
    where b.kept_at < excluded.kept_at - ${FRESH_MS}
)
select missing from missing`;

const READ = 'select sha256, body from blobs where sha256 = any($1::text[])';

const READ_ALL = `
with recursive reached(sha256) as (
  select unnest($1::text[])
  union
  select unnest(b.refs) from reached r join blobs b on b.sha256 = r.sha256
)
select b.sha256, b.body from reached join blobs b using (sha256)`;

/** Texts by their hash, on Postgres, in the table where the journal keeps large data too. */
export class PostgresBlobs implements BlobStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async keep(blobs: readonly KeptText[]): Promise<void> {
    if (blobs.length === 0) return;
    const values = [
      blobs.map((b) => b.sha256),
      blobs.map((b) => b.body),
      blobs.map((b) => b.refs.join(' ')),
      this.#clock.now(),
    ];
    const { rows } = await mapDatabaseErrors(
      this.#database.query<{ missing: number }>({ name: 'praxis-keep', text: KEEP, values }),
    );
    if (rows[0]!.missing > 0)
      throw new PraxisError(
        'missing',
        'A text refers to another one that is not kept; keep that one first, or both at once.',
      );
  }

  read(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#bodies('praxis-blobs', READ, hashes);
  }

  readAll(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#bodies('praxis-all-blobs', READ_ALL, hashes);
  }

  async #bodies(name: string, text: string, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await mapDatabaseErrors(
      this.#database.query<{ sha256: string; body: string }>({ name, text, values: [[...hashes]] }),
    );
    return new Map(rows.map((row) => [row.sha256, row.body]));
  }
}
