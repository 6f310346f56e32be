import { PraxisError } from '@praxis/core';
import type { Client } from 'pg';

/** Rounds of asking; a pooler that shares connections shows it in the first or second. */
const ROUNDS = 8;

/**
 * Refuses a pooler that gives every transaction or statement another connection: LISTEN, advisory locks, prepared
 * statements and settings of a session would be lost between two statements.
 *
 * pooler.1 A direct connection is told by its process number, which the server announced; it is asked nothing more.
 * pooler.2 Behind a pooler, two sessions that meet in one server process, or one that moves, are refused.
 */
export async function refuseSharedConnections(
  client: Client,
  where: string,
  open: () => Promise<Client>,
): Promise<void> {
  // The driver keeps what the server announced at the start; a pooler announces a number of its own.
  const { processID } = client as Client & { readonly processID: number | null };
  const own = await processOf(client);
  if (processID === own) return;
  const other = await open();
  try {
    // In session mode, a session beyond the pool's size waits for another one to end.
    await processOf(other).catch((cause: unknown) => {
      throw new PraxisError(
        'exhausted',
        `The connection pooler at ${where} gives this process no second connection; raise its pool size (docs/deploy.md says how many Praxis needs).`,
        { cause },
      );
    });
    for (let round = 0; round < ROUNDS; round++) {
      // A pooler in statement mode refuses transactions.
      const begun = await other.query('begin').then(
        () => true,
        () => false,
      );
      const met = begun ? await processOf(other) : own;
      await other.query('rollback').catch(() => undefined);
      if (met === own || (await processOf(client)) !== own) throw refusal(where);
    }
  } finally {
    await other.end().catch(() => undefined);
  }
}

async function processOf(client: Client): Promise<number> {
  return (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
}

function refusal(where: string): PraxisError {
  const why =
    'it gives every transaction another connection, and Praxis needs connections that stay (LISTEN, locks, prepared statements)';
  return new PraxisError(
    'invalid',
    `${where} is a connection pooler in transaction or statement mode: ${why}. Use the database's direct address, or a pooler in session mode (docs/deploy.md).`,
  );
}
