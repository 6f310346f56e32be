export { AnyExecutor, type AnyExecutorParts, type ConnectedExecutor } from './executors/any-executor.js';
export type { PlannerParts } from './parts.js';
export { planningHandlers } from './planning/planning-handlers.js';
export type { Search } from './planning/search-planner.js';
export { startPlanner } from './start-planner.js';
