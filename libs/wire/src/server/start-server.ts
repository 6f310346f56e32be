import { Server, type ServerCredentials } from '@grpc/grpc-js';
import { PraxisError, type Logger, type World, type ArtifactStore } from '@praxis/core';
import type { ArchiveApi, ExecutorApi, PlannerApi } from '../service-apis.js';
import type { NodesApi } from '../nodes-api.js';
import { serverCredentials, type ServerSecurity } from '../security.js';
import { addReflection, serverHealth } from './companions.js';
import {
  archiveHandlers,
  artifactHandlers,
  environmentHandlers,
  executorHandlers,
  nodeHandlers,
  plannerHandlers,
} from './handlers.js';
import { serverOptions } from './server-options.js';
import { SERVICES, type ServiceName } from './services.js';

/** What a plain server serves: any of these. */
export interface ServiceApis {
  readonly planner?: PlannerApi;
  readonly executor?: ExecutorApi;
  readonly archive?: ArchiveApi;
  readonly environment?: World;
  readonly nodes?: NodesApi;
  readonly artifacts?: ArtifactStore;
}

/** Where and what to serve; port 0 takes a free one. */
export interface ServerSettings {
  readonly address: string;
  readonly services: ServiceApis;
  readonly log?: Logger;
  /** Without it, everybody who reaches the address is served. */
  readonly security?: ServerSecurity | undefined;
  /** How long calls under way may take after `stop`, in milliseconds; default 2000. */
  readonly graceMs?: number;
}

/** A server that listens. */
export interface RunningServer {
  /** With the port that was really taken. */
  readonly address: string;
  /** Refuses new calls, lets those under way finish for a while, then ends them. */
  stop(): Promise<void>;
}

/** Serves faces without Nest: for worlds (`praxis serve-world`) and for tests. */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const server = new Server(serverOptions(settings.log ?? null, settings.security));
  const names = addApis(server, settings.services);
  const health = serverHealth(names);
  health.addTo(server);
  addReflection(server, names);
  const port = await bind(server, settings.address, serverCredentials(settings.security?.tls ?? null));
  const host = settings.address.slice(0, settings.address.lastIndexOf(':'));
  return {
    address: `${host}:${port}`,
    stop: () => {
      health.setServing(false);
      return shutDown(server, settings.graceMs ?? 2000);
    },
  };
}

function addApis(
  server: Server,
  { planner, executor, archive, environment, nodes, artifacts }: ServiceApis,
): readonly ServiceName[] {
  if (planner) server.addService(SERVICES.planner.definition, plannerHandlers(planner));
  if (executor) server.addService(SERVICES.executor.definition, executorHandlers(executor));
  if (archive) server.addService(SERVICES.archive.definition, archiveHandlers(archive));
  if (environment) server.addService(SERVICES.environment.definition, environmentHandlers(environment));
  if (nodes) server.addService(SERVICES.nodes.definition, nodeHandlers(nodes));
  if (artifacts) server.addService(SERVICES.artifacts.definition, artifactHandlers(artifacts));
  const given = { planner, executor, archive, environment, nodes, artifacts };
  return (Object.keys(given) as ServiceName[]).filter((name) => given[name] !== undefined);
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (cause, port) => {
      if (cause === null) resolve(port);
      else
        reject(
          new PraxisError(
            'unavailable',
            `cannot listen on ${address}; is another process using the port? choose another address`,
            { cause },
          ),
        );
    });
  });
}

function shutDown(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      server.forceShutdown();
      // Not left to the callback: it never comes where a connection broke before it had become one, as TLS to a plain
      // port does.
      resolve();
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
