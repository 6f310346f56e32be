import { readFileSync } from 'node:fs';
import type { TestDatabase } from '@praxis/testing';

/** A statement in the server's log, the way the simple and the extended protocol are told there. */
const STATEMENT = /LOG: {2}(?:statement|execute [^:]*): (.*)/g;

/**
 * The first lines of all statements that reach the Postgres of a database meanwhile, in order. The server itself tells,
 * at once.
 */
export async function statementsWhile(
  database: TestDatabase,
  work: () => Promise<unknown>,
): Promise<readonly string[]> {
  const tell = async (what: 'all' | 'none'): Promise<void> => {
    await database.query(`alter system set log_statement = '${what}'`);
    await database.query('select pg_reload_conf()');
  };
  const log = `${String((await database.query('show data_directory'))[0]!['data_directory'])}.log`;
  const from = readFileSync(log).length;
  await tell('all');
  await work();
  await tell('none');
  return [...readFileSync(log).subarray(from).toString().matchAll(STATEMENT)].map((found) => found[1]!);
}
