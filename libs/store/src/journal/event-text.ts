import { createHash } from 'node:crypto';
import { PraxisError, type Json, type NewEvent } from '@praxis/core';

/** Data longer than this many characters is stored once by its hash: below it, a hash and a second row cost more than they save. */
export const BLOB_THRESHOLD = 4096;

/** An event's data as it is stored. */
export interface EventText {
  readonly body: string;
  /** SHA-256 of a large body, under which it is stored; null for a small one. */
  readonly blob: string | null;
}

/** The text of an event's data, key order kept; fails with `invalid` where the data is not JSON. */
export function eventText(event: NewEvent): EventText {
  const wrong = notJson(event.data, 'data');
  if (wrong !== null) throw new PraxisError('invalid', `A ${event.type} event cannot be written: ${wrong} is not JSON.`);
  const body = JSON.stringify(event.data);
  return { body, blob: body.length > BLOB_THRESHOLD ? createHash('sha256').update(body).digest('hex') : null };
}

/** Where a value is something that JSON cannot say and would silently lose; null where all is well. */
function notJson(value: Json | undefined, path: string): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : path;
  if (Array.isArray(value)) return firstOf(value.entries(), path);
  if (typeof value !== 'object' || 'toJSON' in value) return path;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return path;
  return firstOf(Object.entries(value), path);
}

function firstOf(entries: Iterable<readonly [string | number, Json]>, path: string): string | null {
  for (const [key, value] of entries) {
    const wrong = notJson(value, `${path}.${key}`);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** What Postgres cannot hold in a text: the zero character and halves of surrogate pairs. */
const UNTEXTLIKE = /[\0\ud800-\udfff]/gu;

/** A text that Postgres can hold, for columns that people read; the journal itself keeps every character. */
export const readable = (text: string): string => text.replace(UNTEXTLIKE, '\ufffd');
