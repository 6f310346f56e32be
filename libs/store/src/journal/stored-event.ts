import type { Json, StoredEvent } from '@praxis/core';

/** A row of the journal, with the text of its data wherever that is kept. */
export interface EventRow {
  readonly stream: string;
  readonly position: number;
  readonly type: string;
  readonly version: number;
  readonly at: number;
  readonly body: string;
  readonly refs: readonly string[] | null;
}

const COLUMNS = 'e.position, e.type, e.version, e.at::float8 as at, coalesce(b.body, e.data::text) as body, e.refs';
const BODY = 'left join blobs b on b.sha256 = e.blob';

/**
 * Events of one stream from a position on, at most so many, first those it shares with its bases: all three are SQL.
 * The mark of a forked stream, which is no event, is left out.
 */
export function selectEvents(stream: string, from: string, limit?: string): string {
  const page = limit === undefined ? '' : ` limit ${limit}`;
  return `(select ${stream} as stream, ${COLUMNS} from stream_bases s
     join events e on e.stream = s.base and e.position >= greatest(s.start, ${from}) and e.position < s.until ${BODY}
    where s.stream = ${stream} order by e.position${page})
  union all
  (select e.stream, ${COLUMNS} from events e ${BODY}
    where e.stream = ${stream} and e.position >= ${from} and e.version > 0 order by e.position${page})`;
}

/** The event that a row holds. */
export function storedEvent({ body, refs, ...event }: EventRow): StoredEvent {
  return { ...event, data: JSON.parse(body) as Json, ...(refs && { refs }) };
}
