import { PraxisError, type Logger } from '@praxis/core';
import { freePort, startEmbeddedPostgres, type Life } from '@praxis/platform';
import { connectPlanner } from '@praxis/wire';
import { openGround, startArchiveOn, startExecutorOn, startPlannerOn, type Ground } from './compose.js';
import type { Context } from './context.js';
import { hold } from './process-life.js';
import { readRunning, removeRunning, writeRunning, type Addresses, type Running } from './running-file.js';

/** `free`: ports nobody uses, except where the user set an address. `configured`: the addresses of the settings. */
export interface AllInOneOptions {
  readonly context: Context;
  readonly ports: 'free' | 'configured';
}

/** Everything in one process, and where to find it. */
export interface AllInOne {
  readonly ground: Ground;
  readonly addresses: Addresses;
  /** All executors; the first one's address stands in `addresses` too. */
  readonly executors: readonly string[];
  /** In words: `embedded, data in …`, or the user's own. */
  readonly database: string;
}

/**
 * Starts planner, executors and reflector in this process; they talk gRPC to each other all the same. Without a
 * database of the user's, a Postgres of our own is started first. Fails with `conflict` when one runs here already.
 */
export async function allInOne({ context, ports }: AllInOneOptions, life: Life): Promise<AllInOne> {
  const { settings, dataDir, logger } = context;
  await refuseSecond(dataDir);
  const database = await openDatabase(context, life, logger('postgres'));
  const ground = await openGround({ settings, databaseUrl: database.url, life, logger });
  const at = addressChooser(context, ports);
  const archive = (await startArchiveOn(ground, await at('archive'))).address;
  const executors: string[] = [];
  for (let n = 1; n <= settings.executor.count; n++) {
    const address = n === 1 ? await at('executor') : await besides(settings.executor.address);
    executors.push((await startExecutorOn(ground, address, `executor-${n}`)).address);
  }
  const executor = executors[0]!;
  const planner = (await startPlannerOn(ground, await at('planner'), { executor, archive })).address;
  const addresses = { planner, executor, archive };
  writeRunning(dataDir, { ...addresses, pid: process.pid });
  await hold(life, 'running file', async () => removeRunning(dataDir, process.pid));
  return { ground, addresses, executors, database: database.name };
}

/** The Praxis that runs with this data folder, if there is one that answers. */
export async function findRunning(dataDir: string): Promise<Running | null> {
  const running = readRunning(dataDir);
  if (!running || running.pid === process.pid) return null;
  const planner = connectPlanner(running.planner, { deadlineMs: 2_000 });
  try {
    await planner.list({ status: null, world: null, space: null }, { size: 1, token: null });
    return running;
  } catch {
    // The number of a dead process may have gone to another one.
    return null;
  } finally {
    planner.close();
  }
}

async function refuseSecond(dataDir: string): Promise<void> {
  const running = await findRunning(dataDir);
  if (running) throw new PraxisError('conflict', `Praxis already runs here (process ${running.pid}, planner at ${running.planner}). Use it, or stop it first.`);
}

async function openDatabase({ settings, dataDir }: Context, life: Life, log: Logger): Promise<{ readonly url: string; readonly name: string }> {
  if (settings.database.url !== null) return { url: settings.database.url, name: 'Postgres of your own (PRAXIS_DATABASE_URL)' };
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  await hold(life, 'embedded Postgres', () => postgres.stop());
  return { url: postgres.url, name: `embedded Postgres on port ${postgres.port}, data in ${dataDir}` };
}

function addressChooser({ settings, isSet }: Context, ports: AllInOneOptions['ports']): (service: 'planner' | 'executor' | 'archive') => Promise<string> {
  return async (service) => (ports === 'configured' || isSet(`${service}.address`) ? settings[service].address : `127.0.0.1:${await freePort()}`);
}

/** A free port beside an address, for executors after the first. */
async function besides(address: string): Promise<string> {
  return `${address.slice(0, address.lastIndexOf(':'))}:${await freePort()}`;
}
