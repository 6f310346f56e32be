import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { observeSearch, startGrpcService, type RunningService } from '@praxis/platform';
import { archiveMethods, serviceOptions, toServiceError, type ArchiveApi } from '@praxis/wire';
import { ArchiveController } from './archive.controller.js';
import type { ReflectorParts } from './parts.js';
import { Reflect } from './reflect.js';
import { traceReflection } from './reflection.js';
import { METHODS } from './tokens.js';

@Module({})
class ReflectorModule {
  static with(archive: ArchiveApi): DynamicModule {
    return {
      module: ReflectorModule,
      controllers: [ArchiveController],
      providers: [{ provide: METHODS, useValue: archiveMethods(archive) }],
    };
  }
}

/** Starts the reflector: the archive over gRPC, work from the queue `reflect`. */
export async function startReflector(parts: ReflectorParts): Promise<RunningService> {
  const reflect = new Reflect({ ...parts, search: observeSearch('trial', parts.search) });
  const options = serviceOptions({
    address: parts.address,
    security: parts.security,
    services: ['archive'],
    log: parts.log,
  });
  const api = await startGrpcService({
    module: ReflectorModule.with(parts.store.archive),
    options,
    toServiceError,
    log: parts.log,
  });
  // One at a time: what one trajectory taught is known when the next one is read.
  const worker = await parts.queues.work(
    'reflect',
    ({ subgoal }, { signal }) => traceReflection(subgoal, parts, () => reflect.on(subgoal, signal)),
    { concurrency: 1 },
  );
  return {
    address: parts.address,
    stop: async () => {
      await worker.close();
      await api.stop();
    },
  };
}
