import { Client, credentials, status, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { startServer, type RunningServer } from './start-server.js';
import { hashKey } from '../api-key.js';

let server: RunningServer;
const clients: Client[] = [];
beforeEach(async () => {
  server = await startServer({
    address: '127.0.0.1:0',
    services: {},
    graceMs: 0,
    security: { tls: null, keyHashes: [hashKey('x'.repeat(40))], requestBytes: 65_536 },
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.stop();
});

type Watch = ClientReadableStream<Buffer>;

/** Opens a health stream without a key; null where it is refused because there are too many. */
async function watch(client: Client): Promise<Watch | null> {
  const stream = client.makeServerStreamRequest(
    '/grpc.health.v1.Health/Watch',
    (b: Buffer) => b,
    (b: Buffer) => b,
    Buffer.alloc(0),
  );
  return new Promise((resolve, reject) => {
    stream.once('data', () => resolve(stream));
    stream.on('error', (error: ServiceError) =>
      error.code === status.RESOURCE_EXHAUSTED ? resolve(null) : reject(error),
    );
  });
}

const connect = (): Client => {
  const client = new Client(server.address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  clients.push(client);
  return client;
};

describe('health streams, which ask for no key', () => {
  it('are bounded for one address, however many connections it has, and given back when they end', async () => {
    const held: Watch[] = [];
    for (let n = 0; n < 4; n++) {
      const client = connect();
      for (let m = 0; m < 40; m++) {
        const stream = await watch(client);
        if (stream) held.push(stream);
      }
    }
    expect(held).toHaveLength(100);
    for (const stream of held.splice(0, 60)) {
      stream.on('error', () => undefined);
      stream.cancel();
    }
    const client = connect();
    let again = await watch(client);
    while (again === null) again = await watch(client);
    expect(again).not.toBeNull();
    for (const stream of held) stream.on('error', () => undefined);
    again.on('error', () => undefined);
  });
});
