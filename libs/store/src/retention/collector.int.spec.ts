import {
  BLOB_GRACE_MS,
  PraxisError,
  goalSchema,
  keptText,
  linkTranscript,
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  type GoalInput,
  type Json,
  type Logger,
  type RunEvent,
} from '@praxis/core';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { Client } from 'pg';
import { migrate } from '../migrate.js';
import { openStore, type Store } from '../open-store.js';
import { finishRemoval, takeOut } from './remove-runs.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };
const DAY = 86_400_000;

let database: TestDatabase;
let store: Store;
let client: Client;
let now = 0;

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

beforeEach(async () => {
  await client.query('truncate events, stream_bases, blobs, runs, subgoals, questions, world_sessions, removals');
  now = 100 * DAY;
});

const gc = (limits: { maxAgeMs?: number; maxBytes?: number; dryRun?: boolean }) =>
  store.collectGarbage({ maxAgeMs: null, maxBytes: null, dryRun: false, now, ...limits });
const count = async (table: string, where = 'true'): Promise<number> =>
  Number((await client.query(`select count(*) from ${table} where ${where}`)).rows[0].count);
const write = (run: string, at: number, ...events: RunEvent[]): Promise<number> =>
  store.journal.append(
    runStream(run),
    at,
    events.map((e) => runEvents.encode(e)),
  );
const ended: RunEvent = { type: 'ended', outcome: 'done', reason: '' };
const forked = (parent: string): RunEvent => ({
  type: 'forked',
  parent,
  session: 's',
  cut: {},
  overrides: { seed: null, strategy: null, versions: null, tools: null, action: null },
  again: [],
});
const opened = (session: string): RunEvent => ({
  type: 'opened',
  session,
  domainName: 'd',
  domain: '',
  problem: '',
  condition: '',
  agents: [],
  tools: [],
  approvals: [],
  versions: { planning: 1, acting: 1 },
});

/** A conversation that begins with what all have in common. */
const talkOf = (run: string): Json[] => [
  'You are kind.',
  'So am I.',
  ...Array.from({ length: 5 }, (_, i) => `${run} says ${i}`),
];

/** A run with a subgoal that called a model, large data of its own and of everybody's, and a world with a clone. */
async function makeRun(run: string, goal: Partial<GoalInput> = {}, isEnded = true): Promise<void> {
  await write(run, 0, { type: 'accepted', goal: goalSchema.parse({ title: run, world: 'w', ...goal }) }, opened(run));
  const { head, links } = linkTranscript(talkOf(run));
  await store.blobs.keep(links);
  const stream = subgoalStream(`${run}.1.1.1`);
  await store.journal.append(stream, 0, [
    stepEvents.encode({ type: 'scored', id: 'c', scores: [], call: { prompt: head!, answer: head! } }),
  ]);
  await store.journal.append(`note/${run}`, 0, [
    { type: 'noted', version: 1, data: 'shared '.repeat(1000) },
    { type: 'noted', version: 1, data: `${run} `.repeat(1000) },
  ]);
  await store.sessions.save(run, 0, 'a world');
  await store.sessions.save(`${run}~1234`, 0, 'a trial');
  if (isEnded) await write(run, 2, ended);
}

/** Everything that is there can be read whole. */
async function expectWhole(): Promise<void> {
  const broken =
    await client.query(`select ref from (select unnest(refs) as ref from events union all select unnest(refs) from blobs) named
    where not exists (select from blobs where sha256 = ref)`);
  expect(broken.rows).toEqual([]);
  expect(await count('events', 'not exists (select from runs r where r.id = run)')).toBe(0);
  expect(
    await count('stream_bases', 'not exists (select from events e where e.stream = base and e.position = until - 1)'),
  ).toBe(0);
  expect(await count('removals')).toBe(0);
}

