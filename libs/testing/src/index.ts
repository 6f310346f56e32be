export { testAuthority, type TestAuthority, type TestCertificate } from './certificates.js';
export { artifactsContract } from './contracts/artifacts.contract.js';
export { journalContract } from './contracts/journal.contract.js';
export { modelsContract, type ModelsUnderTest, type Said } from './contracts/models.contract.js';
export { describeWorld } from './contracts/world.contract.js';
export { LampWorld, WORLD_KINDS, type LampWorldKind } from './lamp-world.js';
export { lintMetrics } from './lint-metrics.js';
export { MemoryJournal } from './memory-journal.js';
export { MemoryPlanner } from './memory-planner.js';
export { MemoryArtifacts } from './memory-artifacts.js';
export { MemorySessions } from './memory-sessions.js';
export { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js';
export { AWAY, Outside, REFUSED, SILENT, type Line } from './outside.js';
export { interruptTestPostgres, stopTestPostgres, testDatabase, testPostgres, type TestDatabase } from './postgres.js';
export { testPooler, type PoolMode, type TestPooler } from './pgbouncer.js';
export { NEEDS_PYTHON, exampleFolder, hasPythonWorlds, startPythonWorld, type PythonWorld } from './python-world.js';
export { Rehearsal, type Job, type Players } from './rehearsal.js';
export { randomHistory, type History } from './random-history.js';
export {
  hasPublishedFunctions,
  NEEDS_PUBLISHED_FUNCTIONS,
  publishedCalls,
  publishedFunctions,
  sampleOf,
  type PublishedCall,
  type PublishedFunction,
} from './published/published-functions.js';
export { testRedis, type TestRedis } from './redis.js';
export { workshopGoal, workshopSkills } from './workshop.js';
