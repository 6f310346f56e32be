import { PraxisError } from '@praxis/core';
import { hide } from './load-settings.js';

const OLDEST = 13;

/** Connects once and says what it found; fails with a message that says what to do. */
export async function checkDatabase(url: string): Promise<{ readonly version: string }> {
  // The driver is slow to load, and most commands need none.
  const { Client } = await import('pg');
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    const version = rows[0]!.server_version;
    if (parseInt(version, 10) < OLDEST) throw new PraxisError('invalid', `The Postgres at ${hide(url)} is version ${version}; Praxis needs ${OLDEST} or newer.`);
    return { version };
  } catch (thrown) {
    throw thrown instanceof PraxisError ? thrown : explain(thrown as Error & { code?: string }, url);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function explain(cause: Error & { code?: string }, url: string): PraxisError {
  const where = hide(url);
  if (cause.code === '28P01' || cause.code === '28000') return new PraxisError('denied', `The Postgres at ${where} refuses the user or the password; check PRAXIS_DATABASE_URL.`, { cause });
  if (cause.code === '3D000') return new PraxisError('missing', `The Postgres at ${where} has no such database; create it first (createdb).`, { cause });
  return new PraxisError('unavailable', `No Postgres answers at ${where}; start it, or unset PRAXIS_DATABASE_URL to use the embedded one.`, { cause });
}
