import { createRequire } from 'node:module';
import type { Logger } from '@praxis/core';
import { PAGE_DIR, startDashboard } from '@praxis/dashboard';
import { openMetrics, openQueueBoard, type Life, type Settings } from '@praxis/platform';
import { connectArchive, connectArtifacts, connectPlanner } from '@praxis/wire';
import { hold } from './process-life.js';
import { callOptions, securityOf } from './security.js';

const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string };

/** What a dashboard shares with its process. */
export interface DashboardRuntime {
  readonly settings: Settings;
  readonly life: Life;
  logger(name: string): Logger;
}

/** Where a dashboard listens, and what it looks at. */
export interface DashboardPlace {
  readonly address: string;
  readonly planner: string;
  readonly archive: string;
  /** Where the queues are; null is enough where they are on Redis. */
  readonly databaseUrl: string | null;
}

/** Starts a dashboard and gives the URL of its page; it opens no store, and finds the services over gRPC. */
export async function startDashboardOn(
  { settings, life, logger }: DashboardRuntime,
  place: DashboardPlace,
): Promise<string> {
  const log = logger('dashboard');
  const runtime = { settings, logger };
  const { tls, keyHashes } = securityOf(settings).server;
  const planner = connectPlanner(place.planner, callOptions(runtime, place.planner));
  const archive = connectArchive(place.archive, callOptions(runtime, place.archive));
  // The planner answers for the files of runs.
  const artifacts = connectArtifacts(place.planner, callOptions(runtime, place.planner));
  await hold(life, 'clients of the dashboard', async () => {
    planner.close();
    archive.close();
    artifacts.close();
  });
  const board = await openQueueBoard({
    databaseUrl: place.databaseUrl,
    redisUrl: settings.redis.url,
    basePath: '/queues',
    log,
  });
  await hold(life, 'board of the queues', () => board.close());
  const parts = {
    address: place.address,
    log,
    planner,
    archive,
    artifacts,
    board,
    keyHashes,
    hosts: settings.dashboard.hosts,
    tls,
    metrics: await openMetrics(log),
    version,
    pageDir: PAGE_DIR,
  };
  const dashboard = await startDashboard(parts);
  await hold(life, 'dashboard', () => dashboard.stop());
  return `${tls === null ? 'http' : 'https'}://${dashboard.address}`;
}
