export type { ExecutorParts } from './parts.js';
export { SearchPolicy } from './deciding/search-policy.js';
export { Execute } from './execute.js';
export { startExecutor } from './start-executor.js';
