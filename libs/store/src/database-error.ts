import { PraxisError, type ErrorCode } from '@praxis/core';

/** What a Postgres error code (or the beginning of one) means to Praxis, most telling first. */
const MEANINGS: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/^53100$/, 'exhausted', 'The disk of the database is full; free some space there and try again.'],
  [
    /^53300$/,
    'unavailable',
    'The database accepts no more connections; raise its max_connections or lower the pool size.',
  ],
  [/^53/, 'exhausted', 'The database has run out of memory; give it more or ask for less at once.'],
  [/^28/, 'denied', 'The database refused the user or the password; check the database URL.'],
  [/^42501$/, 'denied', 'The database user may not do this; grant it the rights it lacks.'],
  [/^3D000$/, 'missing', 'There is no such database; create it first.'],
  [/^42P01$|^42703$|^P202[12]$/, 'invalid', 'The database lacks a table or column; run the migrations first.'],
  [/^57014$/, 'timeout', 'The database took too long over a statement; try again, and look for what keeps it busy.'],
  [/^40|^25006$/, 'unavailable', 'The database could not do this just now; try again.'],
  [
    /^08|^57P|^P1001$|^P1017$/,
    'unavailable',
    'The connection to the database was lost; check that it runs and try again.',
  ],
  [
    /^E[A-Z_]+$/,
    'unavailable',
    'The database cannot be reached; check that it runs and that the database URL is right.',
  ],
  [/^22/, 'invalid', 'The database cannot hold this value.'],
];

/** What the drivers say, without a code, when a connection breaks or cannot be had. */
const CONNECTION_LOST =
  /connection (terminated|ended|closed)|timeout exceeded when trying to connect|not queryable|timeout expired|read timeout/i;

/** The code that Postgres, the socket or Prisma gave, wherever it is kept. */
function codeOf(thrown: unknown): string | null {
  const seen = new Set<unknown>();
  let own: string | null = null;
  for (let at = thrown; typeof at === 'object' && at !== null && !seen.has(at);) {
    seen.add(at);
    const { code, originalCode, cause, meta, driverAdapterError, errors } = at as Record<string, unknown>;
    if (typeof originalCode === 'string') return originalCode;
    if (own === null && typeof code === 'string') own = code;
    at = cause ?? driverAdapterError ?? meta ?? (Array.isArray(errors) ? errors[0] : null);
  }
  return own;
}

/** Whether the error is Postgres's for one of these codes. */
export function hasCode(thrown: unknown, ...codes: readonly string[]): boolean {
  const code = codeOf(thrown);
  return code !== null && codes.includes(code);
}

/** Says in our words what a driver or Prisma threw. */
export function databaseError(thrown: unknown): PraxisError {
  if (thrown instanceof PraxisError) return thrown;
  const code = codeOf(thrown);
  if (code !== null) {
    const found = MEANINGS.find(([pattern]) => pattern.test(code));
    if (found) return new PraxisError(found[1], found[2], { cause: thrown, details: { database: code } });
  }
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  if (CONNECTION_LOST.test(text)) {
    return new PraxisError(
      'unavailable',
      'The connection to the database was lost; check that it runs and try again.',
      { cause: thrown },
    );
  }
  const details = code === null ? {} : { database: code };
  return new PraxisError('bug', `The database refused a statement: ${text}`, { cause: thrown, details });
}

/** Carries out some database work, with failures in our words. */
export async function mapDatabaseErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    throw databaseError(thrown);
  }
}
