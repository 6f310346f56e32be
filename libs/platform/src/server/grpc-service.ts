import type { DynamicModule } from '@nestjs/common';
import type { GrpcOptions } from '@nestjs/microservices';
import type { Logger } from '@praxis/core';
import { guardConnections } from './connection-guard.js';
import { listenTrouble } from './listen-trouble.js';
import { freePort } from './ports.js';

/** A service that listens. */
export interface RunningService {
  readonly address: string;
  stop(): Promise<void>;
}

/** What a gRPC service under Nest is made of; `options` and `toServiceError` come from the wire room. */
export interface GrpcService {
  readonly module: DynamicModule;
  readonly options: GrpcOptions['options'] & { readonly setServing: (serving: boolean) => void };
  readonly toServiceError: (thrown: unknown) => unknown;
  readonly log: Logger;
}

/** Starts a Nest microservice; every error leaves it as a proper gRPC status. */
export async function startGrpcService(service: GrpcService): Promise<RunningService> {
  const address = await withPort(service.options.url ?? '');
  const options = { ...service.options, url: address };
  // Nest is slow to load, and most commands need none of it.
  const { serveUnderNest } = await import('./nest-grpc.js');
  const app = await serveUnderNest({ ...service, options }).catch((cause: unknown) => {
    throw listenTrouble(address, cause);
  });
  const letGo = guardConnections(Number(address.slice(address.lastIndexOf(':') + 1)));
  return {
    address,
    stop: async () => {
      letGo();
      options.setServing(false);
      await app.close();
    },
  };
}

/** Others are told where a service is found, so a port that the system may choose is chosen before. */
const withPort = async (address: string): Promise<string> =>
  address.endsWith(':0') ? `${address.slice(0, -1)}${await freePort()}` : address;
