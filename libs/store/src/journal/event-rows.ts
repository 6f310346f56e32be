import { bodies, numberArray, SEPARATOR, textArray } from './columns.js';
import type { Section } from './section.js';

/**
 * The fence and the events.
 *
 * `fresh` is the fence: a stream passes where its last position is `expected - 1`, or where it has no events of its own
 * and shares `expected` ones with its bases; the mark of such a stream, version 0, is no event. Between this look and
 * the insert somebody may still write; then the unique key stops the whole statement, and the batch is tried again
 * (postgres-journal.2). The streams of a batch are numbered in order. The looks are scalar subqueries, since these
 * always use the key: a join is planned as a scan of the whole table while that is still small, and the prepared plan
 * would stay so. An event is never older than the one before it, even where clocks differ, so that time orders every
 * stream.
 */
export const EVENT_ROWS: Section = {
  letter: 'e',
  rows: 'written',
  text: (p) => `wanted as materialized (
  select * from unnest(${p(0)}::text[], ${p(1)}::text[], ${p(2)}::int4[]) with ordinality as w(stream, of_run, expected, nth)
), fresh as materialized (
  select nth, stream, of_run, coalesce(last_at, 0) as floor
    from (
      select w.*, coalesce(
               (select e.at from events e where e.stream = w.stream and e.position = w.expected - 1 and e.version > 0),
               case when w.expected > 0 then (
                 select case when b.until = w.expected then b.last_at end from stream_bases b where b.stream = w.stream order by b.start desc limit 1
               ) end) as last_at,
             (select e.at from events e where e.stream = w.stream and e.position = w.expected) as next_at
        from wanted w offset 0
    ) looked
   where next_at is null and (expected = 0 or last_at is not null)
), input as materialized (
  select f.stream, f.of_run as run, i.*, f.floor
    from unnest(${p(3)}::int4[], ${p(4)}::int4[], ${p(5)}::text[], ${p(6)}::int4[], ${bodies(p(7))}, ${p(8)}::text[], ${p(9)}::int8[], ${p(10)}::text[])
         as i(nth, position, type, version, body, blob, at, refs)
    join fresh f using (nth)
), written as (
  insert into events (stream, position, run, type, version, at, data, blob, refs)
  select stream, position, run, type, version, greatest(at, floor), case when blob is null then body::json end, blob, string_to_array(refs, ' ')
    from input order by nth, position
  returning 1
)`,
  values(batch, now) {
    const events = batch.flatMap(({ append }, i) =>
      append.events.map((event, k) => ({
        event,
        text: append.texts[k]!,
        nth: i + 1,
        position: append.expected + k,
        at: append.times?.[k] ?? now,
      })),
    );
    return [
      textArray(batch.map((w) => w.append.stream)),
      textArray(batch.map((w) => w.append.run)),
      numberArray(batch.map((w) => w.append.expected)),
      numberArray(events.map((e) => e.nth)),
      numberArray(events.map((e) => e.position)),
      textArray(events.map((e) => e.event.type)),
      numberArray(events.map((e) => e.event.version)),
      events.map((e) => e.text.body).join(SEPARATOR),
      textArray(events.map((e) => e.text.blob)),
      numberArray(events.map((e) => e.at)),
      textArray(events.map((e) => e.event.refs?.join(' ') ?? null)),
    ];
  },
};

/** Bodies that are too large for a row of the journal, each kept once; written before the events that name them. */
export const BLOB_ROWS: Section = {
  letter: 'b',
  rows: null,
  text: () => `kept as (
  insert into blobs (sha256, body)
  select distinct on (blob) blob, body from input where blob is not null order by blob
  on conflict do nothing
)`,
  values: (batch) => (batch.some(({ append }) => append.texts.some((t) => t.blob !== null)) ? [] : null),
};
