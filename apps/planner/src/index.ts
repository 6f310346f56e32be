export type { PlannerParts } from './parts.js';
export type { Search } from './planning/search-planner.js';
export { startPlanner } from './start-planner.js';
