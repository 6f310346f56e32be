import type { Json } from '../values/json.js';

/** An event to be written. `version` is the schema version of its data (S9). */
export interface NewEvent {
  readonly type: string;
  readonly version: number;
  readonly data: Json;
  /** Blobs and artifacts that the data names, so that they are kept as long as the event; absent where it names none. */
  readonly refs?: readonly string[];
}

/** An event that was written: position counts from 0 within its stream. */
export interface StoredEvent extends NewEvent {
  readonly stream: string;
  readonly position: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
}

/**
 * Socket: append-only streams.
 *
 * journal.1 A stream's positions are 0, 1, 2 … without gaps.
 * journal.2 `append` writes all of its events or none, and only where the stream ends at `expected`; otherwise it fails
 *           with `conflict`: the caller is stale and must stop or read again.
 * journal.3 What `append` has acknowledged survives a crash.
 * journal.4 A stream that was forked begins with its base's events themselves; what is written to either one later, the
 *           other never sees.
 */
export interface Journal {
  /** `expected` is the number of events the caller has seen. Gives the new length. */
  append(stream: string, expected: number, events: readonly NewEvent[]): Promise<number>;
  /** Events from a position on, oldest first. */
  read(stream: string, from?: number): Promise<readonly StoredEvent[]>;
  /**
   * Makes an empty stream begin with the first `length` events of another, by reference; 0 changes nothing. The same
   * again is harmless; `conflict` where the stream has begun otherwise, `invalid` where the base is shorter.
   */
  fork(stream: string, base: string, length: number): Promise<void>;
}

/** How far a follower has read, by stream: the next position it wants. */
export type Cursor = Readonly<Record<string, number>>;

/** Socket: follows a run while it is going on. */
export interface EventFeed {
  /** All events of the run's streams after the cursor, then new ones as they come, until the signal aborts. */
  follow(run: string, after: Cursor, signal: AbortSignal): AsyncIterable<StoredEvent>;
  /**
   * Events of one stream from a position on, then new ones, looked for a few times a second at most: for whoever has
   * other work meanwhile.
   */
  followStream(stream: string, from: number, signal: AbortSignal): AsyncIterable<StoredEvent>;
}
