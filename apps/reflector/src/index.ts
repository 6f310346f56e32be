export type { ReflectorParts } from './parts.js';
export { startReflector } from './start-reflector.js';
