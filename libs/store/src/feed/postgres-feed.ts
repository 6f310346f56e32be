import { runOfStream, type Clock, type Cursor, type EventFeed, type Logger, type StoredEvent } from '@praxis/core';
import { loopShare } from '@praxis/platform';
import type { Database } from '../database.js';
import { databaseError } from '../database-error.js';
import type { EventCache } from '../journal/event-cache.js';
import { selectEvents, type EventRow } from '../journal/stored-event.js';
import { AsyncNotifier, pause } from './async-notifier.js';
import type { WakeUps } from './wake-ups.js';

/** How long a follower relies on being told before it looks for itself. */
const POLL_MS = 1500;

/** Longest that news of a single stream takes to be seen, where there is much of it: a look costs as much as a step. */
const CALM_MS = 200;

/** Events per look. */
const PAGE = 1000;

/** How far back the poll for changed runs looks: the clocks of two machines may differ by this much. */
const CLOCK_SKEW_MS = 60_000;

/**
 * The next events of a run, by stream. Streams are found by their first events, a forked one by its mark, so that the
 * cost of a look does not grow with what was read already. Time never goes back within a stream, so a page never cuts
 * one out of order.
 */
const NEXT_EVENTS = `
with wanted as (
  select first.stream, coalesce(c.next, 0) as next
    from events first left join unnest($2::text[], $3::int4[]) as c(stream, next) on c.stream = first.stream
   where first.run = $1 and first.position = 0
)
select page.* from wanted cross join lateral (
  ${selectEvents('wanted.stream', 'wanted.next', { limit: String(PAGE) })}
  order by position limit ${PAGE}
) page
order by at, stream, position limit ${PAGE}`;

const STREAM_EVENTS = `${selectEvents('$1::text', '$2::int4', { limit: String(PAGE) })} order by position limit ${PAGE}`;

export interface PostgresFeedOptions {
  readonly database: Database;
  readonly cache: EventCache;
  readonly wakeUps: WakeUps;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called when somebody begins to follow. */
  readonly onFollow: () => void;
}

/**
 * Follows runs while they go on.
 *
 * postgres-feed.1 A follower sees every event of every stream of its run once, in order within each stream. There is no
 *                 order of commits to rely on: it keeps a cursor for each stream and looks again whenever it is told,
 *                 and now and then anyway.
 * postgres-feed.2 A lost connection delays a follower; it does not end it.
 */
export class PostgresFeed implements EventFeed {
  readonly #options: PostgresFeedOptions;

  constructor(options: PostgresFeedOptions) {
    this.#options = options;
  }

  async *follow(run: string, after: Cursor, signal: AbortSignal): AsyncGenerator<StoredEvent, void, undefined> {
    const cursor: Record<string, number> = { ...after };
    for await (const event of this.#watch(run, signal, () => this.#next(run, cursor, signal))) {
      cursor[event.stream] = event.position + 1;
      yield event;
    }
  }

  async *followStream(stream: string, from: number, signal: AbortSignal): AsyncGenerator<StoredEvent, void, undefined> {
    let next = from;
    const look = async (): Promise<readonly StoredEvent[]> => {
      const events = await this.#ask<EventRow>(
        { name: 'praxis-follow-stream', text: STREAM_EVENTS, values: [stream, next] },
        signal,
      );
      if (events.length === 0) await pause(CALM_MS, signal);
      return events.map((row) => this.#options.cache.event(row));
    };
    for await (const event of this.#watch(runOfStream(stream), signal, look)) {
      next = event.position + 1;
      yield event;
    }
  }

  /** Looks, and looks again whenever something was written for the run, and now and then anyway (postgres-feed.1). */
  async *#watch(
    run: string,
    signal: AbortSignal,
    look: () => Promise<readonly StoredEvent[]>,
  ): AsyncGenerator<StoredEvent, void, undefined> {
    const { wakeUps, onFollow } = this.#options;
    const notifier = new AsyncNotifier();
    const unwatch = wakeUps.watch(run, notifier);
    onFollow();
    try {
      while (!signal.aborted) {
        const events = await look();
        // Who follows a long run from its beginning is not served before everybody else.
        const share = loopShare();
        for (const event of events) {
          if (signal.aborted) return;
          yield event;
          await share();
        }
        if (events.length < PAGE) await notifier.heard(POLL_MS, signal);
      }
    } finally {
      unwatch();
    }
  }

  /**
   * The ids of runs that have new events, as many as there are when asked, until the signal aborts; the same id may
   * come again. It begins with the runs that moved lately. Where a message was lost, a poll of the runs' own streams
   * finds what moved.
   */
  async *listenRuns(signal: AbortSignal): AsyncGenerator<readonly string[], void, undefined> {
    const { wakeUps, onFollow, clock } = this.#options;
    const changed = new Set<string>();
    const seen = new Map<string, number>();
    const notifier = new AsyncNotifier();
    const unlisten = wakeUps.listen((runs) => {
      for (const run of runs) changed.add(run);
      notifier.ring();
    });
    onFollow();
    try {
      for (let polled = Number.NEGATIVE_INFINITY; !signal.aborted;) {
        if (clock.now() - polled >= POLL_MS) {
          polled = clock.now();
          for (const run of await this.#recent(seen, signal)) changed.add(run);
        }
        if (changed.size > 0 && !signal.aborted) {
          const runs = [...changed];
          changed.clear();
          yield runs;
        }
        if (changed.size === 0) await notifier.heard(POLL_MS, signal);
      }
    } finally {
      unlisten();
    }
  }

  async #next(run: string, cursor: Cursor, signal: AbortSignal): Promise<readonly StoredEvent[]> {
    const values = [run, Object.keys(cursor), Object.values(cursor)];
    const rows = await this.#ask<EventRow>({ name: 'praxis-follow', text: NEXT_EVENTS, values }, signal);
    return rows.map((row) => this.#options.cache.event(row));
  }

  /** Runs that moved lately; `seen` remembers how far, and forgets those that did not. */
  async #recent(seen: Map<string, number>, signal: AbortSignal): Promise<readonly string[]> {
    const text = `select id, length from runs where ended_at is null and touched_at > $1
      union all select id, length from runs where ended_at is not null and ended_at > $1`;
    const values = [this.#options.clock.now() - CLOCK_SKEW_MS];
    const rows = await this.#ask<{ id: string; length: number }>({ text, values }, signal);
    const moved = rows.filter((row) => (seen.get(row.id) ?? 0) < row.length).map((row) => row.id);
    seen.clear();
    for (const row of rows) seen.set(row.id, row.length);
    return moved;
  }

  /** Asks until the database answers, or the signal aborts. */
  async #ask<R extends object>(
    query: { name?: string; text: string; values: unknown[] },
    signal: AbortSignal,
  ): Promise<readonly R[]> {
    while (!signal.aborted) {
      try {
        return (await this.#options.database.query<R>(query)).rows;
      } catch (thrown) {
        const error = databaseError(thrown);
        if (error.code !== 'unavailable' && error.code !== 'timeout') throw error;
        this.#options.log.warn('a follower cannot read the journal; it tries again', { err: error });
        await pause(POLL_MS / 3, signal);
      }
    }
    return [];
  }
}
