import type {
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServerReadableStream,
  ServerWritableStream,
} from '@grpc/grpc-js';
import type { ArtifactStore, World } from '@praxis/core';
import type { ArchiveApi, ExecutorApi, PlannerApi } from '../service-apis.js';
import type { ArchiveServiceServer } from '../gen/praxis/v1/archive.js';
import type { ArtifactServiceServer } from '../gen/praxis/v1/artifact.js';
import type { EnvironmentServiceServer } from '../gen/praxis/v1/environment.js';
import type { ExecutorServiceServer } from '../gen/praxis/v1/executor.js';
import type { NodeServiceServer } from '../gen/praxis/v1/node.js';
import type { PlannerServiceServer } from '../gen/praxis/v1/planner.js';
import type { NodesApi } from '../nodes-api.js';
import { toServiceError } from '../service-error.js';
import { artifactMethods } from './artifact-methods.js';
import { archiveMethods, environmentMethods, executorMethods } from './methods.js';
import { nodeMethods } from './node-methods.js';
import { plannerMethods } from './planner-methods.js';
import { reply, type Method } from './server-call.js';

function unary<Request, Response>(method: Method<Request, Response>): handleUnaryCall<Request, Response> {
  return (call, callback) => void reply(callback, method(call.request, call));
}

function streaming<Request, Response>(
  method: (request: Request, call: ServerWritableStream<Request, Response>) => Promise<void>,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    method(call.request, call).then(
      () => call.end(),
      (thrown: unknown) => call.emit('error', toServiceError(thrown)),
    );
  };
}

function uploading<Request, Response>(
  method: (call: ServerReadableStream<Request, Response>) => Promise<Response>,
): handleClientStreamingCall<Request, Response> {
  return (call, callback) => void reply(callback, method(call));
}

/** A planner's face as a service of a plain gRPC server. */
export function plannerHandlers(api: PlannerApi): PlannerServiceServer {
  const m = plannerMethods(api);
  return {
    submit: unary(m.submit),
    get: unary(m.get),
    list: unary(m.list),
    watch: streaming(m.watch),
    watchRuns: streaming(m.watchRuns),
    wait: unary(m.wait),
    cancel: unary(m.cancel),
    pause: unary(m.pause),
    resume: unary(m.resume),
    retry: unary(m.retry),
    questions: unary(m.questions),
    answer: unary(m.answer),
    fork: unary(m.fork),
    rollback: unary(m.rollback),
    exportRun: streaming(m.exportRun),
    importRun: uploading(m.importRun),
    collectGarbage: unary(m.collectGarbage),
    schedules: unary(m.schedules),
    putSchedule: unary(m.putSchedule),
    removeSchedule: unary(m.removeSchedule),
    explain: unary(m.explain),
    overview: unary(m.overview),
  };
}

/** An executor's face as a service of a plain gRPC server. */
export function executorHandlers(api: ExecutorApi): ExecutorServiceServer {
  const m = executorMethods(api);
  return { describe: unary(m.describe), drain: unary(m.drain) };
}

/** An archive as a service of a plain gRPC server. */
export function archiveHandlers(api: ArchiveApi): ArchiveServiceServer {
  const m = archiveMethods(api);
  return { find: unary(m.find), get: unary(m.get), list: unary(m.list) };
}

/** The nodes' face as a service of a plain gRPC server. */
export function nodeHandlers(api: NodesApi): NodeServiceServer {
  const m = nodeMethods(api);
  return {
    register: unary(m.register),
    heartbeat: unary(m.heartbeat),
    drain: unary(m.drain),
    leave: unary(m.leave),
    list: unary(m.list),
  };
}

/** A store of artifacts as a service of a plain gRPC server. */
export function artifactHandlers(store: ArtifactStore): ArtifactServiceServer {
  const m = artifactMethods(store);
  return {
    putArtifact: uploading(m.putArtifact),
    getArtifact: streaming(m.getArtifact),
    findArtifacts: unary(m.findArtifacts),
  };
}

/** A world as a service of a plain gRPC server. */
export function environmentHandlers(world: World): EnvironmentServiceServer {
  const m = environmentMethods(world);
  return {
    describe: unary(m.describe),
    open: unary(m.open),
    resume: unary(m.resume),
    briefing: unary(m.briefing),
    observe: unary(m.observe),
    act: unary(m.act),
    legal: unary(m.legal),
    check: unary(m.check),
    snapshot: unary(m.snapshot),
    restore: unary(m.restore),
    clone: unary(m.clone),
    closeSession: unary(m.closeSession),
  };
}
