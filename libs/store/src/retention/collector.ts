import { PraxisError, type RunId } from '@praxis/core';
import type { Pool } from 'pg';
import type { ArtifactPlug } from '../artifacts/artifact-plug.js';
import { databaseError } from '../database-error.js';
import { ArtifactCollection } from './collect-artifacts.js';
import { chooseRuns, removable, type EndedRun, type Need } from './choose-runs.js';
import { deleteBlobs } from './delete-blobs.js';
import { finishRemoval, takeOut } from './remove-runs.js';
import type { Connection } from './transaction.js';
import { findGarbage, keptSince, measureGarbage, measureUsage, type StorageUsage } from './storage-usage.js';
import { staleClones, WorldSessions } from './world-sessions.js';

/** What to clear away: ended runs older than this, and the oldest ones beyond this size; null: no such limit. */
export interface GcRequest {
  readonly maxAgeMs: number | null;
  readonly maxBytes: number | null;
  /** Only tell what would go. */
  readonly dryRun: boolean;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: number;
}

/** What was cleared away, or would be. */
export interface GcReport {
  readonly runs: readonly RunId[];
  /** Ended runs that stay because another one needs them: a fork, or one that takes back what they did. */
  readonly kept: readonly RunId[];
  readonly events: number;
  readonly blobs: number;
  readonly artifacts: number;
  readonly sessions: number;
  /** Bytes of event data, blobs and artifacts, before and after. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** Runs per transaction. */
const BATCH = 50;

/** The key of the advisory lock of collections: one at a time. */
const GC_LOCK = 72_707_402;

const NEEDS = `select distinct base_run as used, run as user from stream_bases where base_run <> run
  union select control->>'undoes', id from runs where control->>'undoes' is not null`;

/**
 * Clears away what nobody needs any more.
 *
 * collector.1 Only ended runs go, and only those that no run needs that stays. A run goes whole: its streams, rows and
 *             worlds.
 * collector.2 A blob or an artifact goes when nothing that stays reaches it.
 * collector.3 It works in small transactions beside everybody else; killed at any moment it leaves a store in which
 *             nothing is half there to be seen, and the next collection does the rest.
 */
export async function collectGarbage(
  pool: Pick<Pool, 'connect'>,
  artifacts: ArtifactPlug,
  request: GcRequest,
): Promise<GcReport> {
  const client = await pool.connect().catch((thrown: unknown) => {
    throw databaseError(thrown);
  });
  let broken = true;
  try {
    // Looking at everything may take longer than a service's statements should.
    await client.query('set statement_timeout = 0');
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [GC_LOCK]);
    if (!rows[0]!.mine) throw new PraxisError('conflict', 'Another collection is under way; wait until it is through.');
    const report = await collect(client, artifacts, request);
    await client.query('select pg_advisory_unlock($1)', [GC_LOCK]);
    await client.query('reset statement_timeout');
    broken = false;
    return report;
  } catch (thrown) {
    throw databaseError(thrown);
  } finally {
    // A connection that may still hold the lock is not given back.
    client.release(broken);
  }
}

async function collect(connection: Connection, plug: ArtifactPlug, request: GcRequest): Promise<GcReport> {
  const { maxAgeMs, maxBytes, dryRun, now } = request;
  if (!dryRun) await finishAll(connection);
  const usage = await measureUsage(connection);
  const artifacts = await ArtifactCollection.begin(connection, plug, now);
  const before = { ...usage, bytes: usage.bytes + artifacts.bytes };
  const ended = (
    await connection.query<EndedRun>('select id, ended_at::float8 as "endedAt" from runs where ended_at is not null')
  ).rows;
  const needs = (await connection.query<Need>(NEEDS)).rows;
  const sessions = await WorldSessions.read(connection);
  const garbageOf = async (going: ReadonlySet<RunId>): Promise<StorageUsage & { readonly artifacts: number }> => {
    const garbage = await measureGarbage(connection, going, now);
    const worlds = [...[...going].flatMap((id) => sessions.of(id)), ...(await staleClones(connection, going, now))];
    const files = artifacts.weigh(await artifacts.garbage(going, worlds));
    return { ...garbage, artifacts: files.count, bytes: garbage.bytes + files.bytes };
  };
  const weigh = async (chosen: readonly RunId[]): Promise<number> =>
    before.bytes - (await garbageOf(removable(chosen, needs))).bytes;
  const chosen = await chooseRuns(ended, { endedBefore: maxAgeMs === null ? null : now - maxAgeMs, maxBytes }, weigh);
  const going = new Set([...removable(chosen, needs)].sort());
  const kept = chosen.filter((id) => !going.has(id));
  if (dryRun) {
    const { events, blobs, artifacts: files, bytes } = await garbageOf(going);
    const worlds =
      [...going].flatMap((id) => sessions.of(id)).length + (await staleClones(connection, going, now)).length;
    return {
      runs: [...going],
      kept,
      events,
      blobs,
      artifacts: files,
      sessions: worlds,
      bytesBefore: before.bytes,
      bytesAfter: before.bytes - bytes,
    };
  }
  const runs = await removeRuns(connection, { going, sessions, now });
  const clones = await staleClones(connection, new Set(), now);
  await connection.query('delete from world_sessions where id = any($1::text[])', [clones]);
  await deleteBlobs(connection, await findGarbage(connection, now), keptSince(now));
  const removed = artifacts.weigh(await artifacts.remove());
  const after = await measureUsage(connection);
  const worlds = runs.flatMap((id) => sessions.of(id)).length + clones.length;
  const gone = {
    events: Math.max(0, before.events - after.events),
    blobs: Math.max(0, before.blobs - after.blobs),
    artifacts: removed.count,
    sessions: worlds,
  };
  return {
    runs,
    kept: [...kept, ...[...going].filter((id) => !runs.includes(id))],
    ...gone,
    bytesBefore: before.bytes,
    bytesAfter: after.bytes + artifacts.bytes - removed.bytes,
  };
}

interface Removing {
  readonly going: ReadonlySet<RunId>;
  readonly sessions: WorldSessions;
  readonly now: number;
}

/** The newest first, so that a fork goes before what it shares. */
async function removeRuns(connection: Connection, { going, sessions, now }: Removing): Promise<readonly RunId[]> {
  const { rows } = await connection.query<{ id: RunId }>(
    'select id from runs where id = any($1::text[]) order by accepted_at desc, id desc',
    [[...going]],
  );
  const gone: RunId[] = [];
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH).map((row) => row.id);
    const taken = await takeOut(connection, batch, (run) => sessions.of(run), now);
    await finishRemoval(connection, taken);
    gone.push(...taken);
  }
  return gone.sort();
}

/** What an earlier collection was killed over. */
async function finishAll(connection: Connection): Promise<void> {
  const { rows } = await connection.query<{ run: RunId }>('select run from removals');
  if (rows.length > 0)
    await finishRemoval(
      connection,
      rows.map((row) => row.run),
    );
}