describe('collectGarbage', () => {
  it('removes what ended long ago, whole, and nothing else (collector.1–2)', async () => {
    await makeRun('r-old');
    await makeRun('r-going', {}, false);
    now += 10 * DAY;
    await makeRun('r-new');
    const plan = await gc({ maxAgeMs: 5 * DAY, dryRun: true });
    expect(await count('runs')).toBe(3);
    const report = await gc({ maxAgeMs: 5 * DAY });
    // The worlds of the old run, and the clone that a killed trial left in the one that goes on.
    expect(report).toMatchObject({ runs: ['r-old'], kept: [], events: 6, blobs: 6, sessions: 3 });
    expect(plan).toEqual(report);
    expect(report.bytesAfter).toBeLessThan(report.bytesBefore);
    for (const table of ['events', 'subgoals', 'questions']) expect(await count(table, "run = 'r-old'")).toBe(0);
    expect((await client.query('select id from world_sessions order by id')).rows.map((r) => r.id)).toEqual([
      'r-going',
      'r-new',
      'r-new~1234',
    ]);
    await expect(store.runs.get('r-old')).rejects.toMatchObject({ code: 'missing' });
    expect((await store.journal.read('note/r-new')).map((e) => e.data)).toEqual([
      'shared '.repeat(1000),
      'r-new '.repeat(1000),
    ]);
    expect((await store.blobs.readAll([linkTranscript(talkOf('r-going')).head!])).size).toBe(7);
    await expectWhole();
    expect(await gc({ maxAgeMs: 5 * DAY })).toMatchObject({
      runs: [],
      events: 0,
      blobs: 0,
      sessions: 0,
      bytesAfter: report.bytesAfter,
    });
  });

  it('removes the oldest ones until what stays is small enough, as it said it would', async () => {
    for (let i = 0; i < 6; i++) {
      await makeRun(`r-size${i}`);
      now += DAY;
    }
    const { bytesBefore } = await gc({ dryRun: true });
    const plan = await gc({ maxBytes: bytesBefore / 2, dryRun: true });
    const report = await gc({ maxBytes: bytesBefore / 2 });
    expect(plan).toEqual(report);
    expect(report.bytesAfter).toBeLessThanOrEqual(bytesBefore / 2);
    expect([...report.runs].sort()).toEqual(Array.from({ length: report.runs.length }, (_, i) => `r-size${i}`));
    expect(report.runs.length).toBeGreaterThan(0);
    expect(report.runs.length).toBeLessThan(6);
    await expectWhole();
  });

  it('keeps a run whole as long as a fork of its fork lives, and says so (collector.1)', async () => {
    await makeRun('r-base');
    await makeRun('r-undone');
    await makeRun('r-undo', { undoes: 'r-undone' }, false);
    await store.journal.fork(runStream('r-fork'), runStream('r-base'), 2);
    await write('r-fork', 2, forked('r-base'), ended);
    await store.journal.fork(runStream('r-leaf'), runStream('r-fork'), 2);
    await write('r-leaf', 2, forked('r-fork'));
    now += 10 * DAY;
    const report = await gc({ maxAgeMs: DAY });
    // The fork in the middle has nothing of its own in the leaf; the base has.
    expect([report.runs, [...report.kept].sort()]).toEqual([['r-fork'], ['r-base', 'r-undone']]);
    expect((await store.journal.read(runStream('r-leaf'))).map((e) => e.type)).toEqual([
      'accepted',
      'opened',
      'forked',
    ]);
    await expectWhole();
    await write('r-leaf', 3, ended);
    await write('r-undo', 2, ended);
    now += 10 * DAY;
    const last = await gc({ maxAgeMs: DAY });
    expect([...last.runs].sort()).toEqual(['r-base', 'r-leaf', 'r-undo', 'r-undone']);
    expect([await count('events'), await count('blobs'), await count('world_sessions')]).toEqual([0, 0, 0]);
  });

  it('keeps for a while what was kept for an event to come (blobs.1)', async () => {
    const [first, second] = [keptText('first'), keptText('second', [keptText('first').sha256])];
    await store.blobs.keep([first]);
    now += BLOB_GRACE_MS / 2 + 1;
    await store.blobs.keep([second]);
    now += BLOB_GRACE_MS / 2 + 1;
    expect((await gc({})).blobs).toBe(0);
    now += BLOB_GRACE_MS;
    expect((await gc({})).blobs).toBe(2);
  });

  it('finishes what was killed in the middle, and shows nothing half removed meanwhile (collector.3)', async () => {
    await makeRun('r-killed');
    now += 10 * DAY;
    expect(await takeOut(client, ['r-killed'], (run) => [run], now)).toEqual(['r-killed']);
    await expect(store.runs.get('r-killed')).rejects.toMatchObject({ code: 'missing' });
    expect(await store.journal.read(runStream('r-killed'))).toEqual([]);
    await expect(store.journal.fork('note/r-x', 'note/r-killed', 1)).rejects.toMatchObject({ code: 'invalid' });
    await expect(store.importRun((async function* () {})())).rejects.toMatchObject({ code: 'invalid' });
    await gc({});
    expect([await count('events'), await count('removals'), await count('blobs')]).toEqual([0, 0, 0]);
    await finishRemoval(client, ['r-killed']);
  });

  it('lets one of a fork and a removal win, and the other see it', async () => {
    for (let i = 0; i < 15; i++) {
      await makeRun(`r-raced${i}`);
      now += 2 * DAY;
      const [report, fate] = await Promise.all([
        gc({ maxAgeMs: DAY }),
        store.journal.fork(`note/r-racer${i}`, `note/r-raced${i}`, 1).then(
          () => 'forked',
          (e: unknown) => PraxisError.from(e).code,
        ),
      ]);
      expect([fate, report.runs.includes(`r-raced${i}`)]).toEqual(
        fate === 'forked' ? ['forked', false] : ['invalid', true],
      );
      expect(await store.journal.read(`note/r-racer${i}`)).toHaveLength(fate === 'forked' ? 1 : 0);
    }
  });

  it('never takes away what somebody refers to just then (collector.2)', async () => {
    // The same texts are needed again and again by runs that come and go.
    const texts = Array.from({ length: 3 }, (_, n) => `popular ${n} `.repeat(600));
    const chain = linkTranscript(['a', 'b', 'c', 'd']);
    const stop = new AbortController();
    const writer = async (name: number): Promise<void> => {
      for (let i = 0; !stop.signal.aborted; i++) {
        const run = `r-busy${name}x${i}`;
        await write(run, 0, { type: 'accepted', goal: goalSchema.parse({ title: run, world: 'w' }) });
        await store.blobs.keep(chain.links);
        await store.journal.append(
          `note/${run}`,
          0,
          texts.map((data) => ({ type: 'noted', version: 1, data, refs: [chain.head!] })),
        );
        expect((await store.journal.read(`note/${run}`)).map((e) => e.data)).toEqual(texts);
        await write(run, 1, ended);
        now += BLOB_GRACE_MS / 50;
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    };
    const writers = [0, 1, 2].map(writer);
    for (let i = 0; i < 15; i++) await gc({ maxAgeMs: 0 });
    stop.abort();
    await Promise.all(writers);
    await expectWhole();
    now += 2 * BLOB_GRACE_MS;
    await gc({ maxAgeMs: 0 });
    expect([await count('runs'), await count('events'), await count('blobs')]).toEqual([0, 0, 0]);
  });

  it('is done by one at a time', async () => {
    await client.query('select pg_advisory_lock(72707402)');
    await expect(gc({})).rejects.toMatchObject({ code: 'conflict' });
    await client.query('select pg_advisory_unlock(72707402)');
    expect((await gc({})).runs).toEqual([]);
  });
});
