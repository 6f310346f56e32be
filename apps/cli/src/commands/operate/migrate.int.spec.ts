import { stopTestPostgres, testDatabase, testPooler, type PoolMode, type TestDatabase } from '@praxis/testing';
import { Client } from 'pg';
import { runCommandLine } from '../../command-line.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database?.drop());
afterAll(() => stopTestPostgres());

async function praxis(
  url: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const said = { out: '', err: '' };
  const into = (key: 'out' | 'err') => ({ write: (text: string) => ((said[key] += text), true), isTTY: false });
  const env = { PRAXIS_DATABASE_URL: url, PRAXIS_LOG_LEVEL: 'silent', PRAXIS_DATA_DIR: '/nonexistent/praxis' };
  const code = await runCommandLine({
    args,
    env,
    cwd: '/',
    stdout: into('out') as never,
    stderr: into('err') as never,
  });
  return { code, ...said };
}

/** Everything that somebody made in the database. */
async function relations(): Promise<number> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: number }>(
      "select count(*)::int as n from pg_class c join pg_namespace s on s.oid = relnamespace where nspname !~ '^pg_|^information_schema'",
    );
    return rows[0]!.n;
  } finally {
    await client.end();
  }
}

async function through(mode: PoolMode, use: (url: string) => Promise<void>): Promise<void> {
  const pooler = await testPooler(database.url, mode);
  if (pooler === null) return;
  try {
    await use(pooler.url);
  } finally {
    await pooler.stop();
  }
}

describe('a pooler in transaction mode', () => {
  it('is refused by `migrate` before anything is written', () =>
    through('transaction', async (url) => {
      const { code, err } = await praxis(url, 'migrate');
      expect({ code, err }).toEqual({
        code: 2,
        err: expect.stringMatching(/connection pooler in transaction or statement mode/),
      });
      expect(await relations()).toBe(0);
    }));

  it('is told by `doctor`', () =>
    through('transaction', async (url) => {
      const { out } = await praxis(url, 'doctor');
      expect(out).toMatch(/database .*connection pooler in transaction or statement mode/);
    }));
});

describe('a pooler in session mode', () => {
  it('is migrated through, queues included', () =>
    through('session', async (url) => {
      expect(await praxis(url, 'migrate')).toMatchObject({
        code: 0,
        out: expect.stringContaining('The tables of the queues are there.'),
      });
      expect(await relations()).toBeGreaterThan(20);
    }));
});
