import { z } from 'zod';

/** The one name that a plain object takes for its prototype, and that schemas of records therefore leave out. */
const PROTOTYPE = '__proto__';

/**
 * A record whose keys are names that users choose. It keeps every key as a property of its own, also one that means
 * something to JavaScript.
 */
export function freeRecord<T>(value: z.ZodType<T>): z.ZodType<Record<string, T>, Record<string, T>> {
  const record = z.record(z.string(), value);
  return z.custom<Record<string, T>>().transform((input, context): Record<string, T> => {
    const parsed = record.safeParse(input);
    if (!parsed.success) return refuse(context, parsed.error);
    if (!Object.hasOwn(input, PROTOTYPE)) return parsed.data;
    const special = value.safeParse(input[PROTOTYPE]);
    if (!special.success) return refuse(context, special.error, PROTOTYPE);
    const entry = (key: string): [string, T] => [key, key === PROTOTYPE ? special.data : parsed.data[key]!];
    // Unlike an assignment, this makes the name a property like any other.
    return Object.fromEntries(Object.keys(input).map(entry));
  });
}

function refuse(context: z.core.$RefinementCtx, { issues }: z.ZodError, ...at: readonly string[]): never {
  for (const { message, path } of issues) {
    context.issues.push({ code: 'custom', message, path: [...at, ...path], input: undefined });
  }
  return z.NEVER;
}
