import type { Logger } from '@praxis/core';
import { outside } from '@praxis/platform';
import { Pool } from 'pg';

/** Where statements go: the pool of this process. */
export type Database = Pick<Pool, 'query'>;

/** Longest a statement may run: none of ours should take a second, and one that hangs must not hang a service. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** Opens the pool that all parts of a store share. */
export function openPool(url: string, poolSize: number, log: Logger): Pool {
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: 10_000,
    // Set after connecting, since poolers refuse startup parameters. Our statements look up keys, whatever the values
    // are: planned once per connection, an append begins ten times as fast.
    onConnect: (client): unknown =>
      client.query(`set statement_timeout to ${STATEMENT_TIMEOUT_MS}; set plan_cache_mode to force_generic_plan`),
    keepAlive: true,
    application_name: 'praxis',
  });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on('error', (err) => {
    // The connection may have been opened for some run, which has nothing to do with its end.
    if (!pool.ending) outside(() => log.warn('an idle database connection broke', { err }));
  });
  return pool;
}
