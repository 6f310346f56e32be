import { createRequire } from 'node:module';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { Server } from '@grpc/grpc-js';
import type * as protoLoader from '@grpc/proto-loader';
import type * as reflection from '@grpc/reflection';
import type * as healthCheck from 'grpc-health-check';
import { DESCRIPTORS } from '../gen/descriptors.js';
import { fullName, type ServiceName } from './services.js';

// Slow to load (they read .proto files), and only servers need them, so they are loaded where one is made.
const load = createRequire(import.meta.url);

type ServiceHost = Pick<Server, 'addService'>;

/** The standard health service of a server: the server as a whole (``) and each of its services. */
export interface ServerHealth {
  addTo(server: ServiceHost): void;
  /** Whether new calls are welcome; a load balancer and `praxis doctor` ask. */
  setServing(serving: boolean): void;
}

/** Makes the health service; it says SERVING from the start. */
export function serverHealth(services: readonly ServiceName[]): ServerHealth {
  const names = ['', ...services.map(fullName)];
  const { HealthImplementation } = load('grpc-health-check') as typeof healthCheck;
  const health = new HealthImplementation(Object.fromEntries(names.map((name) => [name, 'SERVING' as const])));
  return {
    addTo: (server) => health.addToServer(server as Server),
    setServing: (serving) => {
      for (const name of names) health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
    },
  };
}

/** Lets tools such as grpcurl ask a server for its services and messages. */
export function addReflection(server: ServiceHost, services: readonly ServiceName[]): void {
  const { loadSync } = load('@grpc/proto-loader') as typeof protoLoader;
  const { ReflectionService } = load('@grpc/reflection') as typeof reflection;
  const { protoPath } = load('grpc-health-check') as typeof healthCheck;
  const definitions = { ...loadSync(protoPath), praxis: { fileDescriptorProtos: descriptorFiles() } };
  // Reflection reads nothing but the descriptors of a definition; the rest of its type is for clients.
  const service = new ReflectionService(definitions as unknown as ConstructorParameters<typeof ReflectionService>[0], {
    services: [...services.map(fullName), 'grpc.health.v1.Health'],
  });
  service.addToServer(server);
}

/** The files of the schema; a FileDescriptorSet is nothing but a repeated field 1 of files. */
function descriptorFiles(): readonly Buffer[] {
  const reader = new BinaryReader(Buffer.from(DESCRIPTORS, 'base64'));
  const files: Buffer[] = [];
  while (reader.pos < reader.len) {
    reader.uint32();
    files.push(Buffer.from(reader.bytes()));
  }
  return files;
}
