import { PraxisError, artifactHashesIn, runEvents, runStream, type RunId, type StoredEvent } from '@praxis/core';
import type { Database } from '../database.js';
import { mapDatabaseErrors } from '../database-error.js';
import { selectEvents, storedEvent, type EventRow } from '../journal/stored-event.js';
import { referrersFirst, type BlobNode } from '../referrers-first.js';
import { historyHeader, writeLines, type HistoryLine } from './history-line.js';

/** Events and texts per look, so that a long run is never held whole. */
const PAGE = 500;

const STREAMS = `select stream, max(length)::int4 as length from (
    select e.stream, max(e.position) + 1 as length from events first join events e on e.stream = first.stream
     where first.run = $1 and first.position = 0 and e.version > 0 group by e.stream
    union all
    select stream, max(until) from stream_bases where run = $1 group by stream
  ) parts group by stream order by stream`;

const EVENTS = `${selectEvents('$1', '$2', { limit: '$3' })} order by position limit $3`;

const REACHED = `
with recursive reached(sha256) as (
  select unnest($1::text[])
  union
  select unnest(b.refs) from reached r join blobs b on b.sha256 = r.sha256
)
select r.sha256, coalesce(b.refs, '{}') as refs from reached r left join blobs b using (sha256)`;

interface Stream {
  readonly stream: string;
  readonly length: number;
}

/**
 * A run as the lines of a history file, without line ends; of one that goes on, what is written now. Fails with
 * `missing` where there is no such run.
 */
export async function* exportRun(database: Database, run: RunId): AsyncGenerator<string, void, undefined> {
  const streams = (await mapDatabaseErrors(database.query<Stream>(STREAMS, [run]))).rows;
  if (!streams.some((s) => s.stream === runStream(run)))
    throw new PraxisError('missing', `There is no run ${run}; see the runs there are with \`praxis runs\`.`, {
      details: { run },
    });
  yield* writeLines(runLines(database, run, streams));
}

async function* runLines(
  database: Database,
  run: RunId,
  streams: readonly Stream[],
): AsyncGenerator<HistoryLine, void, undefined> {
  const { parent, session } = await lifeOf(database, run, streams);
  yield historyHeader({ run, parent, streams: [...streams] });
  const refs = new Set<string>();
  for (const stream of streams) {
    for await (const event of eventsOf(database, stream)) {
      // Files are not part of a history file: only texts are.
      const files = new Set(artifactHashesIn(event.data));
      const texts = (event.refs ?? []).filter((ref) => !files.has(ref));
      for (const ref of texts) refs.add(ref);
      yield { line: 'event', ...event, refs: texts.length > 0 ? texts : undefined };
    }
  }
  yield* blobLines(database, [...refs]);
  const sql = 'select id, version, body from world_sessions where id = $1';
  const worlds = await mapDatabaseErrors(database.query<{ id: string; version: number; body: string }>(sql, [session]));
  for (const world of worlds.rows) yield { line: 'session', ...world };
}

async function* eventsOf(database: Database, { stream, length }: Stream): AsyncGenerator<StoredEvent, void, undefined> {
  for (let from = 0; from < length; from += PAGE) {
    const { rows } = await mapDatabaseErrors(
      database.query<EventRow>(EVENTS, [stream, from, Math.min(PAGE, length - from)]),
    );
    yield* rows.map(storedEvent);
  }
}

async function* blobLines(database: Database, refs: readonly string[]): AsyncGenerator<HistoryLine, void, undefined> {
  // What is referred to comes first.
  const order = referrersFirst((await mapDatabaseErrors(database.query<BlobNode>(REACHED, [refs]))).rows).toReversed();
  for (let from = 0; from < order.length; from += PAGE) {
    const page = order.slice(from, from + PAGE);
    const sql =
      'select sha256, body, refs from blobs where sha256 = any($1::text[]) order by array_position($1::text[], sha256)';
    const { rows } = await mapDatabaseErrors(
      database.query<{ sha256: string; body: string; refs: string[] }>(sql, [page]),
    );
    if (rows.length < page.length)
      throw new PraxisError(
        'missing',
        'A text that the run refers to is not there; restore the database from a backup.',
      );
    for (const row of rows) yield { line: 'blob', ...row };
  }
}

/** Where the run comes from, and the session of its world. */
async function lifeOf(
  database: Database,
  run: RunId,
  streams: readonly Stream[],
): Promise<{ parent: RunId | null; session: string | null }> {
  let parent: RunId | null = null;
  let session: string | null = null;
  for await (const stored of eventsOf(
    database,
    streams.find((s) => s.stream === runStream(run))!,
  )) {
    if (stored.type !== 'opened' && stored.type !== 'forked') continue;
    const event = runEvents.decode(stored);
    if (event.type === 'forked') parent = event.parent;
    if (event.type === 'forked' || event.type === 'opened') session = event.session;
  }
  return { parent, session };
}
