export { openCatalog, SHIPPED, type CatalogParts } from './catalog.js';
export { checkWorld, WORLD_LAWS } from './contract/check-world.js';
export type { CheckOptions, LawResult } from './contract/law.js';
export { MemorySessions } from './memory-sessions.js';
export { PddlWorld } from './pddl/pddl-world.js';
export { ownProblems, shippedWorld, type WorldKind } from './pddl/world-kind.js';
export { RemoteWorld } from './remote-world.js';
export { serveWorld } from './serve-world.js';
