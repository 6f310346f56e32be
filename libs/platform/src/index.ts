export { armFaults } from './process/arm-faults.js';
export { checkDatabase } from './postgres/check-database.js';
export { inDataFolder, openDataFolder, writeAnew } from './postgres/data-folder.js';
export { startEmbeddedPostgres, type EmbeddedPostgres } from './postgres/embedded-postgres.js';
export { startGrpcService, type GrpcService, type RunningService } from './server/grpc-service.js';
export { Life } from './process/life.js';
export {
  describeSettings,
  hide,
  loadSettings,
  type SettingRow,
  type SettingSource,
  type SettingSources,
} from './settings/load-settings.js';
export { COMPOSE_VARIABLES, type ComposeVariable } from './settings/compose-variables.js';
export { listenTrouble } from './server/listen-trouble.js';
export { createLogger, type LogOptions } from './process/log.js';
export { loopShare, type LoopShare } from './process/loop-share.js';
export { nestLogger } from './server/nest-log.js';
export { reachableAddress } from './server/own-address.js';
export { freePort } from './server/ports.js';
export { openQueueBoard, type HttpHandler, type QueueBoard, type QueueBoardOptions } from './queues/queue-board.js';
export { QUEUES, queueId, type Payload, type QueueName } from './queues/queue-catalog.js';
export { findPostgres, linkLibraries } from './postgres/postgres-binaries.js';
export type { Ticks, Timing } from './queues/queue-ticks.js';
export { startWatchdog } from './process/watchdog.js';
export type { WorkerHandle } from './queues/queue-worker.js';
export { openQueues, type QueueOptions, type Queues, type QueueState } from './queues/queues.js';
export { readNamedFile, readSecret } from './settings/secret-file.js';
export { isLoopback, readSecurity, type ProcessSecurity } from './server/security.js';
export { isAlive, processStart, withStartLock } from './postgres/start-lock.js';
export { settingsEnv, settingsMarkdown } from './settings/settings-pages.js';
export type { Settings } from './settings/settings.js';
export { metricsText } from './telemetry/metrics.js';
export { observeGauges, type Reading } from './telemetry/gauges.js';
export { measure, type SearchPurpose } from './telemetry/instruments.js';
export { observeModels } from './telemetry/asking-models.js';
export { observeSearch } from './telemetry/searching.js';
export {
  attemptSpan,
  planSpan,
  reflectSpan,
  runSpan,
  subgoalSpan,
  traceIdOf,
  type SpanRef,
} from './telemetry/span-ids.js';
export { brief, leaf, spanContextOf, within, writeSpan, type SpanRecord } from './telemetry/spans.js';
export { openMetrics, startTelemetry, type TelemetryOptions } from './telemetry/start-telemetry.js';
export { isTracing } from './telemetry/tracing.js';
export { outside } from './telemetry/trace-context.js';
