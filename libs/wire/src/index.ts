export type { ClientOptions, Closable } from './client/caller.js';
export { connectEnvironment } from './client/connect-environment.js';
export { connectPlanner } from './client/connect-planner.js';
export { connectArchive, connectExecutor } from './client/connect-services.js';
export type { ArchiveFace, ExecutorFace, ExecutorInfo, PageRequest, PlannerFace, RunFilter, RunPage, RunView } from './faces.js';
export { readEvent, isLastEvent, type WatchedEvent } from './watched-event.js';
export { withCallContext } from './call-context.js';
export { toServiceError } from './service-error.js';
export { archiveMethods, executorMethods, plannerMethods, type ArchiveMethods, type ExecutorMethods, type PlannerMethods } from './server/methods.js';
export { pump } from './server/pump.js';
export { callSignal, type ServerCall, type StreamCall } from './server/server-call.js';
export { serviceOptions, type ServiceOptions } from './server/service-options.js';
export type { ServiceName } from './server/services.js';
export { startServer, type Faces, type RunningServer, type ServerSettings } from './server/start-server.js';
export type {
  ArchiveServiceGetRequest,
  ArchiveServiceGetResponse,
  ArchiveServiceListRequest,
  ArchiveServiceListResponse,
  FindRequest,
  FindResponse,
} from './gen/praxis/v1/archive.js';
export type {
  DrainRequest,
  DrainResponse,
  ExecutorServiceDescribeRequest,
  ExecutorServiceDescribeResponse,
} from './gen/praxis/v1/executor.js';
export type {
  CancelRequest,
  CancelResponse,
  PlannerServiceGetRequest,
  PlannerServiceGetResponse,
  PlannerServiceListRequest,
  PlannerServiceListResponse,
  SubmitRequest,
  SubmitResponse,
  WatchRequest,
  WatchResponse,
} from './gen/praxis/v1/planner.js';
