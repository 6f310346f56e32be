export { FolderArtifactStore } from './artifacts/folder-artifacts.js';
export { ExecutorRegistry, type ExecutorState } from './executor-registry.js';
export {
  historyJournal,
  readHistory,
  type HistoryJournal,
  type KeptSession,
  type HistoryFile,
} from './history-file/read-history.js';
export { LOST_TOO_OFTEN, Leases, type LeaseClaim } from './leases.js';
export { migrate, type MigrateOptions } from './migrate.js';
export { openStore, type RunFeed, type Store, type StoreOptions } from './open-store.js';
export { PostgresArchive, type PairedTrial } from './postgres-archive.js';
export type { SubgoalStatus } from './projections/subgoal-change.js';
export {
  QuestionReads,
  type DueQuestions,
  type FoundQuestion,
  type OpenQuestion,
  type QuestionFilter,
} from './reads/question-reads.js';
export { RunReads, type PageRequest, type RunFilter, type RunPage, type SubgoalSummary } from './reads/run-reads.js';
export { WorkReads, type IdleSubgoal, type PostponedSubgoal } from './reads/work-reads.js';
export type { GcReport, GcRequest } from './retention/collector.js';
export { Schedules, type ScheduleRow, type ScheduleTiming } from './schedules.js';
