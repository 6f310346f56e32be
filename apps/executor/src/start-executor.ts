import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { systemClock } from '@praxis/core';
import {
  observeSearch,
  reachableAddress,
  startGrpcService,
  type RunningService,
  type WorkerHandle,
} from '@praxis/platform';
import { executorMethods, serviceOptions, toServiceError, type ExecutorApi } from '@praxis/wire';
import { Heartbeat } from './announce.js';
import { Execute } from './execute.js';
import { ExecutorService } from './executor-service.js';
import { ExecutorController } from './executor.controller.js';
import { Hands } from './subgoal/hands.js';
import { catalogOf, type ExecutorParts } from './parts.js';
import { METHODS } from './tokens.js';

@Module({})
class ExecutorModule {
  static with(api: ExecutorApi): DynamicModule {
    return {
      module: ExecutorModule,
      controllers: [ExecutorController],
      providers: [{ provide: METHODS, useValue: executorMethods(api) }],
    };
  }
}

/** Starts an executor: questions over gRPC, work from the `execute` queue of each of its lanes. */
export async function startExecutor(given: ExecutorParts): Promise<RunningService> {
  const parts = { ...given, catalog: catalogOf(given) };
  const execute = new Execute({ ...parts, search: observeSearch('acting', parts.search) });
  const workers: WorkerHandle[] = [];
  let draining = false;
  const stopTaking = async (): Promise<void> => {
    draining = true;
    await Promise.all(workers.map((w) => w.close()));
  };
  const questions = new ExecutorService(parts, execute, stopTaking);
  const options = serviceOptions({
    address: parts.address,
    security: parts.security,
    services: ['executor'],
    log: parts.log,
  });
  const api = await startGrpcService({
    module: ExecutorModule.with(questions),
    options,
    toServiceError,
    log: parts.log,
  });
  for (const lane of parts.lanes) {
    let worker: WorkerHandle | null = null;
    const hands = new Hands(parts.concurrency, (concurrency) => worker?.widen(concurrency));
    worker = await parts.queues.work(
      'execute',
      ({ subgoal }, { signal }) => hands.work((away) => execute.work(subgoal, signal, away)),
      { lane, concurrency: parts.concurrency },
    );
    workers.push(worker);
  }
  const { name, lanes, concurrency, log } = parts;
  const address = parts.announce ?? reachableAddress(api.address);
  const startedAt = systemClock.now();
  const announcer = new Heartbeat({
    registry: parts.store.executors,
    log,
    describe: () => ({ name, address, lanes, concurrency, busy: execute.busy, draining, startedAt }),
  });
  announcer.start();
  return {
    address: api.address,
    stop: async () => {
      await stopTaking();
      await api.stop();
      await announcer.stop();
      await parts.catalog.close();
    },
  };
}
