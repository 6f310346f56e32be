import { BLOB_GRACE_MS, type RunId } from '@praxis/core';
import type { Database } from '../database.js';
import type { BlobNode } from '../referrers-first.js';

/** How much there is. */
export interface StorageUsage {
  readonly events: number;
  readonly blobs: number;
  readonly bytes: number;
}

/**
 * Blobs that no event reaches, the events of some runs not counted, and that were not kept just now for an event to
 * come; whatever reaches one of them is itself among them.
 */
const GARBAGE = `
with recursive reached(sha256) as (
  select sha256 from (
    select blob as sha256 from events where blob is not null and run <> all($1::text[])
    union
    select unnest(refs) from events where refs is not null and run <> all($1::text[])
    union
    select sha256 from blobs where kept_at > $2::int8
  ) roots
  union
  select unnest(b.refs) from reached r join blobs b on b.sha256 = r.sha256
), garbage as (
  select b.sha256, b.refs, b.body from blobs b where not exists (select from reached r where r.sha256 = b.sha256)
)`;

const ALL = `select (select count(*) from events where version > 0)::float8 as events, (select count(*) from blobs)::float8 as blobs,
  (coalesce((select sum(octet_length(data::text)) from events), 0) + coalesce((select sum(octet_length(body)) from blobs), 0))::float8 as bytes`;

/** The events of some runs, found by the beginnings of their streams. */
const OWN =
  'events first join events e on e.stream = first.stream where first.run = any($1::text[]) and first.position = 0';

const GOING = `${GARBAGE}
select (select count(*) from ${OWN} and e.version > 0)::float8 as events, (select count(*) from garbage)::float8 as blobs,
  (coalesce((select sum(octet_length(e.data::text)) from ${OWN}), 0)
    + coalesce((select sum(octet_length(body)) from garbage), 0))::float8 as bytes`;

/** A blob that was kept later than this may be referred to any moment. */
export const keptSince = (now: number): number => now - BLOB_GRACE_MS;

/** All that is stored. */
export async function measureUsage(database: Database): Promise<StorageUsage> {
  return (await database.query<StorageUsage>(ALL)).rows[0]!;
}

/** What goes when these runs go. */
export async function measureGarbage(database: Database, runs: Iterable<RunId>, now: number): Promise<StorageUsage> {
  return (await database.query<StorageUsage>(GOING, [[...runs], keptSince(now)])).rows[0]!;
}

/** The blobs that nothing needs now. */
export async function findGarbage(database: Database, now: number): Promise<readonly BlobNode[]> {
  return (await database.query<BlobNode>(`${GARBAGE} select sha256, refs from garbage`, [[], keptSince(now)])).rows;
}
