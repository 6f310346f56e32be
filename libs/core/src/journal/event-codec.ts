import { z } from 'zod';
import { artifactHashesIn } from '../values/artifact.js';
import { PraxisError } from '../values/errors.js';
import type { Json } from '../values/json.js';
import type { NewEvent, StoredEvent } from './journal.js';

/** Turns the data of an older schema version into the next one (S9). */
export type Upcaster = (data: Json) => Json;

/** Writes and reads one family of events. */
export interface EventCodec<E> {
  encode(event: E): NewEvent;
  decode(stored: NewEvent): E;
}

/** What a family of events has besides its schema. */
export interface CodecOptions<E> {
  /**
   * `upcasters[type][n]` lifts data of version n to version n + 1; an event's current version is one more than their
   * number.
   */
  readonly upcasters?: Readonly<Record<string, readonly Upcaster[]>>;
  /** Which blobs an event's data names. The artifacts that it refers to need not be told: they are found by their mark. */
  refs?(event: E): readonly string[];
  /** Leaves out what the schema puts back. */
  spare?(event: E): { readonly type: string };
}

/** Makes the codec of a family of events, a union discriminated by `type`. */
export function eventCodec<E extends { readonly type: string }>(
  schema: z.ZodType<E>,
  { upcasters = {}, refs = () => [], spare = (event) => event }: CodecOptions<E> = {},
): EventCodec<E> {
  const types = typesOf(schema);
  const isUnknown = (type: string): boolean => types !== null && !types.has(type);
  const current = (type: string): number => 1 + (upcasters[type]?.length ?? 0);
  return {
    encode(event) {
      const { type, ...data } = spare(event);
      const named = new Set([...refs(event), ...artifactHashesIn(data)]);
      return {
        type,
        version: current(type),
        data: data as unknown as Json,
        ...(named.size > 0 && { refs: [...named] }),
      };
    },
    decode(stored) {
      const known = stored.version >= 1 && stored.version <= current(stored.type);
      const lifts = known ? (upcasters[stored.type] ?? []).slice(stored.version - 1) : [];
      const parsed = schema.safeParse({ type: stored.type, ...(lifted(stored.data, lifts) as object) });
      if (known && parsed.success) return parsed.data;
      const where =
        'stream' in stored ? ` at ${(stored as StoredEvent).stream}#${(stored as StoredEvent).position}` : '';
      const what = `The journal holds a ${stored.type} event${where} (version ${stored.version}) that this release cannot read`;
      // What a newer release wrote is left to it (S9); what this one should be able to read is damaged.
      if (!known || isUnknown(stored.type))
        throw new PraxisError('unavailable', `${what}; run a newer release.`, { cause: parsed.error });
      throw new PraxisError('invalid', `${what}: it is damaged. Restore it from a backup.`, { cause: parsed.error });
    },
  };
}

/** What no upcaster can lift is left as it is: the schema says what is wrong with it. */
function lifted(data: Json, lifts: readonly Upcaster[]): Json {
  try {
    return lifts.reduce((old, lift) => lift(old), data);
  } catch {
    return data;
  }
}

/** The types that a union tells apart; null where the schema is something else. */
function typesOf(schema: z.ZodType): ReadonlySet<string> | null {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return null;
  const options = schema.options as readonly z.ZodObject<{ type: z.ZodLiteral<string> }>[];
  return new Set(options.flatMap((o) => [...o.shape.type.values]));
}
