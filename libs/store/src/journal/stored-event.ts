import type { Json, StoredEvent } from '@praxis/core';

/** A row of the journal, with the text of its data wherever that is kept. */
export interface EventRow {
  readonly stream: string;
  readonly position: number;
  readonly type: string;
  readonly version: number;
  readonly at: number;
  readonly body: string;
}

/** The beginning of every query for events; `e` is the event. */
export const SELECT_EVENT = `select e.stream, e.position, e.type, e.version, e.at::float8 as at, coalesce(b.body, e.data::text) as body
  from events e left join blobs b on b.sha256 = e.blob`;

/** The event that a row holds. */
export function storedEvent({ body, ...event }: EventRow): StoredEvent {
  return { ...event, data: JSON.parse(body) as Json };
}
