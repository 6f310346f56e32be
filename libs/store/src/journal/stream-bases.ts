import { PraxisError, runOfStream, runStream, subgoalStream, type StoredEvent } from '@praxis/core';
import { loopShare } from '@praxis/platform';
import type { Database } from '../database.js';
import { mergeById, mergeQuestionsById, project, type Projection } from '../projections/projection.js';
import type { RunRow } from '../projections/run-row.js';
import type { EventCache } from './event-cache.js';
import { selectEvents, type EventRow } from './stored-event.js';

const READ = selectEvents('$1', '$2', { bodies: '$3' });

/** Positions from `start` to below `until` of a stream are those of another. */
interface Segment {
  readonly start: number;
  readonly until: number;
  readonly base: string;
}

const SEGMENTS = `
with own as materialized (
  select start, until, base, base_run from stream_bases where stream = $2
), segments as materialized (
  select start, least(until, $3::int4) as until, base, base_run from own where start < $3
  union all
  select coalesce(max(until), 0), $3, $2, $5 from own having coalesce(max(until), 0) < $3
)`;

/**
 * Writes the mark and the segments of a fork in one statement. Bases of bases are written out, so that reading hops
 * once. The mark takes position 0, so that the key which is the fence of every append is the fence here too
 * (postgres-journal.2). The rows of the runs that are shared are locked against removal; where one is being removed
 * just then, nothing is written.
 */
const FORK = `${SEGMENTS}, last as materialized (
  select e.at from segments s join events e on e.stream = s.base and e.position = $3 - 1 and e.version > 0 where s.until = $3
), locked as materialized (
  select id from runs where id in (select base_run from segments) order by id for key share
), mark as (
  insert into events (stream, position, run, type, version, at, data)
  select $1, 0, $4, 'begins', 0, at, 'null' from last
   where (select count(*) from locked) = (select count(*) from runs where id in (select base_run from segments))
     and not exists (select from removals where run in (select base_run from segments))
  on conflict do nothing
  returning 1
)
insert into stream_bases (stream, start, until, base, run, base_run, last_at)
select $1, start, until, base, $4, base_run, at from segments, last where exists (select from mark)
returning start, until, base`;

const WANTED = `${SEGMENTS} select start, until, base, $1::text, $4::text from segments order by start`;

/** Makes a stream begin with another one's events (journal.4). */
export async function forkStream(database: Database, stream: string, base: string, length: number): Promise<void> {
  const values = [stream, base, length, runOfStream(stream), runOfStream(base)];
  if ((await database.query(FORK, values)).rows.length > 0) return;
  const wanted = (await database.query<Segment>(WANTED, values)).rows;
  const there = (
    await database.query<Segment>('select start, until, base from stream_bases where stream = $1 order by start', [
      stream,
    ])
  ).rows;
  const isSame =
    there.length === wanted.length &&
    there.every((s, i) => s.start === wanted[i]!.start && s.until === wanted[i]!.until && s.base === wanted[i]!.base);
  if (isSame) return;
  const begun = (await database.query('select from events where stream = $1 limit 1', [stream])).rows.length > 0;
  if (begun)
    throw new PraxisError('conflict', `The stream ${stream} has begun already; fork to a new one.`, {
      details: { stream },
    });
  throw new PraxisError(
    'invalid',
    `The stream ${base} has fewer than ${length} events, or is being removed; fork it where it has been.`,
    { details: { base } },
  );
}

/**
 * What a forked run's shared events mean for the read models: asked for when the run's own first event is written,
 * since before that nobody may see it. Null for a run that shares nothing.
 */
export async function projectShared(database: Database, cache: EventCache, run: string): Promise<Projection | null> {
  const { rows } = await database.query<{ stream: string }>(
    'select distinct stream from stream_bases where run = $1 order by stream',
    [run],
  );
  if (rows.length === 0) return null;
  const projections: Projection[] = [];
  for (const { stream } of rows) projections.push(await projectStream(database, cache, stream));
  return {
    run: projections.reduce<RunRow | null>((found, p) => found ?? p.run, null),
    subgoals: mergeById(projections.flatMap((p) => p.subgoals)),
    questions: mergeQuestionsById(projections.flatMap((p) => p.questions)),
    closings: projections.flatMap((p) => p.closings),
  };
}

async function projectStream(database: Database, cache: EventCache, stream: string): Promise<Projection> {
  const events = (await readStream(database, cache, stream, 0)).map((event) => ({ event, at: event.at }));
  const projection = project(stream, events, null);
  if (stream === runStream(runOfStream(stream)) || events.at(-1)?.event.type !== 'ended') return projection;
  // What was learned from the parent's subgoal is not learned twice.
  return {
    ...projection,
    subgoals: projection.subgoals.map((s) => (subgoalStream(s.id) === stream ? { ...s, learn: false } : s)),
  };
}

/** A stream's events from a position on, those it shares with its bases first. */
export async function readStream(
  database: Database,
  cache: EventCache,
  stream: string,
  from: number,
): Promise<readonly StoredEvent[]> {
  for (;;) {
    const start = cache.start(stream, from);
    const values = [stream, start.from, start.bodies];
    const { rows } = await database.query<EventRow>({ name: 'praxis-read', text: READ, values });
    // The database gives the two parts in order, but does not promise to.
    rows.sort((a, b) => a.position - b.position);
    const share = loopShare();
    const events = cache.take(stream, from, start, rows);
    // Whoever reads long events has more to do with them.
    await share();
    if (events !== null) return events;
  }
}
