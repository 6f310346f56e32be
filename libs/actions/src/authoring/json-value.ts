import type { Json } from '@praxis/core';

/** Deeper than any value that people exchange, and shallow enough for every reader. */
const DEPTH = 100;

/**
 * A value as plain JSON. Fields that are `undefined` are left out, as in `JSON.stringify`; what JSON cannot say is told
 * with its place and never changed silently.
 */
export function toJson(value: unknown, path = '', depth = 0): { readonly json: Json } | { readonly fault: string } {
  if (value === undefined || value === null) return { json: null };
  if (typeof value === 'string' || typeof value === 'boolean') return { json: value };
  if (typeof value === 'number')
    return Number.isFinite(value) ? { json: value } : { fault: `${place(path)} is ${value}, which JSON has not` };
  if (typeof value !== 'object') return { fault: `${place(path)} is a ${typeof value}, which JSON has not` };
  if (depth === DEPTH) return { fault: `${place(path)} is nested more than ${DEPTH} deep` };
  return Array.isArray(value) ? listOf(value, path, depth) : objectOf(value, path, depth);
}

const place = (path: string): string => (path === '' ? 'the value' : `\`${path}\``);

function listOf(list: readonly unknown[], path: string, depth: number): ReturnType<typeof toJson> {
  const items: Json[] = [];
  for (const [i, item] of list.entries()) {
    const made = toJson(item, join(path, String(i)), depth + 1);
    if ('fault' in made) return made;
    items.push(made.json);
  }
  return { json: items };
}

function objectOf(value: object, path: string, depth: number): ReturnType<typeof toJson> {
  const prototype = Object.getPrototypeOf(value) as object | null;
  // A class of a user's own realm is no plain object; one of another realm has no own name to tell it by.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    return { fault: `${place(path)} is a ${value.constructor.name}, which JSON has not; give a plain value` };
  const fields: [string, Json][] = [];
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const made = toJson(field, join(path, name), depth + 1);
    if ('fault' in made) return made;
    fields.push([name, made.json]);
  }
  return { json: Object.fromEntries(fields) };
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
