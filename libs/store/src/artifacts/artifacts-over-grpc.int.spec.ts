import { systemClock, type Logger } from '@praxis/core';
import { artifactsContract, stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { connectArtifacts, startServer, type RunningServer } from '@praxis/wire';
import { migrate } from '../migrate.js';
import { openStore, type Store } from '../open-store.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
let database: TestDatabase;
let store: Store;
let server: RunningServer;
let remote: ReturnType<typeof connectArtifacts>;
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log, clock: systemClock, poolSize: 4 });
  server = await startServer({ address: '127.0.0.1:0', services: { artifacts: store.artifacts }, graceMs: 0 });
  remote = connectArtifacts(server.address);
});
afterAll(async () => {
  remote?.close();
  await server?.stop();
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

artifactsContract('the store over gRPC', async () => remote);
