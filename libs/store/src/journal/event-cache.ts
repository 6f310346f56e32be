import type { StoredEvent } from '@praxis/core';
import { storedEvent, type EventRow } from './stored-event.js';

/**
 * Characters of events' JSON that a process holds: some dozens of the longest runs. In memory an event takes about four
 * times its JSON, what its readers decode it to included.
 */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** What an event costs besides its JSON, so that a bound on characters also bounds the number of small events. */
const OVERHEAD = 256;

/** The first events of one stream. */
interface Prefix {
  readonly events: readonly StoredEvent[];
  /** The row of each, see `EventRow.mark`. */
  readonly marks: readonly string[];
  readonly size: number;
}

const EMPTY: Prefix = { events: [], marks: [], size: 0 };

/** Where to begin a read, and what is known before that. */
export interface ReadStart {
  readonly from: number;
  /** Rows below this position need no body. */
  readonly bodies: number;
  /** What the read goes on from; null where it has to bring everything. */
  readonly held: Prefix | null;
}

/**
 * What a process has read of the journal's streams, so that reading a stream again costs what is new.
 *
 * event-cache.1 A read through the cache gives what a read without it gives, whatever was forked, removed, imported or
 *               appended meanwhile, here or elsewhere.
 * event-cache.2 It rests on one fact: the row at a position of a stream determines all events before it, since streams
 *               only grow, runs are removed whole, and forks share rows. A read therefore brings the last known row
 *               again, without its body; where that is the same row still, what is known is right, otherwise it is
 *               forgotten.
 * event-cache.3 Readers of an event get the same object, so that a codec decodes it once (event-codec.1).
 * event-cache.4 It holds so many characters of JSON at most; the streams that were read longest ago are forgotten
 *               first.
 */
export class EventCache {
  /** In the order in which they were last read. */
  readonly #prefixes = new Map<string, Prefix>();
  readonly #most: number;
  #size = 0;

  constructor(most: number = MOST_CHARACTERS) {
    this.#most = most;
  }

  /** Characters held now, and what each event costs besides. */
  get size(): number {
    return this.#size;
  }

  /** Where a read from a position on has to begin in the database. */
  start(stream: string, from: number): ReadStart {
    const held = this.#prefixes.get(stream);
    const length = held?.events.length ?? 0;
    if (held === undefined || from >= length) return { from, bodies: from, held: null };
    return { from: length - 1, bodies: length, held };
  }

  /**
   * The events of a stream from a position on, out of the rows that `start` asked for, in order; null where what was
   * known has turned out to be of a stream that is no more: begin again.
   */
  take(stream: string, from: number, start: ReadStart, rows: readonly EventRow[]): readonly StoredEvent[] | null {
    if (start.held === null) {
      const events = rows.map(storedEvent);
      if (from === 0) this.#keep(stream, extended(EMPTY, rows, events));
      return events;
    }
    const { held } = start;
    const [last, ...fresh] = rows;
    if (last?.position !== held.events.length - 1 || last.mark !== held.marks.at(-1)) {
      this.#forget(stream);
      return null;
    }
    const whole = fresh.length === 0 ? held : extended(held, fresh, fresh.map(storedEvent));
    this.#keep(stream, whole);
    return whole.events.slice(from);
  }

  /** The event of a row that was read in another way. */
  event(row: EventRow): StoredEvent {
    const held = this.#prefixes.get(row.stream);
    return held?.marks[row.position] === row.mark ? held.events[row.position]! : storedEvent(row);
  }

  #keep(stream: string, prefix: Prefix): void {
    this.#forget(stream);
    if (prefix.events.length === 0 || prefix.size > this.#most) return;
    this.#prefixes.set(stream, prefix);
    this.#size += prefix.size;
    for (const oldest of this.#prefixes.keys()) {
      if (this.#size <= this.#most) return;
      this.#forget(oldest);
    }
  }

  #forget(stream: string): void {
    this.#size -= this.#prefixes.get(stream)?.size ?? 0;
    this.#prefixes.delete(stream);
  }
}

function extended(prefix: Prefix, rows: readonly EventRow[], events: readonly StoredEvent[]): Prefix {
  return {
    events: [...prefix.events, ...events],
    marks: [...prefix.marks, ...rows.map((row) => row.mark)],
    size: rows.reduce((sum, { body }) => sum + OVERHEAD + (body ?? '').length, prefix.size),
  };
}
