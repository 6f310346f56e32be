import {
  PraxisError,
  systemClock,
  type Clock,
  type Json,
  type Journal,
  type NewEvent,
  type StoredEvent,
} from '@praxis/core';

/** Where a stream's first events stand. */
interface Base {
  readonly stream: string;
  readonly length: number;
}

/** A journal in memory, for specs and dry runs: the same laws as the one on Postgres, except that nothing survives. */
export class MemoryJournal implements Journal {
  /** Each stream's own events. */
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #bases = new Map<string, Base>();
  readonly #clock: Clock;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<number> {
    if (events.length === 0) throw new PraxisError('invalid', 'An append needs at least one event.');
    const written = this.#all(stream);
    if (written.length !== expected) {
      const message = `The stream ${stream} does not end after ${expected} events: somebody else wrote to it. Read it again before going on.`;
      throw new PraxisError('conflict', message, { details: { stream, expected } });
    }
    const at = Math.max(this.#clock.now(), written.at(-1)?.at ?? 0);
    const added = events.map(({ type, version, data, refs }, i) => ({
      type,
      version,
      data: copied(data),
      stream,
      position: expected + i,
      at,
      ...(refs && { refs: [...refs] }),
    }));
    this.#streams.set(stream, [...(this.#streams.get(stream) ?? []), ...added]);
    return expected + added.length;
  }

  async read(stream: string, from = 0): Promise<readonly StoredEvent[]> {
    return this.#all(stream)
      .slice(from)
      .map((event) => ({ ...event, data: copied(event.data) }));
  }

  async fork(stream: string, base: string, length: number): Promise<void> {
    if (length === 0) return;
    const before = this.#bases.get(stream);
    if (before?.stream === base && before.length === length) return;
    if (before || this.#streams.has(stream))
      throw new PraxisError('conflict', `The stream ${stream} has begun already; fork to a new one.`, {
        details: { stream },
      });
    const has = this.#all(base).length;
    if (has < length)
      throw new PraxisError(
        'invalid',
        `The stream ${base} has ${has} events, not ${length}; fork it where it has been.`,
        { details: { base } },
      );
    this.#bases.set(stream, { stream: base, length });
  }

  /** The names of all streams, sorted. */
  streams(): readonly string[] {
    return [...new Set([...this.#streams.keys(), ...this.#bases.keys()])].sort();
  }

  #all(stream: string): readonly StoredEvent[] {
    const base = this.#bases.get(stream);
    const first = base
      ? this.#all(base.stream)
          .slice(0, base.length)
          .map((event) => ({ ...event, stream }))
      : [];
    return [...first, ...(this.#streams.get(stream) ?? [])];
  }
}

/** Nobody can change what was written, nor what another reader got. */
const copied = (data: Json): Json => JSON.parse(JSON.stringify(data)) as Json;
