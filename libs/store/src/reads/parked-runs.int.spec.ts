import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { Client } from 'pg';
import { migrate } from '../migrate.js';
import { WorkReads } from './work-reads.js';

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  client = new Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await database?.drop();
  await stopTestPostgres();
});

describe('a sweep over very many runs that wait for people', () => {
  it('reads none of them', async () => {
    const runs = `insert into runs (id, title, world, space, learn, status, reason, plan_version, nodes, subgoals, subgoals_done, steps, failed_steps, replans,
        model_calls, accepted_at, touched_at, length, moves)
      select 'r-' || n, '', '', '', true, 'running', '', 1, '{}', 1, 0, 0, 0, 0, 0, n, n, 3, n = 7 from generate_series(1, 20000) n`;
    const subgoals = `insert into subgoals (id, run, stage, status, updated_at, answers) select 'r-' || n || '.1.1.1', 'r-' || n, 1, 'parked', n, case when n = 9 then 1 else 0 end
      from generate_series(1, 20000) n`;
    for (const sql of [runs, subgoals, 'analyze runs', 'analyze subgoals']) await client.query(sql);
    const asked: { text: string; values: unknown[] }[] = [];
    const query = (text: string, values: unknown[]) => (asked.push({ text, values }), client.query(text, values));
    const work = new WorkReads({ query: query as unknown as Client['query'] } as never, { now: () => 1e6 });
    expect(await work.idleRuns(0)).toEqual(['r-7', 'r-9']);
    expect((await work.idleSubgoals(0)).map((s) => s.id)).toEqual(['r-9.1.1.1']);
    for (const { text, values } of asked) {
      const plan = (await client.query(`explain (analyze, format json) ${text}`, values)).rows[0]['QUERY PLAN'][0].Plan;
      const rows = JSON.stringify(plan).matchAll(/"Actual Rows":([\d.]+)|"Rows Removed by Filter":([\d.]+)/g);
      for (const [, passed, removed] of rows) expect(Number(passed ?? removed)).toBeLessThanOrEqual(2);
    }
  });
});
