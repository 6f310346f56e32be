import { openRuntime, startArchiveOn, startExecutorOn, startPlannerOn, type Runtime } from '@praxis/cli';
import type { RunSummary } from '@praxis/core';
import { goalSchema } from '@praxis/core';
import { Life, createLogger, freePort, loadSettings, startEmbeddedPostgres } from '@praxis/platform';
import { connectPlanner } from '@praxis/wire';

/** The whole product in one process, for measuring. */
export interface Services {
  readonly runtime: Runtime;
  /** Runs scenarios of the worlds at once and waits for all of them. */
  run(
    scenarios: readonly ScenarioRef[],
    options: { readonly seed: string; readonly space: string; readonly learn: boolean },
  ): Promise<readonly RunSummary[]>;
  /** Waits until nothing is left to be learned from. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export interface ScenarioRef {
  readonly world: string;
  readonly scenario: string;
}

/** Starts planner, two executors and reflector on an embedded database in a folder. */
export async function startServices(dataDir: string): Promise<Services> {
  const settings = loadSettings({ env: {}, cwd: dataDir });
  const logger = (name: string) => createLogger({ level: 'error', name });
  const life = new Life({ deadlineMs: settings.stop.deadlineMs, log: logger('bench') });
  const postgres = await startEmbeddedPostgres({ dataDir, log: logger('bench') });
  life.onStop('postgres', () => postgres.stop());
  const runtime = await openRuntime({ settings, databaseUrl: postgres.url, life, logger, service: null });
  const address = async (): Promise<string> => `127.0.0.1:${await freePort()}`;
  const archive = (await startArchiveOn(runtime, await address())).address;
  const executor = (await startExecutorOn(runtime, await address(), 'executor-1')).address;
  await startExecutorOn(runtime, await address(), 'executor-2');
  const planner = connectPlanner((await startPlannerOn(runtime, await address(), { executor, archive })).address);
  life.onStop('client', async () => planner.close());
  return {
    runtime,
    async run(scenarios, { seed, space, learn }) {
      const goals = scenarios.map((s) =>
        goalSchema.parse({
          title: s.scenario,
          ...s,
          seed: `${seed}-${s.scenario}`,
          archive: { space, use: learn, learn },
        }),
      );
      const runs = await Promise.all(goals.map((goal) => planner.submit(goal, null)));
      for (const run of runs)
        for await (const event of planner.watch(run, {}, new AbortController().signal)) void event;
      return Promise.all(runs.map(async (run) => (await planner.get(run)).summary));
    },
    settle: () => settle(runtime),
    stop: () => life.stop(),
  };
}

async function settle({ store, queues }: Runtime): Promise<void> {
  for (;;) {
    const reflect = (await queues.counts()).find((q) => q.queue === 'reflect')!;
    const left = await store.work.unreflected(0);
    if (left.length === 0 && reflect.waiting === 0 && reflect.active === 0) return;
    await new Promise((resume) => setTimeout(resume, 50));
  }
}
