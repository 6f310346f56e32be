export { journalContract } from './contracts/journal.contract.js';
export { describeWorld } from './contracts/world.contract.js';
export { MemoryJournal } from './memory-journal.js';
export { MemorySessions } from './memory-sessions.js';
export { stopTestPostgres, testDatabase, testPostgres, type TestDatabase } from './postgres.js';
export { randomHistory, type History } from './random-history.js';
export { testRedis, type TestRedis } from './redis.js';
