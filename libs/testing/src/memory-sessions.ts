export { MemorySessions } from '@praxis/environments';
