import type { DynamicModule } from '@nestjs/common';
import type { GrpcOptions } from '@nestjs/microservices';
import { PraxisError, type Logger } from '@praxis/core';

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
  const { options } = service;
  const address = options.url ?? '';
  // Nest is slow to load, and most commands need none of it.
  const { serveUnderNest } = await import('./nest-grpc.js');
  const app = await serveUnderNest(service).catch((cause: unknown) => {
    throw new PraxisError('unavailable', `Cannot listen on ${address}: the address is taken or not ours. Choose another one (see \`praxis settings\`).`, { cause });
  });
  return {
    address,
    stop: async () => {
      options.setServing(false);
      await app.close();
    },
  };
}
