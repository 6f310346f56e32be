import { PraxisError, type Json } from '@praxis/core';

/** The part of a zod schema that a wall needs. */
interface Schema<T> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

/** What to throw where a message cannot be understood; the field is named as core names it. */
export function invalidField(field: string, problem: string, cause?: unknown): PraxisError {
  return new PraxisError('invalid', `The field ${field} ${problem}.`, { cause, details: { field } });
}

/** A part of a message that must be there. */
export function need<T>(field: string, value: T | undefined): T {
  if (value === undefined) throw invalidField(field, 'is missing');
  return value;
}

/**
 * Checks a value against core's own schema and names the first field that is wrong. What is absent on the wire is
 * absent in the answer too: the journal takes no field whose value is undefined.
 */
export function parse<T>(noun: string, schema: Schema<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return withoutUndefined(parsed.data) as T;
  const issue = parsed.error.issues[0];
  const field = [noun, ...(issue?.path ?? []).map(String)].join('.');
  throw invalidField(field, `is wrong: ${issue?.message ?? 'it cannot be read'}`, parsed.error);
}

/** The value without the fields that are undefined, at any depth; the value itself where there are none. */
function withoutUndefined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(withoutUndefined);
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  const before = Object.entries(value);
  const kept = before
    .filter(([, part]) => part !== undefined)
    .map(([name, part]) => [name, withoutUndefined(part)] as const);
  const isSame = kept.length === before.length && kept.every(([, part], i) => part === before[i]![1]);
  return isSame ? value : Object.fromEntries(kept);
}

/** Reads a field that holds a JSON text. */
export function parseJson(field: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw invalidField(field, 'is not a JSON text', cause);
  }
}
