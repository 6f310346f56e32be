import { createHash } from 'node:crypto';
import { PraxisError, type NewEvent } from '@praxis/core';

/**
 * Data longer than this many characters is stored once by its hash: below it, a hash and a second row cost more than
 * they save.
 */
export const BLOB_THRESHOLD = 4096;

/** An event's data as it is stored. */
export interface EventText {
  readonly body: string;
  /** SHA-256 of a large body, under which it is stored; null for a small one. */
  readonly blob: string | null;
}

/** The text of an event's data, key order kept; fails with `invalid` where the data is not JSON. */
export function eventText(event: NewEvent): EventText {
  const wrong = notJson(event.data);
  if (wrong !== null)
    throw new PraxisError(
      'invalid',
      `A ${event.type} event cannot be written: ${['data', ...wrong].join('.')} is not JSON.`,
    );
  const body = JSON.stringify(event.data);
  return { body, blob: body.length > BLOB_THRESHOLD ? createHash('sha256').update(body).digest('hex') : null };
}

type Path = readonly (string | number)[];

/**
 * Where a value is something that JSON cannot say and would silently lose; null where all is well, which costs nothing
 * but the look.
 */
function notJson(value: unknown): Path | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : [];
  if (typeof value !== 'object') return [];
  if (Array.isArray(value)) return firstItem(value);
  if ('toJSON' in value) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return [];
  return firstOf(Object.keys(value), value);
}

function firstItem(list: readonly unknown[]): Path | null {
  for (let i = 0; i < list.length; i++) {
    const wrong = notJson(list[i]);
    if (wrong !== null) return [i, ...wrong];
  }
  return null;
}

function firstOf(keys: readonly string[], within: object): Path | null {
  for (const key of keys) {
    const wrong = notJson((within as Readonly<Record<string, unknown>>)[key]);
    if (wrong !== null) return [key, ...wrong];
  }
  return null;
}

/** What Postgres cannot hold in a text: the zero character and halves of surrogate pairs. */
const UNTEXTLIKE = /[\0\ud800-\udfff]/gu;

/** A text that Postgres can hold, for columns that people read; the journal itself keeps every character. */
export const readable = (text: string): string => text.replace(UNTEXTLIKE, '\ufffd');
