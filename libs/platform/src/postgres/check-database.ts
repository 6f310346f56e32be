import { PraxisError } from '@praxis/core';
import type { Client } from 'pg';
import { databaseTrouble } from './database-trouble.js';
import { hide } from '../settings/load-settings.js';
import { refuseSharedConnections } from './pooler.js';

const OLDEST = 13;

/** How long connecting and each question may take. */
const PATIENCE_MS = 5_000;

/**
 * Connects and says what it found; fails with a message that says what to do, before anything is written: also where
 * the address is a pooler whose connections do not stay.
 */
export async function checkDatabase(url: string): Promise<{ readonly version: string }> {
  // The driver is slow to load, and most commands need none.
  const pg = await import('pg');
  const opened: Client[] = [];
  const open = async (): Promise<Client> => {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
    });
    opened.push(client);
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  try {
    const client = await open();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    const version = rows[0]!.server_version;
    if (parseInt(version, 10) < OLDEST)
      throw new PraxisError(
        'invalid',
        `The Postgres at ${hide(url)} is version ${version}; Praxis needs ${OLDEST} or newer.`,
      );
    await refuseSharedConnections(client, hide(url), open);
    return { version };
  } catch (thrown) {
    throw databaseTrouble(thrown, hide(url));
  } finally {
    await Promise.all(opened.map((client) => client.end().catch(() => undefined)));
  }
}
