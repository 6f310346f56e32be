export { hashKey, keyChecker } from './api-key.js';
export type { ClientOptions, Closable } from './client/caller.js';
export { checkHealth } from './client/check-health.js';
export { connectEnvironment } from './client/connect-environment.js';
export { connectArtifacts } from './client/connect-artifacts.js';
export { connectNodes } from './client/connect-nodes.js';
export { connectPlanner } from './client/connect-planner.js';
export { connectArchive, connectExecutor } from './client/connect-services.js';
export type {
  ArchiveApi,
  ExecutorApi,
  ExecutorInfo,
  ExecutorState,
  OpenQuestion,
  Overview,
  PageRequest,
  PlannerApi,
  QuestionFilter,
  QueueState,
  Postponement,
  Retried,
  RunFilter,
  RunPage,
  RunEnd,
  RunView,
  Schedule,
  ScheduleTiming,
} from './service-apis.js';
export type { ExplainRequest, ForkPoint, ForkRequest, GcReport, GcRequest, Rollback } from './history-requests.js';
export type {
  BoundedText,
  ExplainedDecision,
  ExplainedRecord,
  ExplainedSample,
  ExplainedThought,
  Explanation,
} from './explanation.js';
export { standingOf, type ExecutorStanding } from './executor-standing.js';
export { nodeStandingOf } from './node-standing.js';
export type { ListedNode, NodesApi, NodeStanding, RegistrationReceipt } from './nodes-api.js';
export { registerNode, type NodeRegistration } from './client/register-node.js';
export { gaugesOf, type OverviewReading } from './overview-gauges.js';
export { readEvent, isLastEvent, type WatchedEvent } from './watched-event.js';
export { linkCall } from './call-context.js';
export type { ClientSecurity, ClientTls, ServerSecurity, ServerTls } from './security.js';
export { toServiceError } from './service-error.js';
export { archiveMethods, executorMethods, type ArchiveMethods, type ExecutorMethods } from './server/methods.js';
export { artifactMethods, type ArtifactMethods } from './server/artifact-methods.js';
export { nodeMethods, type NodeMethods, type NodeReply, type NodeRequest } from './server/node-methods.js';
export {
  plannerMethods,
  type PlannerMethods,
  type PlannerReply,
  type PlannerRequest,
} from './server/planner-methods.js';
export { pump } from './server/pump.js';
export { callSignal, reply, type ReplyCallback, type ServerCall, type StreamCall } from './server/server-call.js';
export { serviceOptions, type ServiceOptions, type ServiceSettings } from './server/service-options.js';
export type { ServiceName } from './server/services.js';
export { startServer, type ServiceApis, type RunningServer, type ServerSettings } from './server/start-server.js';
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
