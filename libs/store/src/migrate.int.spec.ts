import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { Client } from 'pg';
import { migrate } from './migrate.js';

let database: TestDatabase;
let folder: string;

const ask = async (sql: string): Promise<readonly Record<string, unknown>[]> => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

const add = async (name: string, sql: string): Promise<void> => {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, 'migration.sql'), sql);
};

beforeEach(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'praxis-migrate-'));
  await cp(fileURLToPath(new URL('../../../prisma/migrations/', import.meta.url)), folder, { recursive: true });
});

afterEach(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});

afterAll(stopTestPostgres);

describe('migrate', () => {
  it('applies everything once, also when two begin at the same time (migrate.1)', async () => {
    const both = await Promise.all([migrate(database.url, { folder }), migrate(database.url, { folder })]);
    const ours = (await readdir(folder)).filter((name) => /^\d/.test(name)).sort();
    expect(both.flat()).toEqual(ours);
    expect(await migrate(database.url, { folder })).toEqual([]);
    expect(
      await ask(
        'select migration_name, finished_at is not null as finished, applied_steps_count as steps from _prisma_migrations order by 1',
      ),
    ).toEqual(ours.map((name) => ({ migration_name: name, finished: true, steps: 1 })));
  });

  it('brings the database of an earlier release up, and keeps what is in it', async () => {
    const later = (await readdir(folder)).filter((name) => /^\d/.test(name) && name !== '0001_spine').sort();
    const first = await mkdtemp(join(tmpdir(), 'praxis-migrate-'));
    await cp(join(folder, '0001_spine'), join(first, '0001_spine'), { recursive: true });
    expect(await migrate(database.url, { folder: first })).toEqual(['0001_spine']);
    await ask("insert into world_sessions values ('s-1', 1, 'kept', 0)");
    await rm(first, { recursive: true });
    expect(await migrate(database.url)).toEqual(later);
    expect(await ask('select body from world_sessions')).toEqual([{ body: 'kept' }]);
  });

  it('applies a broken migration not at all, and keeps what came before (migrate.2)', async () => {
    await add('9999_broken', 'create table half (id int); select nonsense;');
    await expect(migrate(database.url, { folder })).rejects.toMatchObject({
      message: expect.stringMatching(/9999_broken|lacks a table or column/),
    });
    expect(await ask("select to_regclass('half') as half, to_regclass('events') as events")).toEqual([
      { half: null, events: 'events' },
    ]);
    await rm(join(folder, '9999_broken'), { recursive: true });
    await add('9999_mended', 'create table whole (id int);');
    expect(await migrate(database.url, { folder })).toEqual(['9999_mended']);
  });

  it('refuses a database that a newer release has migrated (migrate.3)', async () => {
    await add('9999_future', 'create table later (id int);');
    await migrate(database.url, { folder });
    await rm(join(folder, '9999_future'), { recursive: true });
    await expect(migrate(database.url, { folder })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('newer release'),
    });
  });

  it('says that the database cannot be reached', async () => {
    await expect(migrate('postgresql://127.0.0.1:1/none')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(migrate(database.url.replace(/\/[^/]+$/, '/not_there'))).rejects.toMatchObject({ code: 'missing' });
  });
});
