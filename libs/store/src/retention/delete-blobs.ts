import { hasCode } from '../database-error.js';
import { BLOBS_LOCK } from '../postgres-blobs.js';
import { referrersFirst, type BlobNode } from '../referrers-first.js';
import { inTransaction, type Connection } from './transaction.js';

/** Blobs per transaction: `keep` waits for one of these at most. */
const BATCH = 500;

/** A row that others refer to: `restrict_violation` since Postgres 18, `foreign_key_violation` before. */
const REFERRED_TO = ['23001', '23503'];

const NEEDED_AGAIN = `select b.sha256 from blobs b where b.sha256 = any($1::text[])
  and (b.kept_at > $2::int8 or exists (select from events e where e.blob = b.sha256))`;

/**
 * Deletes garbage; gives how many blobs went.
 *
 * What refers goes before what is referred to, so that a blob that is there always has all that it names, even where
 * this is killed in the middle. Between finding garbage and deleting it somebody may need a blob again. Whoever keeps
 * it, or a new one that refers to it, touches it under a lock that is shared, while here the same lock is held alone:
 * it is seen here, and spared with all it reaches. Whoever appends an event with the same large data holds the row by
 * the foreign key: either it is seen here, or the database refuses the batch, which is looked at again, or the append
 * finds it gone and writes it anew.
 */
export async function deleteBlobs(
  connection: Connection,
  garbage: readonly BlobNode[],
  keptSince: number,
): Promise<number> {
  const refs = new Map(garbage.map((g) => [g.sha256, g.refs]));
  const spared = new Set<string>();
  const spare = (sha256: string): void => {
    for (const open = [sha256]; open.length > 0;) {
      const at = open.pop()!;
      if (spared.has(at) || !refs.has(at)) continue;
      spared.add(at);
      open.push(...refs.get(at)!);
    }
  };
  let deleted = 0;
  const order = referrersFirst(garbage);
  for (let from = 0; from < order.length; from += BATCH) {
    const batch = order.slice(from, from + BATCH);
    deleted += await patiently(() =>
      inTransaction(connection, async () => {
        await connection.query('select pg_advisory_xact_lock($1)', [BLOBS_LOCK]);
        const again = await connection.query<{ sha256: string }>(NEEDED_AGAIN, [batch, keptSince]);
        for (const { sha256 } of again.rows) spare(sha256);
        const gone = await connection.query('delete from blobs where sha256 = any($1::text[])', [
          batch.filter((sha256) => !spared.has(sha256)),
        ]);
        return gone.rowCount ?? 0;
      }),
    );
  }
  return deleted;
}

/** Tries a batch again that the database refused because of an append just then. */
async function patiently(work: () => Promise<number>): Promise<number> {
  for (let races = 0; ; races++) {
    try {
      return await work();
    } catch (thrown) {
      if (!REFERRED_TO.some((code) => hasCode(thrown, code)) || races === 8) throw thrown;
    }
  }
}
