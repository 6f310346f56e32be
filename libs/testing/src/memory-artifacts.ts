export { MemoryArtifacts } from '@praxis/environments';
