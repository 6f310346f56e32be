export { armFaults } from './arm-faults.js';
export { checkDatabase } from './check-database.js';
export { inDataFolder, openDataFolder, writeAnew } from './data-folder.js';
export { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
export { startGrpcService, type GrpcService, type RunningService } from './grpc-service.js';
export { Life } from './life.js';
export {
  describeSettings,
  hide,
  loadSettings,
  type SettingRow,
  type SettingSource,
  type SettingSources,
} from './load-settings.js';
export { COMPOSE_VARIABLES, type ComposeVariable } from './compose-variables.js';
export { listenTrouble } from './listen-trouble.js';
export { createLogger, type LogOptions } from './log.js';
export { nestLogger } from './nest-log.js';
export { reachableAddress } from './own-address.js';
export { freePort } from './ports.js';
export { openQueueBoard, type HttpHandler, type QueueBoard, type QueueBoardOptions } from './queue-board.js';
export { QUEUES, queueId, type Payload, type QueueName } from './queue-catalog.js';
export { findPostgres, linkLibraries } from './postgres-binaries.js';
export type { Ticks, Timing } from './queue-ticks.js';
export { startWatchdog } from './watchdog.js';
export type { WorkerHandle } from './queue-worker.js';
export { openQueues, type QueueOptions, type Queues, type QueueState } from './queues.js';
export { readNamedFile, readSecret } from './secret-file.js';
export { isLoopback, readSecurity, type ProcessSecurity } from './security.js';
export { isAlive, processStart, withStartLock } from './start-lock.js';
export { settingsEnv, settingsMarkdown } from './settings-pages.js';
export type { Settings } from './settings.js';
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
export { outside } from './trace-context.js';
