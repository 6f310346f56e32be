import { z } from 'zod';
import { freeRecord } from './free-record.js';

/** Anything JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Whether a value is JSON through and through. A plain loop: events hold thousands of small values. */
export function isJson(value: unknown): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (!Array.isArray(value)) return isJsonObject(value);
  for (let i = 0; i < value.length; i++) if (!isJson(value[i])) return false;
  return true;
}

function isJsonObject(value: unknown): value is Record<string, Json> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false;
  for (const key of Object.keys(value)) if (!isJson((value as Record<string, unknown>)[key])) return false;
  return true;
}

/** Parses unknown data as JSON; gives the value itself, not a copy. */
export const jsonSchema: z.ZodType<Json> = z.custom<Json>(isJson);

const entriesSchema = freeRecord(jsonSchema);

/** Parses an object of JSON values by name; gives the object itself, not a copy. */
export const jsonRecordSchema: z.ZodType<Record<string, Json>> = z
  .custom<Record<string, Json>>()
  .check(({ value, issues }) => {
    if (isJsonObject(value)) return;
    // Slow, but it says at which name a value does not fit.
    for (const { message, path } of entriesSchema.safeParse(value).error?.issues ?? [])
      issues.push({ code: 'custom', message, path: [...path], input: undefined });
  });

/** One text for equal values: object keys in order, no white space. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((v: Json) => canonical(v)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value as { readonly [key: string]: Json }).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
