import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import type { ArtifactStore, RunId } from '@praxis/core';
import { observeGauges, observeSearch, startGrpcService, type RunningService } from '@praxis/platform';
import {
  artifactMethods,
  gaugesOf,
  nodeMethods,
  plannerMethods,
  serviceOptions,
  toServiceError,
  type NodesApi,
  type PlannerApi,
} from '@praxis/wire';
import { Advance } from './advance.js';
import { ArtifactsController } from './artifacts.controller.js';
import { noteBlocked } from './note-blocked.js';
import { NodeService } from './nodes/node-service.js';
import { NodesController } from './nodes/nodes.controller.js';
import type { PlannerParts } from './parts.js';
import { PlannerController } from './api/planner.controller.js';
import { PlannerService } from './api/planner-service.js';
import { Sweep } from './sweep.js';
import { ARTIFACT_METHODS, METHODS, NODE_METHODS } from './tokens.js';

@Module({})
class PlannerModule {
  static with(api: PlannerApi, nodes: NodesApi, artifacts: ArtifactStore): DynamicModule {
    const providers = [
      { provide: METHODS, useValue: plannerMethods(api) },
      { provide: NODE_METHODS, useValue: nodeMethods(nodes) },
      { provide: ARTIFACT_METHODS, useValue: artifactMethods(artifacts) },
    ];
    return { module: PlannerModule, controllers: [PlannerController, NodesController, ArtifactsController], providers };
  }
}

/** Runs that are moved on at a time; a pass waits for no search and no model. */
const PASSES = 4;

/** Starts the planner: questions over gRPC, work from the queues `advance` and `schedule`, and the sweep. */
export async function startPlanner(parts: PlannerParts): Promise<RunningService> {
  const advance = new Advance({ ...parts, search: observeSearch('planning', parts.search) });
  const questions = new PlannerService(parts);
  const sweep = new Sweep(parts, questions.scheduling);
  const options = serviceOptions({
    address: parts.address,
    security: parts.security,
    services: ['planner', 'nodes', 'artifacts'],
    log: parts.log,
  });
  const api = await startGrpcService({
    module: PlannerModule.with(questions, new NodeService(parts), parts.store.artifacts),
    options,
    toServiceError,
    log: parts.log,
  });
  const blocked =
    (run: RunId) =>
    async (thrown: unknown): Promise<never> => {
      await noteBlocked(run, thrown, parts);
      throw thrown;
    };
  const worker = await parts.queues.work(
    'advance',
    ({ run }, { signal }) => advance.wake(run, signal).catch(blocked(run)),
    { concurrency: PASSES },
  );
  const ticker = await parts.queues.work('schedule', ({ schedule }) => questions.scheduling.tick(schedule), {
    concurrency: 1,
  });
  sweep.start();
  const forgetGauges = observeGauges(async () => gaugesOf(await questions.overview(), parts.clock.now()), parts.log);
  return {
    address: parts.address,
    stop: async () => {
      forgetGauges();
      await sweep.stop();
      await Promise.all([worker.close(), ticker.close()]);
      await advance.settled();
      await api.stop();
    },
  };
}
