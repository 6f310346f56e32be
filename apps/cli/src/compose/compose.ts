import { randomBytes } from 'node:crypto';
import { lanesFor } from '@praxis/actions';
import { makeRunId, parseApprovalRule, systemClock, type Logger, type WorldCatalog } from '@praxis/core';
import { openCatalog } from '@praxis/environments';
import { startExecutor } from '@praxis/executor';
import { AnyExecutor, startPlanner, type ConnectedExecutor } from '@praxis/planner';
import {
  checkDatabase,
  openQueues,
  startTelemetry,
  startWatchdog,
  type Life,
  type Queues,
  type RunningService,
  type Settings,
} from '@praxis/platform';
import { startReflector } from '@praxis/reflector';
import { PlanPool, sharedEvaluator, type PlanRequest, type SearchResult } from '@praxis/search';
import { migrate, openStore, type Store } from '@praxis/store';
import { connectArchive, connectExecutor } from '@praxis/wire';
import { openModelRuntime, type ModelRuntime } from './compose-models.js';
import { checkSkills, skillCatalog } from './declared-skills.js';
import { hold } from './process-life.js';
import { callOptions, securityOf, trusting } from './security.js';

/** What the services of one process share; the composition root of all of them. */
export interface Runtime {
  readonly settings: Settings;
  readonly store: Store;
  readonly queues: Queues;
  readonly worlds: WorldCatalog;
  readonly search: (request: PlanRequest, signal: AbortSignal) => Promise<SearchResult>;
  readonly life: Life;
  /** The service that has this process to itself; null where several share it. */
  readonly service: string | null;
  logger(name: string): Logger;
  /** Opened when a service first needs it; services of one process share one pool of nodes. */
  models(): Promise<ModelRuntime>;
}

/** What the ground is laid on. */
export interface GroundOptions {
  readonly settings: Settings;
  readonly databaseUrl: string;
  readonly life: Life;
  readonly logger: (name: string) => Logger;
  /** The service that has this process to itself; null where several share it. */
  readonly service: string | null;
}

/** Brings the database to this release's schema and opens everything that the services share. */
export async function openRuntime({ settings, databaseUrl, life, logger, service }: GroundOptions): Promise<Runtime> {
  const log = logger('praxis');
  // What cannot be secured as was asked does not start at all.
  const { server } = securityOf(settings);
  // Stopped last: what is told while the others stop is sent too.
  await hold(life, 'telemetry', await startTelemetry({ settings, service, tls: server.tls, log }));
  await hold(life, 'watchdog', startWatchdog(settings.stop.stalledMs));
  await checkDatabase(databaseUrl);
  await migrate(databaseUrl);
  const store = await openStore({
    url: databaseUrl,
    log,
    clock: systemClock,
    poolSize: settings.database.poolSize,
    artifacts: { folder: settings.artifacts.folder, maxBytes: settings.limits.artifactMb * 1_048_576 },
  });
  await hold(life, 'store', () => store.close());
  const queues = await openQueues({ databaseUrl, redisUrl: settings.redis.url, lockMs: settings.queue.lockMs, log });
  await hold(life, 'queues', () => queues.close());
  const worlds = openCatalog({
    artifacts: store.artifacts,
    sessions: store.sessions,
    remotes: settings.worlds.remotes,
    log,
  });
  await hold(life, 'worlds', async () => worlds.close());
  sharedEvaluator.limit(settings.search.steps);
  await hold(life, 'evaluator', () => sharedEvaluator.rest());
  const pool = new PlanPool(settings.search);
  await hold(life, 'search', () => pool.close());
  // A search has its own bound, and the deployment's.
  const search = (request: PlanRequest, signal: AbortSignal): Promise<SearchResult> => {
    const milliseconds = Math.min(request.budget?.milliseconds ?? Infinity, settings.caps.searchMs);
    return pool.plan({ ...request, budget: { ...request.budget, milliseconds } }, { signal });
  };
  const runtime = { settings, store, queues, worlds, life, service, logger, search };
  let models: Promise<ModelRuntime> | null = null;
  return { ...runtime, models: () => (models ??= openModelRuntime(runtime)) };
}

