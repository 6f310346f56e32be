import { PraxisError, systemClock, type Clock, type Json, type Journal, type NewEvent, type StoredEvent } from '@praxis/core';

/** A journal in memory, for specs and dry runs: the same laws as the one on Postgres, except that nothing survives. */
export class MemoryJournal implements Journal {
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #clock: Clock;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<number> {
    if (events.length === 0) throw new PraxisError('invalid', 'An append needs at least one event.');
    const written = this.#streams.get(stream) ?? [];
    if (written.length !== expected) {
      const message = `The stream ${stream} does not end after ${expected} events: somebody else wrote to it. Read it again before going on.`;
      throw new PraxisError('conflict', message, { details: { stream, expected } });
    }
    const at = Math.max(this.#clock.now(), written.at(-1)?.at ?? 0);
    const added = events.map(({ type, version, data }, i) => ({ type, version, data: copied(data), stream, position: expected + i, at }));
    this.#streams.set(stream, [...written, ...added]);
    return expected + added.length;
  }

  async read(stream: string, from = 0): Promise<readonly StoredEvent[]> {
    return (this.#streams.get(stream) ?? []).slice(from).map((event) => ({ ...event, data: copied(event.data) }));
  }

  /** The names of all streams, sorted. */
  streams(): readonly string[] {
    return [...this.#streams.keys()].sort();
  }
}

/** Nobody can change what was written, nor what another reader got. */
const copied = (data: Json): Json => JSON.parse(JSON.stringify(data)) as Json;
