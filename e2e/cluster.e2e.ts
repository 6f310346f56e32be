import { freePort } from '@praxis/platform';
import { stopTestPostgres, testDatabase, testRedis, type TestDatabase, type TestRedis } from '@praxis/testing';
import { praxis, sandbox, start, type Running } from './praxis.js';

const address = async (): Promise<string> => `127.0.0.1:${await freePort()}`;

describe('separate processes on Redis', () => {
  let redis: TestRedis | null;
  let database: TestDatabase;
  let env: NodeJS.ProcessEnv;
  const box = sandbox();
  const processes: Running[] = [];

  beforeAll(async () => {
    redis = await testRedis();
    if (!redis) return;
    database = await testDatabase();
    env = {
      ...box.env,
      PRAXIS_REDIS_URL: redis.url,
      PRAXIS_DATABASE_URL: database.url,
      PRAXIS_PLANNER_ADDRESS: await address(),
      PRAXIS_EXECUTOR_ADDRESS: await address(),
      PRAXIS_ARCHIVE_ADDRESS: await address(),
      PRAXIS_SWEEP_INTERVAL_MS: '1000',
      PRAXIS_QUEUE_LOCK_MS: '3000',
    };
    const second = { ...env, PRAXIS_EXECUTOR_ADDRESS: await address() };
    // The first one migrates; the others wait for their turn at the migration lock.
    for (const [service, own] of [
      ['planner', env],
      ['executor', env],
      ['executor', second],
      ['reflector', env],
    ] as const) {
      const running = start(['serve', service], own);
      processes.push(running);
      await running.until(/127\.0\.0\.1:/);
    }
  });
  afterAll(async () => {
    await Promise.all(processes.map((p) => p.kill('SIGTERM')));
    await redis?.stop();
    await stopTestPostgres();
    box.remove();
  });

  it('finishes a goal of two agents, although an executor is killed and Redis is killed and comes back', async () => {
    if (!redis) return;
    const submitted = await praxis(['submit', '--world', 'household', '--goal', 'dinner-a', '--json'], env);
    expect(submitted.stderr).toBe('');
    const { run } = JSON.parse(submitted.stdout) as { run: string };
    await processes[2]!.kill('SIGKILL');
    await redis.kill9();
    await redis.restart();
    const watched = await praxis(['watch', run], env);
    expect({ code: watched.code, tail: watched.stdout.split('\n').slice(-5) }).toMatchObject({ code: 0 });
    const shown = await praxis(['show', run, '--json'], env);
    expect(JSON.parse(shown.stdout)).toMatchObject({ summary: { status: 'done' } });
  });

  it('finishes a goal although the executor of PRAXIS_EXECUTOR_ADDRESS is dead, and says why a run waits when all are', async () => {
    if (!redis) return;
    const another = start(['serve', 'executor', '--address', '127.0.0.1:0'], env);
    processes.push(another);
    await another.until(/127\.0\.0\.1:/);
    await processes[1]!.kill('SIGKILL');
    const done = await praxis(['submit', '--world', 'household', '--goal', 'breakfast-a', '--wait'], env);
    expect([done.code, done.stderr]).toEqual([0, expect.stringMatching(/^run r-\w+\n$/)]);
    await another.kill('SIGKILL');
    const submitted = await praxis(['submit', '--world', 'household', '--goal', 'breakfast-b', '--json'], env);
    const { run } = JSON.parse(submitted.stdout) as { run: string };
    let reason = '';
    while (reason === '')
      reason = (JSON.parse((await praxis(['show', run, '--json'], env)).stdout) as { summary: { reason: string } })
        .summary.reason;
    expect(reason).toMatch(/^No executor answers; start one/);
  });
});
