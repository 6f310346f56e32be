import { runEvents, stepEvents, type Json, type NewEvent } from '@praxis/core';
import type { Cluster } from './cluster.js';
import type { ModelRow, Noted } from './history.js';

interface EventRow {
  readonly stream: string;
  readonly position: number;
  readonly type: string;
  readonly version: number;
  readonly at: number;
  readonly body: string;
}

const EVENTS = `select e.stream, e.position, e.type, e.version, e.at::float8 as at, coalesce(b.body, e.data::text) as body
  from events e left join blobs b on b.sha256 = e.blob where e.run = $1 order by e.stream, e.position`;

/** The run's streams as they stand in the database. */
export async function readStreams(cluster: Cluster, run: string): Promise<ReadonlyMap<string, readonly Noted[]>> {
  const streams = new Map<string, Noted[]>();
  for (const row of await cluster.query<EventRow>(EVENTS, [run]))
    streams.set(row.stream, [...(streams.get(row.stream) ?? []), noted(row)]);
  return streams;
}

function noted({ stream, position, at, type, version, body }: EventRow): Noted {
  const stored: NewEvent = { type, version, data: JSON.parse(body) as Json };
  return {
    stream,
    position,
    at,
    event: stream.startsWith('run/') ? runEvents.decode(stored) : stepEvents.decode(stored),
  };
}

/** The rows that the read models hold of the run. */
export async function readModels(
  cluster: Cluster,
  run: string,
): Promise<Readonly<Record<'runs' | 'subgoals' | 'questions', readonly ModelRow[]>>> {
  const [runs, subgoals, questions] = await Promise.all([
    cluster.query('select *, ended_at is not null as is_over from runs where id = $1', [run]),
    cluster.query('select *, ended_at is not null as is_over from subgoals where run = $1', [run]),
    cluster.query('select * from questions where run = $1', [run]),
  ]);
  return {
    runs: runs as readonly ModelRow[],
    subgoals: subgoals as readonly ModelRow[],
    questions: questions as readonly ModelRow[],
  };
}
