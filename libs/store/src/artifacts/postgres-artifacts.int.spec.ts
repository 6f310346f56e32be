import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  ARTIFACT_GRACE_MS,
  ARTIFACT_PART_BYTES,
  goalSchema,
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  type ArtifactRef,
  type Logger,
  type RunEvent,
} from '@praxis/core';
import { artifactsContract, stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { Client } from 'pg';
import { migrate } from '../migrate.js';
import { openStore, type Store } from '../open-store.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };
const LABEL = { name: 'a.bin', mediaType: 'application/octet-stream' };

let database: TestDatabase;
let store: Store;
let client: Client;
let now = 1_700_000_000_000;

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log: silent, clock: { now: () => now }, poolSize: 6 });
  client = new Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

const count = async (table: string): Promise<number> =>
  Number((await client.query(`select count(*) from ${table}`)).rows[0].count);
const gc = (limits: { maxAgeMs?: number; dryRun?: boolean } = {}) =>
  store.collectGarbage({ maxAgeMs: null, maxBytes: null, dryRun: false, now, ...limits });
const put = (text: string): Promise<ArtifactRef> => store.artifacts.put(Buffer.from(text), LABEL);
const write = (run: string, at: number, ...events: RunEvent[]): Promise<number> =>
  store.journal.append(
    runStream(run),
    at,
    events.map((e) => runEvents.encode(e)),
  );

async function read(sha256: string): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of store.artifacts.get(sha256)) parts.push(part);
  return Buffer.concat(parts).toString();
}

artifactsContract('PostgresArtifacts', async () => store.artifacts);

describe('PostgresArtifacts', () => {
  beforeEach(async () => {
    await client.query(
      'truncate artifacts, artifact_parts, artifact_uploads, events, runs, subgoals, world_sessions, schedules, blobs',
    );
  });

  it('keeps the parts of one of many puts of equal bytes (postgres-artifacts.2)', async () => {
    const bytes = randomBytes(2 * ARTIFACT_PART_BYTES + 1);
    await Promise.all(Array.from({ length: 5 }, () => store.artifacts.put(bytes, LABEL)));
    expect([await count('artifacts'), await count('artifact_parts'), await count('artifact_uploads')]).toEqual([
      1, 3, 0,
    ]);
  });

  it('fails with invalid where bytes were changed or are gone (artifacts.3)', async () => {
    const { $artifact } = await store.artifacts.put(randomBytes(ARTIFACT_PART_BYTES + 5), LABEL);
    await client.query('update artifact_parts set data = set_byte(data, 3, get_byte(data, 3) # 1) where n = 1');
    await expect(read($artifact)).rejects.toMatchObject({ code: 'invalid' });
    await client.query('delete from artifact_parts where n = 1');
    await expect(read($artifact)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('leaves nothing to be seen of a put that is killed, and collects it (postgres-artifacts.1, postgres-artifacts.3)', async () => {
    const code = `
      const { openStore } = await import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)});
      const log = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
      const store = await openStore({ url: process.env.URL, log, clock: { now: () => ${now} } });
      async function* bytes() {
        for (let i = 0; ; i++) {
          yield new Uint8Array(1 << 20);
          if (i === 3) process.stdout.write('writing');
        }
      }
      await store.artifacts.put(bytes(), { name: 'a', mediaType: 'b' });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, URL: database.url },
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect([await count('artifacts'), await count('artifact_uploads')]).toEqual([0, 1]);
    expect(await count('artifact_parts')).toBeGreaterThan(0);
    await gc();
    expect(await count('artifact_uploads')).toBe(1);
    now += ARTIFACT_GRACE_MS + 1;
    await gc();
    expect([await count('artifact_parts'), await count('artifact_uploads')]).toEqual([0, 0]);
  });

  it('ends a put whose parts were collected since none came for long', async () => {
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield randomBytes(2 * ARTIFACT_PART_BYTES);
      now += ARTIFACT_GRACE_MS + 1;
      await gc();
      yield randomBytes(ARTIFACT_PART_BYTES);
    }
    await expect(store.artifacts.put(slow(), LABEL)).rejects.toMatchObject({ code: 'unavailable' });
    expect([await count('artifacts'), await count('artifact_parts')]).toEqual([0, 0]);
  });
});

describe('collectGarbage and artifacts', () => {
  it('never deletes what anything kept refers to, and all else after the grace (artifacts.1, collector.2)', async () => {
    const names = ['goal', 'output', 'argument', 'result', 'world', 'schedule', 'nothing'];
    const refs = new Map(await Promise.all(names.map(async (name) => [name, await put(name)] as const)));
    const of = (name: string): ArtifactRef => refs.get(name)!;
    const output = (name: string) => ({ value: { deep: [of(name)] }, artifacts: [], taint: [] });
    await write('r-kept', 0, {
      type: 'accepted',
      goal: goalSchema.parse({ title: 't', world: 'w', inputs: { file: of('goal') } }),
    });
    await write('r-kept', 1, { type: 'ended', outcome: 'done', reason: '', result: output('result') });
    await store.journal.append(subgoalStream('r-kept.1.1.1'), 0, [
      stepEvents.encode({
        type: 'decided',
        id: 'd',
        step: 0,
        why: '',
        origin: 'policy',
        taint: [],
        action: { skill: 's', args: { file: of('argument') } },
      }),
      stepEvents.encode({
        type: 'observed',
        id: 'd',
        step: 0,
        change: { added: [], removed: [], numbers: {} },
        result: { ok: true, message: '', output: { value: null, artifacts: [of('output')], taint: [] } },
      }),
    ]);
    // A world may hold its references in a text within its text.
    await store.sessions.save('r-kept', 0, JSON.stringify({ body: JSON.stringify({ files: [of('world')] }) }));
    await client.query("insert into schedules (id, goal, timing, created_at) values ('s', $1, '{}', 0)", [
      JSON.stringify({ inputs: { file: of('schedule') } }),
    ]);
    expect(await gc()).toMatchObject({ artifacts: 0 });
    now += ARTIFACT_GRACE_MS + 1;
    const plan = await gc({ dryRun: true });
    expect(plan).toMatchObject({ artifacts: 1, bytesAfter: plan.bytesBefore - 'nothing'.length });
    expect(await gc()).toEqual(plan);
    for (const name of names.slice(0, -1)) expect(await read(of(name).$artifact)).toBe(name);
    await expect(read(of('nothing').$artifact)).rejects.toMatchObject({ code: 'missing' });
    const all = await gc({ maxAgeMs: -1, dryRun: true });
    expect(all).toMatchObject({ runs: ['r-kept'], artifacts: 5 });
    expect(await gc({ maxAgeMs: -1 })).toEqual(all);
    expect(await read(of('schedule').$artifact)).toBe('schedule');
    expect([await count('artifacts'), await count('artifact_parts')]).toEqual([1, 1]);
  });

  it('spares what was put again or asked for since', async () => {
    const [again, asked] = [await put('again'), await put('asked')];
    now += ARTIFACT_GRACE_MS + 1;
    await put('again');
    await store.artifacts.has([asked.$artifact]);
    await gc();
    expect([await read(again.$artifact), await read(asked.$artifact)]).toEqual(['again', 'asked']);
  });
});
