import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PraxisError } from '@praxis/core';
import { Client } from 'pg';
import { databaseError } from './database-error.js';

/**
 * Brings a database to this release's schema, with nothing but the driver.
 *
 * migrate.1 It keeps Prisma's own ledger and takes Prisma's own advisory lock, so that either may migrate the other's
 *           database, and two at once do not meet.
 * migrate.2 A migration is applied whole or not at all, and in the order of the names.
 * migrate.3 Nothing is applied to a database whose history is not a beginning of ours.
 */
export interface MigrateOptions {
  /** Folder of the migrations; the one of this release where nothing is said. */
  readonly folder?: string;
}

/** The key of the advisory lock that Prisma Migrate takes. */
const PRISMA_LOCK = 72_707_369;

const LEDGER = `create table if not exists _prisma_migrations (
  id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
  logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface Entry {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/** Applies what is missing; gives the names of what it applied. */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<readonly string[]> {
  const migrations = await readMigrations(
    options.folder ?? fileURLToPath(new URL('../../../prisma/migrations/', import.meta.url)),
  );
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select pg_advisory_lock($1)', [PRISMA_LOCK]);
    await client.query(LEDGER);
    const { rows } = await client.query<Entry>(
      `select migration_name as name, checksum, finished_at is not null as finished
         from _prisma_migrations where rolled_back_at is null order by started_at`,
    );
    const missing = missingMigrations(migrations, rows);
    for (const migration of missing) await applyMigration(client, migration);
    return missing.map((m) => m.name);
  } catch (thrown) {
    throw databaseError(thrown);
  } finally {
    await client.end().catch(() => {});
  }
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new PraxisError('missing', `There are no migrations in ${folder}; install the release again.`, { cause });
  });
  const names = entries.filter((e) => e.isDirectory()).map((e) => e.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** What is still to be applied; fails where the ledger and the release disagree (migrate.3). */
export function missingMigrations(migrations: readonly Migration[], ledger: readonly Entry[]): readonly Migration[] {
  const ours = new Map(migrations.map((m) => [m.name, m]));
  for (const { name, checksum, finished } of ledger) {
    const migration = ours.get(name);
    if (!migration) {
      throw new PraxisError(
        'invalid',
        `The database has the migration ${name}, which this release does not know; run the newer release that made it.`,
      );
    }
    if (!finished) {
      throw new PraxisError(
        'invalid',
        `The migration ${name} failed half way; repair the database by hand or restore a backup, then mark it as rolled back in _prisma_migrations.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new PraxisError(
        'invalid',
        `The migration ${name} was edited after it was applied; take the file as it was released.`,
      );
    }
  }
  const done = new Set(ledger.map((e) => e.name));
  const missing = migrations.filter((m) => !done.has(m.name));
  const gap = missing[0] && ledger.find((e) => e.name > missing[0]!.name);
  if (gap)
    throw new PraxisError(
      'invalid',
      `The migration ${missing[0]!.name} comes before ${gap.name}, which is applied already; rename it to come last.`,
    );
  return missing;
}

async function applyMigration(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) values ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => {});
    const known = databaseError(cause);
    if (known.code !== 'bug') throw known;
    throw new PraxisError('invalid', `The migration ${name} cannot be applied: ${(cause as Error).message}`, { cause });
  }
}
