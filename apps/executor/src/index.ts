export type { ExecutorParts } from './parts.js';
export { startExecutor } from './start-executor.js';
