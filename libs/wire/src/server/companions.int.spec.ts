import { Client, credentials, makeGenericClientConstructor, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { protoPath } from 'grpc-health-check';
import type { ArchiveApi } from '../service-apis.js';
import { serverHealth } from './companions.js';
import { startServer, type RunningServer } from './start-server.js';

const archive: ArchiveApi = {
  find: async () => [],
  get: async () => Promise.reject(new Error('none')),
  list: async () => [],
};
let server: RunningServer;
const clients: Client[] = [];
beforeAll(async () => {
  server = await startServer({ address: '127.0.0.1:0', services: { archive } });
});
afterAll(async () => {
  for (const client of clients) client.close();
  await server.stop();
});

type Callback = (error: unknown, response: { status: string }) => void;
function foreignClient(path: string, service: string): Client & Record<string, unknown> {
  const options = path === protoPath ? {} : { includeDirs: [dirname(path)] };
  const definition = loadSync(path, { enums: String, ...options })[service] as ServiceDefinition;
  const client = new (makeGenericClientConstructor(definition, service))(server.address, credentials.createInsecure());
  clients.push(client);
  return client as unknown as Client & Record<string, unknown>;
}

describe('health', () => {
  it.each(['', 'praxis.v1.ArchiveService'])('of "%s" is SERVING', async (service) => {
    const client = foreignClient(protoPath, 'grpc.health.v1.Health');
    const check = client['check'] as (request: object, done: Callback) => void;
    const response = await new Promise<{ status: string }>((resolve, reject) =>
      check.call(client, { service }, (e, r) => (e ? reject(e as Error) : resolve(r))),
    );
    expect(response.status).toBe('SERVING');
  });

  it('says NOT_SERVING for the server and its services while draining', () => {
    const added: { check: (call: object, done: Callback) => void }[] = [];
    const health = serverHealth(['planner']);
    health.addTo({ addService: (_definition, implementation) => void added.push(implementation as never) });
    health.setServing(false);
    for (const service of ['', 'praxis.v1.PlannerService']) {
      added[0]!.check({ request: { service } }, (_error, response) => expect(response.status).toBe('NOT_SERVING'));
    }
  });
});

describe('reflection', () => {
  const proto = join(
    dirname(createRequire(import.meta.url).resolve('@grpc/reflection')),
    '../../build/proto/grpc/reflection/v1/reflection.proto',
  );
  interface Answer {
    readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
    readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Buffer[] };
  }
  const ask = (question: object): Promise<Answer> => {
    const client = foreignClient(proto, 'grpc.reflection.v1.ServerReflection');
    const stream = (client['serverReflectionInfo'] as () => NodeJS.ReadWriteStream).call(client);
    return new Promise((resolve, reject) => {
      stream.once('data', (answer) => resolve(answer as Answer));
      stream.once('error', reject);
      stream.write(question as never);
      stream.end();
    });
  };

  it('lists what is served here and nothing else', async () => {
    const { listServicesResponse } = await ask({ listServices: '' });
    expect(listServicesResponse?.service.map((s) => s.name).toSorted()).toEqual([
      'grpc.health.v1.Health',
      'praxis.v1.ArchiveService',
    ]);
  });

  it('describes a message with all files that it needs, however deep', async () => {
    const { fileDescriptorResponse } = await ask({ fileContainingSymbol: 'praxis.v1.Event' });
    const texts = fileDescriptorResponse?.fileDescriptorProto.map((bytes) => bytes.toString('latin1')) ?? [];
    for (const file of ['praxis/v1/events.proto', 'praxis/v1/types.proto', 'google/protobuf/struct.proto'])
      expect(texts.some((t) => t.includes(file))).toBe(true);
  });
});
