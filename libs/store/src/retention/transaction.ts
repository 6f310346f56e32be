import type { PoolClient } from 'pg';

/** One connection, for what needs several statements. */
export type Connection = Pick<PoolClient, 'query'>;

/** Does some work in one transaction: all of it, or none. */
export async function inTransaction<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  await connection.query('begin');
  try {
    const result = await work();
    await connection.query('commit');
    return result;
  } catch (error) {
    // Where the connection itself broke, the server rolls back.
    await connection.query('rollback').catch(() => {});
    throw error;
  }
}
