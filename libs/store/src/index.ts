export { ExecutorRegistry, type ExecutorState } from './executor-registry.js';
export { migrate, type MigrateOptions } from './migrate.js';
export { openStore, type RunFeed, type Store, type StoreOptions } from './open-store.js';
export { PostgresArchive, type PairedTrial } from './postgres-archive.js';
export type { SubgoalStatus } from './projections/subgoal-change.js';
export { RunReads, type PageRequest, type RunFilter, type RunPage, type SubgoalSummary } from './reads/run-reads.js';
export { WorkReads, type IdleSubgoal } from './reads/work-reads.js';