/** Starts a reflector, which answers for the archive. */
export async function startArchiveOn(runtime: Runtime, address: string): Promise<RunningService> {
  const { store, queues, worlds, search } = runtime;
  return keep(
    runtime,
    'reflector',
    await startReflector({
      address,
      security: securityOf(runtime.settings).server,
      log: runtime.logger('reflector'),
      store,
      queues,
      worlds,
      search,
      clock: systemClock,
    }),
  );
}

/** Starts one executor. */
export async function startExecutorOn(runtime: Runtime, address: string, name: string): Promise<RunningService> {
  const { store, queues, worlds, search } = runtime;
  const { concurrency, lanes: own, resources } = runtime.settings.executor;
  const lanes = lanesFor(own, resources);
  // Of several executors in one process, each announces where it listens.
  const announce = runtime.service === 'executor' ? runtime.settings.executor.announce : null;
  const models = (await runtime.models()).access;
  const catalog = skillCatalog(runtime.settings, runtime.logger(name));
  await hold(runtime.life, `skills of ${name}`, () => catalog.close());
  return keep(
    runtime,
    name,
    await startExecutor({
      address,
      security: securityOf(runtime.settings).server,
      name,
      announce: announce ?? undefined,
      lanes,
      concurrency,
      log: runtime.logger(name),
      store,
      queues,
      worlds,
      search,
      models,
      clock: systemClock,
      catalog,
    }),
  );
}

/** Starts a planner, which calls the archive and an executor over gRPC. */
export async function startPlannerOn(
  runtime: Runtime,
  address: string,
  peers: { readonly executor: string; readonly archive: string },
): Promise<RunningService> {
  const { store, queues, worlds, search, life, settings } = runtime;
  const { approvals, retention, sweep, caps } = settings;
  const models = await runtime.models();
  const archive = connectArchive(peers.archive, callOptions(runtime, peers.archive));
  // An executor that listens on all interfaces announces a number, which its certificate need not hold.
  const connect = (address: string): ConnectedExecutor =>
    connectExecutor(address, { ...trusting(callOptions(runtime, address), peers.executor), deadlineMs: 3_000 });
  const executor = new AnyExecutor({
    registry: store.executors,
    configured: peers.executor,
    connect,
    clock: systemClock,
    log: runtime.logger('planner'),
  });
  await hold(life, 'clients of the planner', async () => {
    archive.close();
    executor.close();
  });
  const parts = {
    address,
    security: securityOf(settings).server,
    log: runtime.logger('planner'),
    store,
    queues,
    worlds,
    archive,
    executor,
    search,
    models: models.access,
    nodes: models,
    openNodes: settings.nodes.register === 'anybody',
    catalog: checkSkills(settings, runtime.logger('planner')),
  };
  const importBytes = settings.limits.importMb * 1_048_576;
  const people = { approvals: approvals.rules.map(parseApprovalRule), remindMs: approvals.remindMs };
  const kept = {
    maxAgeMs: retention.maxAgeMs,
    maxBytes: retention.maxMb === null ? null : retention.maxMb * 1_048_576,
  };
  const { evaluated, steps, wallMs, planNodes, openRuns } = caps;
  const newRunId = () => makeRunId(randomBytes(16));
  const times = { leaseMs: settings.queue.lockMs, sweepMs: sweep.intervalMs };
  const bounds = { retention: kept, importBytes, caps: { evaluated, steps, wallMs, planNodes, openRuns } };
  return keep(
    runtime,
    'planner',
    await startPlanner({ ...parts, ...people, ...bounds, ...times, clock: systemClock, newRunId }),
  );
}

async function keep({ life }: Runtime, name: string, service: RunningService): Promise<RunningService> {
  await hold(life, name, () => service.stop());
  return service;
}
