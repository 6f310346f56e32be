import { runEvents, runStream, subgoalStream, systemClock, makeSubgoalId } from '@praxis/core';
import { createLogger, freePort, reflectSpan, runSpan, traceIdOf } from '@praxis/platform';
import { openStore, type Store } from '@praxis/store';
import {
  lintMetrics,
  startOtlpReceiver,
  stopTestPostgres,
  testDatabase,
  testRedis,
  type OtlpReceiver,
  type ReceivedSpan,
  type TestRedis,
} from '@praxis/testing';
import { praxis, sandbox, start, type Running } from './praxis.js';

const address = async (): Promise<string> => `127.0.0.1:${await freePort()}`;
const SERVICES = ['planner', 'executor', 'reflector'] as const;
const durable = (span: ReceivedSpan): boolean =>
  ['run', 'plan', 'reflect'].includes(span.name) || span.name.startsWith('invoke_agent');

describe('the trace of a run across three processes', () => {
  const box = sandbox();
  let redis: TestRedis | null;
  let receiver: OtlpReceiver;
  let store: Store;
  let env: NodeJS.ProcessEnv;
  let metricsAt: Record<string, string>;
  let processes: Record<string, Running>;

  beforeAll(async () => {
    redis = await testRedis();
  });
  afterAll(async () => {
    await redis?.stop();
    await stopTestPostgres();
    box.remove();
  });

  beforeEach(async () => {
    receiver = await startOtlpReceiver();
    const database = await testDatabase();
    env = {
      ...box.env,
      ...(redis && { PRAXIS_REDIS_URL: redis.url }),
      PRAXIS_DATABASE_URL: database.url,
      PRAXIS_PLANNER_ADDRESS: await address(),
      PRAXIS_EXECUTOR_ADDRESS: await address(),
      PRAXIS_ARCHIVE_ADDRESS: await address(),
      PRAXIS_SWEEP_INTERVAL_MS: '1000',
      PRAXIS_QUEUE_LOCK_MS: '3000',
      PRAXIS_LOG_LEVEL: 'info',
      PRAXIS_TELEMETRY_ENDPOINT: receiver.endpoint,
    };
    metricsAt = {};
    processes = {};
    for (const service of SERVICES) await serve(service);
    store = await openStore({
      url: database.url,
      log: createLogger({ level: 'silent', name: 'test' }),
      clock: systemClock,
    });
  });
  afterEach(async () => {
    await store.close();
    await stopAll();
    await receiver.stop();
  });

  async function serve(service: string): Promise<void> {
    metricsAt[service] = await address();
    processes[service] = start(['serve', service], { ...env, PRAXIS_METRICS_ADDRESS: metricsAt[service] });
    await processes[service].until(/127\.0\.0\.1:/);
  }

  async function stopAll(): Promise<void> {
    await Promise.all(Object.values(processes).map((p) => p.kill('SIGTERM')));
  }

  async function submit(goal: string): Promise<string> {
    const { stdout } = await praxis(['submit', '--world', 'household', '--goal', goal, '--json'], env);
    return (JSON.parse(stdout) as { run: string }).run;
  }

  /**
   * Waits until the run has ended and its trajectories are learned from, and gives its trace as it is when all have
   * stopped.
   */
  async function traceOf(run: string): Promise<readonly ReceivedSpan[]> {
    expect((await praxis(['watch', run], env)).code).toBe(0);
    const events = (await store.journal.read(runStream(run))).map((e) => runEvents.decode(e));
    const refused = events.flatMap((e) =>
      e.type === 'settled' && e.failedSteps > 0 ? [makeSubgoalId(run, e.node, e.attempt)] : [],
    );
    const awaited = [runSpan(run), ...refused.map(reflectSpan)].map((ref) => ref.spanId);
    await receiver.until((spans) => awaited.every((id) => spans.some((s) => s.spanId === id)), 60_000);
    await stopAll();
    return receiver.spans.filter((s) => s.traceId === traceIdOf(run));
  }

  function expectOneTree(trace: readonly ReceivedSpan[]): void {
    const known = new Map(trace.map((s) => [s.spanId, s]));
    expect(trace.filter((s) => s.parentId === null).map((s) => s.name)).toEqual(['run']);
    expect(
      trace.filter((s) => s.parentId !== null && !known.has(s.parentId)).map((s) => `${s.service}: ${s.name}`),
    ).toEqual([]);
    expect(known.size).toBe(trace.length);
    // Only durable spans have children (spans.1).
    expect(trace.filter((s) => s.parentId !== null && !durable(known.get(s.parentId)!)).map((s) => s.name)).toEqual([]);
    expect(new Set(trace.map((s) => s.service))).toEqual(new Set(SERVICES.map((s) => `praxis-${s}`)));
  }

  it('has one root and no orphans, from the queues to the reflector, and log lines and metrics beside it', async () => {
    const run = await submit('breakfast-a');
    await praxis(['watch', run], env);
    for (const at of Object.values(metricsAt))
      expect(lintMetrics(await (await fetch(`http://${at}/metrics`)).text())).toEqual([]);
    const gauges = await (await fetch(`http://${metricsAt['planner']!}/metrics`)).text();
    expect(gauges).toContain('praxis_runs{status="done"} 1');
    expect(gauges).toMatch(/praxis_queue_jobs\{queue="execute",lane="default",state="waiting"\} \d/);
    const trace = await traceOf(run);
    expectOneTree(trace);
    const names = new Set(trace.map((s) => s.name));
    // Executors are asked once for all runs of a second (any-executor.ts), so that Describe may stand in no trace.
    for (const name of [
      'plan',
      'reflect',
      'attempt',
      'search',
      'trial',
      'journal append',
      'wait advance',
      'wait execute.default',
      'wait reflect',
      'praxis.v1.ArchiveService/Find',
    ]) {
      expect(names).toContain(name);
    }
    expect(
      trace.filter(
        (s) =>
          s.attributes['gen_ai.operation.name'] === 'execute_tool' && s.attributes['error.type'] === 'not-applicable',
      ),
    ).not.toEqual([]);
    // Nothing is sent that belongs to no run: neither polls nor health checks.
    expect(receiver.spans.filter((s) => s.traceId !== traceIdOf(run))).toEqual([]);
    const ended = processes['planner']!.stderr.split('\n').find((line) => line.includes('"run ended"'))!;
    expect(JSON.parse(ended)).toMatchObject({ run, trace: traceIdOf(run) });
  });

  /** Stops the executor for ever in the middle of a subgoal of the run; false where it was always too late. */
  async function killExecutorIn(run: string): Promise<boolean> {
    const executor = processes['executor']!;
    const done = new AbortController();
    for await (const event of store.feed.follow(run, {}, done.signal)) {
      if (event.stream === runStream(run) && event.type === 'ended') return false;
      if (!event.stream.startsWith(subgoalStream('')) || event.type === 'ended') continue;
      executor.child.kill('SIGSTOP');
      const last = (await store.journal.read(event.stream)).at(-1)!;
      if (last.type !== 'ended') {
        await executor.kill('SIGKILL');
        return true;
      }
      executor.child.kill('SIGCONT');
    }
    return false;
  }

  it('is still one tree after the executor was killed in the middle and another one went on, which links to where it began', async () => {
    let run = await submit('dinner-a');
    for (let tries = 0; !(await killExecutorIn(run)); tries++) {
      expect(tries).toBeLessThan(5);
      run = await submit('dinner-a');
    }
    await serve('executor');
    const trace = await traceOf(run);
    expectOneTree(trace);
    const resumed = trace.filter((s) => s.attributes['praxis.resumed'] === true);
    expect(resumed).not.toEqual([]);
    for (const { links, parentId, startedAt } of resumed) {
      const first = trace.find((s) => s.spanId === links[0]?.spanId)!;
      expect(first).toMatchObject({ name: 'attempt', parentId, attributes: { 'error.type': 'cut-off' } });
      expect(first.endedAt).toBeLessThanOrEqual(startedAt);
    }
  });
});
