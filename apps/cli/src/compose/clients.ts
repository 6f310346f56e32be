import {
  connectArchive,
  connectArtifacts,
  connectExecutor,
  connectPlanner,
  type ArchiveApi,
  type ExecutorApi,
  type PlannerApi,
} from '@praxis/wire';
import type { ArtifactStore } from '@praxis/core';
import type { Context } from '../context.js';
import { chooseAddresses, readRunning, type Addresses } from './running-file.js';
import { callOptions } from './security.js';

/** The services as a client sees them. */
export interface Services {
  readonly planner: PlannerApi;
  readonly executor: ExecutorApi;
  readonly archive: ArchiveApi;
  readonly artifacts: ArtifactStore;
}

/** Where this command looks for the services. */
export function findAddresses({ settings, dataDir, isSet }: Context): Addresses {
  const { planner, executor, archive } = settings;
  return chooseAddresses(
    { planner: planner.address, executor: executor.address, archive: archive.address },
    isSet,
    readRunning(dataDir),
  );
}

/** Connects to the services, which costs nothing before the first call. */
export function connect(context: Context, addresses: Addresses): Services & { close(): void } {
  const planner = connectPlanner(addresses.planner, callOptions(context, addresses.planner));
  const executor = connectExecutor(addresses.executor, callOptions(context, addresses.executor));
  const archive = connectArchive(addresses.archive, callOptions(context, addresses.archive));
  const artifacts = connectArtifacts(addresses.planner, callOptions(context, addresses.planner));
  return {
    planner,
    executor,
    archive,
    artifacts,
    close: () => {
      for (const client of [planner, executor, archive, artifacts]) client.close();
    },
  };
}

/** Does something with the services and lets go of them. */
export async function withServices<T>(context: Context, use: (services: Services) => Promise<T>): Promise<T> {
  const services = connect(context, findAddresses(context));
  try {
    return await use(services);
  } finally {
    services.close();
  }
}
