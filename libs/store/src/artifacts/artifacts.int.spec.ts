import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ARTIFACT_GRACE_MS,
  goalSchema,
  runEvents,
  runStream,
  systemClock,
  type ArtifactRef,
  type ArtifactStore,
  type Logger,
  type RunEvent,
} from '@praxis/core';
import { artifactsContract, stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { connectArtifacts, startServer, type RunningServer } from '@praxis/wire';
import { migrate } from '../migrate.js';
import { openStore, type Store } from '../open-store.js';
import { FolderArtifactStore } from './folder-artifacts.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const label = { name: 'a.txt', mediaType: 'text/plain' };
let database: TestDatabase;
let store: Store;
let folder: string;
let server: RunningServer;
let remote: ReturnType<typeof connectArtifacts>;
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  folder = await mkdtemp(join(tmpdir(), 'artifacts-'));
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
  await rm(folder, { recursive: true, force: true });
});

artifactsContract('the store on Postgres', async () => store.artifacts);
artifactsContract('the store in a folder', async () => new FolderArtifactStore(folder));
artifactsContract('the store over gRPC', async () => remote);

const bytesOf = async (from: ArtifactStore, { $artifact }: ArtifactRef): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of from.get($artifact)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};
const collect = (now: number) => store.collectGarbage({ maxAgeMs: null, maxBytes: null, dryRun: false, now });
const later = (): number => Date.now() + 2 * ARTIFACT_GRACE_MS;

describe('the collector', () => {
  const goal = (inputs: Record<string, ArtifactRef>): RunEvent => ({
    type: 'accepted',
    goal: goalSchema.parse({ title: 'g', inputs }),
  });

  it('spares what an event or a world refers to, and deletes the rest after its time (artifacts.1)', async () => {
    const put = (text: string) => store.artifacts.put(Buffer.from(text), label);
    const [named, inWorld, loose] = [await put('an event'), await put('a world'), await put('nothing')];
    await store.journal.append(runStream('r-artifacts'), 0, [runEvents.encode(goal({ file: named }))]);
    await store.sessions.save('r-artifacts', 0, JSON.stringify({ files: { 'b.txt': inWorld } }));
    expect((await collect(Date.now())).artifacts).toBe(0);
    const dry = { maxAgeMs: null, maxBytes: null, dryRun: true, now: later() };
    const would = (await store.collectGarbage(dry)).artifacts;
    expect((await collect(later())).artifacts).toBe(would);
    expect(await bytesOf(store.artifacts, named)).toBe('an event');
    expect(await bytesOf(store.artifacts, inWorld)).toBe('a world');
    expect((await store.artifacts.has([loose.$artifact])).size).toBe(0);
  });
});

describe('a folder of artifacts', () => {
  it('does not give damaged bytes for a whole file (artifacts.3)', async () => {
    const own = new FolderArtifactStore(folder);
    const ref = await own.put(Buffer.from('as it was'), label);
    await writeFile(join(folder, ref.$artifact.slice(0, 2), ref.$artifact), 'as it is');
    await expect(bytesOf(own, ref)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('holds one part at a time and shows no half of a file (artifacts.2)', async () => {
    const own = new FolderArtifactStore(folder);
    const seen: number[] = [];
    const source = async function* (): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 3; i++) {
        yield Buffer.alloc(1024 * 1024, i);
        seen.push((await readdir(join(folder, 'incoming'))).length);
      }
    };
    await own.put(source(), label);
    expect(seen).toEqual([1, 1, 1]);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  it('refuses a file that is too large, and keeps nothing of it', async () => {
    const own = new FolderArtifactStore(folder, { maxBytes: 10 });
    await expect(own.put(Buffer.alloc(11), label)).rejects.toMatchObject({ code: 'exhausted' });
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });
});

describe('a history file', () => {
  it('of a run with files is written and read without them', async () => {
    const ref = await store.artifacts.put(Buffer.from('kept here'), label);
    const output = { value: ref, artifacts: [ref], taint: [] };
    const events: readonly RunEvent[] = [
      { type: 'accepted', goal: goalSchema.parse({ title: 'g' }) },
      { type: 'ended', outcome: 'done', reason: 'done', result: output },
    ];
    await store.journal.append(
      runStream('r-export'),
      0,
      events.map((e) => runEvents.encode(e)),
    );
    const lines: string[] = [];
    for await (const line of store.exportRun('r-export')) lines.push(line);
    expect(lines.join('\n')).toContain(ref.$artifact);
    expect(lines.join('\n')).not.toContain('kept here');
  });
});
