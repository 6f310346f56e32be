import { z } from 'zod';
import { PraxisError } from './errors.js';
import type { Json } from './json.js';
import type { NewEvent, StoredEvent } from './journal.js';

/** Turns the data of an older schema version into the next one (S9). */
export type Upcaster = (data: Json) => Json;

/** Writes and reads one family of events. */
export interface EventCodec<E> {
  encode(event: E): NewEvent;
  decode(stored: NewEvent): E;
}

/**
 * Makes the codec of a family of events, a union discriminated by `type`.
 * `upcasters[type][n]` lifts data of version n to version n + 1; an event's current version is one more than its
 * number of upcasters.
 */
export function eventCodec<E extends { readonly type: string }>(
  schema: z.ZodType<E>,
  upcasters: Readonly<Record<string, readonly Upcaster[]>> = {},
): EventCodec<E> {
  const current = (type: string): number => 1 + (upcasters[type]?.length ?? 0);
  return {
    encode(event) {
      const { type, ...data } = event;
      return { type, version: current(type), data: data as unknown as Json };
    },
    decode(stored) {
      const known = stored.version >= 1 && stored.version <= current(stored.type);
      const lifts = known ? (upcasters[stored.type] ?? []).slice(stored.version - 1) : [];
      const data = lifts.reduce((old, lift) => lift(old), stored.data);
      const parsed = schema.safeParse({ type: stored.type, ...(data as object) });
      if (known && parsed.success) return parsed.data;
      const where = 'stream' in stored ? ` at ${(stored as StoredEvent).stream}#${(stored as StoredEvent).position}` : '';
      throw new PraxisError('invalid', `The journal holds a ${stored.type} event${where} (version ${stored.version}) that this release cannot read; run a newer release.`, {
        cause: parsed.error,
      });
    },
  };
}
