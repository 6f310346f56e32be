import type { Server, ServerCredentials, ServiceDefinition } from '@grpc/grpc-js';
import type { Logger } from '@praxis/core';
import { serverCredentials, type ServerSecurity } from '../security.js';
import { addReflection, serverHealth } from './companions.js';
import { serverOptions } from './server-options.js';
import { fullName, PACKAGE, SERVICES, type ServiceName } from './services.js';

/** Fits the `options` of Nest's gRPC transport. */
export interface ServiceOptions {
  readonly package: string;
  readonly url: string;
  readonly packageDefinition: Record<string, ServiceDefinition>;
  readonly channelOptions: ReturnType<typeof serverOptions>;
  readonly credentials: ServerCredentials;
  readonly onLoadPackageDefinition: (definition: unknown, server: Pick<Server, 'addService'>) => void;
  /** Not for Nest: says NOT_SERVING to health checks, e.g. while draining. */
  readonly setServing: (serving: boolean) => void;
}

/** What a service under Nest is asked to be. */
export interface ServiceSettings {
  readonly address: string;
  readonly services: readonly ServiceName[];
  readonly log?: Logger;
  /** Without it, everybody who reaches the address is served. */
  readonly security?: ServerSecurity | undefined;
}

/**
 * Options for `createMicroservice({transport: Transport.GRPC, options})`: the named services, health and reflection.
 */
export function serviceOptions(settings: ServiceSettings): ServiceOptions {
  const health = serverHealth(settings.services);
  return {
    package: PACKAGE,
    url: settings.address,
    packageDefinition: Object.fromEntries(
      settings.services.map((service): [string, ServiceDefinition] => [
        fullName(service),
        SERVICES[service].definition,
      ]),
    ),
    channelOptions: serverOptions(settings.log ?? null, settings.security),
    credentials: serverCredentials(settings.security?.tls ?? null),
    onLoadPackageDefinition: (_definition, server) => {
      health.addTo(server);
      addReflection(server, settings.services);
    },
    setServing: health.setServing,
  };
}
