import { PraxisError } from '@praxis/core';
import type { Request } from 'express';
import { z } from 'zod';

/** A text in a query; nothing, or nothing but space, is null. */
export const text = (most: number) =>
  z
    .string()
    .max(most)
    .nullable()
    .default(null)
    .transform((value) => value?.trim() || null);

/** Reads a query; empty parameters count as left out. */
export function parseQuery<T extends z.ZodType>(schema: T, query: unknown): z.output<T> {
  const given = Object.fromEntries(Object.entries((query ?? {}) as object).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new PraxisError('invalid', `The parameter "${issue.path.join('.')}" is wrong: ${issue.message}.`);
}

/** Fires when nobody waits for the answer any more. */
export function ended(request: Request): AbortSignal {
  const gone = new AbortController();
  request.res!.once('close', () => gone.abort());
  return gone.signal;
}
