import {
  PraxisError,
  artifactHashesIn,
  runEvents,
  runStream,
  type ArtifactStore,
  type RunId,
  type StoredEvent,
} from '@praxis/core';
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
select r.sha256, coalesce(b.refs, '{}') as refs, b.sha256 is not null as "isThere"
  from reached r left join blobs b using (sha256)`;

/** Bytes of artifacts that a file holds at most, so that a planner with usual limits takes it in. */
const MOST_ARTIFACT_BYTES = 128 * 1024 * 1024;

interface Stream {
  readonly stream: string;
  readonly length: number;
}

/**
 * A run as the lines of a history file, without line ends; of one that goes on, what is written now. Fails with
 * `missing` where there is no such run.
 */
export async function* exportRun(
  database: Database,
  artifacts: ArtifactStore,
  run: RunId,
): AsyncGenerator<string, void, undefined> {
  const streams = (await mapDatabaseErrors(database.query<Stream>(STREAMS, [run]))).rows;
  if (!streams.some((s) => s.stream === runStream(run)))
    throw new PraxisError('missing', `There is no run ${run}; see the runs there are with \`praxis runs\`.`, {
      details: { run },
    });
  yield* writeLines(runLines(database, artifacts, run, streams));
}

async function* runLines(
  database: Database,
  artifacts: ArtifactStore,
  run: RunId,
  streams: readonly Stream[],
): AsyncGenerator<HistoryLine, void, undefined> {
  const { parent, session } = await lifeOf(database, run, streams);
  yield historyHeader({ run, parent, streams: [...streams] });
  const refs = new Set<string>();
  const files = new Set<string>();
  for (const stream of streams) {
    for await (const event of eventsOf(database, stream)) {
      for (const ref of event.refs ?? []) refs.add(ref);
      for (const file of artifactHashesIn(event.data)) files.add(file);
      yield { line: 'event', ...event, refs: event.refs && [...event.refs] };
    }
  }
  yield* blobLines(database, [...refs], files);
  const sql = 'select id, version, body from world_sessions where id = $1';
  const worlds = await mapDatabaseErrors(database.query<{ id: string; version: number; body: string }>(sql, [session]));
  // A world refers to its files in its own way; what is no artifact is no concern of the file.
  const inWorlds = worlds.rows.flatMap(({ body }) => body.match(/[0-9a-f]{64}/g) ?? []);
  const named = [...(await artifacts.has(inWorlds)).keys(), ...files];
  yield* artifactLines(artifacts, [...new Set(named)]);
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

/** The small ones first, so that as many as possible have room. */
async function* artifactLines(
  artifacts: ArtifactStore,
  named: readonly string[],
): AsyncGenerator<HistoryLine, void, undefined> {
  const sizes = await artifacts.has(named);
  let room = MOST_ARTIFACT_BYTES;
  for (const sha256 of named.toSorted((a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0) || (a < b ? -1 : 1))) {
    const size = sizes.get(sha256) ?? null;
    if (size === null || size > room) yield { line: 'left-out', sha256, size };
    else {
      if (size === 0) yield { line: 'artifact', sha256, size, data: '' };
      for await (const part of artifacts.get(sha256))
        yield { line: 'artifact', sha256, size, data: Buffer.from(part).toString('base64') };
      room -= size;
    }
  }
}

/** `files` are refs that name artifacts, which may be texts at the same time. */
async function* blobLines(
  database: Database,
  refs: readonly string[],
  files: ReadonlySet<string>,
): AsyncGenerator<HistoryLine, void, undefined> {
  const reached = (await mapDatabaseErrors(database.query<BlobNode & { isThere: boolean }>(REACHED, [refs]))).rows;
  // What is referred to comes first.
  const order = referrersFirst(reached.filter((b) => b.isThere || !files.has(b.sha256))).toReversed();
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
