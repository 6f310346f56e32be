import { PraxisError } from '@praxis/core';
import { checkDatabase, hide, openQueues } from '@praxis/platform';
import { defineVerb } from '../../verb.js';
import { count } from '../../view/words.js';

/** `praxis migrate`: brings the database to this release's schema before any service starts. */
export const migrateVerb = defineVerb({
  usage: 'migrate',
  summary:
    "bring the database of PRAXIS_DATABASE_URL to this release's schema, and the tables of the queues where they live in Postgres",
  examples: ['migrate', 'migrate --json'],
  run: async ({ options, context: { settings, logger, print } }) => {
    const { database, redis, queue } = settings;
    if (database.url === null)
      throw new PraxisError(
        'invalid',
        'There is no database to migrate: set PRAXIS_DATABASE_URL. The embedded one is migrated whenever it starts.',
      );
    const { migrate } = await import('@praxis/store');
    const { version } = await checkDatabase(database.url);
    const applied = await migrate(database.url);
    const queues = redis.url === null ? 'postgres' : 'redis';
    // Opening them makes their tables.
    if (queues === 'postgres')
      await (
        await openQueues({ databaseUrl: database.url, redisUrl: null, lockMs: queue.lockMs, log: logger('migrate') })
      ).close();
    if (options.json) print.json({ applied, queues });
    else {
      print.lines([
        `Postgres ${version} at ${hide(database.url)}`,
        applied.length === 0
          ? 'The schema is that of this release already.'
          : `Applied ${count(applied.length, 'migration')}: ${applied.join(', ')}.`,
        queues === 'postgres'
          ? 'The tables of the queues are there.'
          : 'The queues live in Redis, which needs no tables.',
      ]);
    }
    return 0;
  },
});
