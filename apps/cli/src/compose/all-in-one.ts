import { hostname } from 'node:os';
import { PraxisError, type Logger } from '@praxis/core';
import { freePort, startEmbeddedPostgres, type Life } from '@praxis/platform';
import { connectPlanner } from '@praxis/wire';
import { openRuntime, startArchiveOn, startExecutorOn, startPlannerOn, type Runtime } from './compose.js';
import type { DashboardRuntime, DashboardPlace } from './compose-dashboard.js';
import type { Context } from '../context.js';
import { hold } from './process-life.js';
import {
  claimRunning,
  readRunning,
  removeRunning,
  writeRunning,
  type Addresses,
  type Running,
} from './running-file.js';
import { callOptions, refuseLockedOut, warnOfPublicBind } from './security.js';

/** `free`: ports nobody uses, except where the user set an address. `configured`: the addresses of the settings. */
export interface AllInOneOptions {
  readonly context: Context;
  readonly ports: 'free' | 'configured';
  /** Whether people want to look. */
  readonly dashboard: boolean;
}

/** Everything in one process, and where to find it. */
export interface AllInOne {
  readonly runtime: Runtime;
  readonly addresses: Addresses;
  /** All executors; the first one's address stands in `addresses` too. */
  readonly executors: readonly string[];
  /** URL of the dashboard's page; null where it was not wanted. */
  readonly dashboard: string | null;
  /** In words: `embedded, data in …`, or the user's own. */
  readonly database: string;
}

/**
 * Starts planner, executors, reflector and, where it is wanted, the dashboard in this process; they talk gRPC to each
 * other all the same. Without a database of the user's, a Postgres of our own is started first. Fails with `conflict`
 * when one runs here already.
 */
export async function allInOne(
  { context, ports, dashboard: isWanted }: AllInOneOptions,
  life: Life,
): Promise<AllInOne> {
  const { settings, dataDir, logger } = context;
  refuseLockedOut(settings);
  await claimRunning(dataDir, (running) => doesAnswer(context, running));
  await hold(life, 'running file', async () => removeRunning(dataDir, process.pid));
  const database = await openDatabase(context, life, logger('postgres'));
  const runtime = await openRuntime({ settings, databaseUrl: database.url, life, logger, service: null });
  const at = addressChooser(context, ports);
  const archive = (await startArchiveOn(runtime, await at('archive'))).address;
  const executors: string[] = [];
  for (let n = 1; n <= settings.executor.count; n++) {
    const address = n === 1 ? await at('executor') : await besides(settings.executor.address);
    executors.push((await startExecutorOn(runtime, address, executorName(settings, n))).address);
  }
  const executor = executors[0]!;
  const planner = (await startPlannerOn(runtime, await at('planner'), { executor, archive })).address;
  const addresses = { planner, executor, archive };
  const dashboard = isWanted
    ? await openDashboard(
        { settings, life, logger },
        { ...addresses, address: await at('dashboard'), databaseUrl: database.url },
      )
    : null;
  warnOfPublicBind(context, {
    services: [planner, ...executors, archive],
    dashboard: dashboard === null ? null : new URL(dashboard).host,
  });
  writeRunning(dataDir, { ...addresses, dashboard, pid: process.pid });
  return { runtime, addresses, executors, dashboard, database: database.name };
}

/** Names are unique in a cluster; a database of our own is all the cluster there is. */
function executorName({ database }: Context['settings'], n: number): string {
  return database.url === null ? `executor-${n}` : `${hostname()}-${process.pid}-${n}`;
}

/** The Praxis that runs with this data folder, if there is one that answers. */
export async function findRunning(context: Context): Promise<Running | null> {
  const running = readRunning(context.dataDir);
  return running !== null && running.pid !== process.pid && (await doesAnswer(context, running)) ? running : null;
}

async function doesAnswer(context: Context, running: Running): Promise<boolean> {
  const planner = connectPlanner(running.planner, { ...callOptions(context, running.planner), deadlineMs: 2_000 });
  try {
    await planner.list({ status: null, world: null, space: null, text: null }, { size: 1, token: null });
    return true;
  } catch (thrown) {
    // Who refuses us is there; otherwise the number of a dead process may have gone to another one.
    return PraxisError.from(thrown).code === 'denied';
  } finally {
    planner.close();
  }
}

async function openDatabase(
  { settings, dataDir }: Context,
  life: Life,
  log: Logger,
): Promise<{ readonly url: string; readonly name: string }> {
  if (settings.database.url !== null)
    return { url: settings.database.url, name: 'Postgres of your own (PRAXIS_DATABASE_URL)' };
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  await hold(life, 'embedded Postgres', () => postgres.stop());
  void postgres.lost.then(() =>
    life.fail(
      new PraxisError(
        'unavailable',
        `The embedded database has ended; its log is ${postgres.logFile}. Start Praxis again: it goes on where it was.`,
      ),
    ),
  );
  return { url: postgres.url, name: `embedded Postgres on port ${postgres.port}, data in ${dataDir}` };
}

async function openDashboard(runtime: DashboardRuntime, place: DashboardPlace): Promise<string> {
  // Who only wants to see a demo need not wait for the web server to be loaded.
  const { startDashboardOn } = await import('./compose-dashboard.js');
  return startDashboardOn(runtime, place);
}

function addressChooser(
  { settings, isSet }: Context,
  ports: AllInOneOptions['ports'],
): (service: 'planner' | 'executor' | 'archive' | 'dashboard') => Promise<string> {
  return async (service) =>
    ports === 'configured' || isSet(`${service}.address`) ? settings[service].address : `127.0.0.1:${await freePort()}`;
}

/** A free port beside an address, for executors after the first. */
async function besides(address: string): Promise<string> {
  return `${address.slice(0, address.lastIndexOf(':'))}:${await freePort()}`;
}
