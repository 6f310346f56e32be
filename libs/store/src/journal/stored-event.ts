import type { Json, StoredEvent } from '@praxis/core';

/** A row of the journal, with the text of its data wherever that is kept. */
export interface EventRow {
  readonly stream: string;
  readonly position: number;
  readonly type: string;
  readonly version: number;
  readonly at: number;
  /** Null where the reader knows it and did not ask for it. */
  readonly body: string | null;
  readonly refs: readonly string[] | null;
  /**
   * Which row it is: its place in the table and the transaction that wrote it. Rows are never changed, and what is
   * removed and written again has another mark.
   */
  readonly mark: string;
}

const TEXT = 'coalesce(b.body, e.data::text)';
const BODY = 'left join blobs b on b.sha256 = e.blob';

/**
 * Events of one stream from a position on, at most so many, first those it shares with its bases: all three are SQL.
 * The mark of a forked stream, which is no event, is left out. Rows below the position `bodies` come without bodies.
 */
export function selectEvents(
  stream: string,
  from: string,
  { limit, bodies }: { readonly limit?: string; readonly bodies?: string } = {},
): string {
  const page = limit === undefined ? '' : ` limit ${limit}`;
  const body = bodies === undefined ? TEXT : `case when e.position >= ${bodies} then ${TEXT} end`;
  const columns = `e.position, e.type, e.version, e.at::float8 as at, ${body} as body, e.refs, e.ctid::text || e.xmin::text as mark`;
  return `(select ${stream} as stream, ${columns} from stream_bases s
     join events e on e.stream = s.base and e.position >= greatest(s.start, ${from}) and e.position < s.until ${BODY}
    where s.stream = ${stream} order by e.position${page})
  union all
  (select e.stream, ${columns} from events e ${BODY}
    where e.stream = ${stream} and e.position >= ${from} and e.version > 0 order by e.position${page})`;
}

/** The event that a row holds, which has its body. */
export function storedEvent({ body, refs, stream, position, type, version, at }: EventRow): StoredEvent {
  return { stream, position, type, version, at, data: JSON.parse(body!) as Json, ...(refs && { refs }) };
}
