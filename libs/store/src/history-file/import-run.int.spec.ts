import { randomBytes } from 'node:crypto';
import {
  goalSchema,
  keptText,
  linkTranscript,
  readTranscript,
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  type Logger,
  type RunEvent,
} from '@praxis/core';
import { randomHistory, stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { Client, Pool } from 'pg';
import { migrate } from '../migrate.js';
import { openStore, type Store } from '../open-store.js';
import { PostgresJournal } from '../journal/postgres-journal.js';
import type { ContentLine } from './check-history.js';
import { writeLines, type HistoryLine } from './history-line.js';
import { importRun } from './import-run.js';
import { historyJournal, readHistory } from './read-history.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };

let databases: TestDatabase[];
let here: Store;
let there: Store;
let client: Client;
let now = 1_000_000;

beforeAll(async () => {
  databases = [await testDatabase(), await testDatabase()];
  for (const { url } of databases) await migrate(url);
  const [a, b] = databases.map(({ url }) => url);
  here = await openStore({ url: a!, log: silent, clock: { now: () => now++ }, poolSize: 4 });
  there = await openStore({ url: b!, log: silent, clock: { now: () => 99_000_000 }, poolSize: 4 });
  client = new Client({ connectionString: b! });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await here?.close();
  await there?.close();
  for (const database of databases ?? []) await database.drop();
  await stopTestPostgres();
});

async function* lines(list: readonly string[]): AsyncGenerator<string> {
  yield* list;
}

async function exported(run: string, store = here): Promise<readonly string[]> {
  const list: string[] = [];
  for await (const line of store.exportRun(run)) list.push(line);
  return list;
}

/** A run's file without its seal, as the lines it is made of. */
async function contentOf(run: string): Promise<readonly ContentLine[]> {
  return (await exported(run)).slice(0, -1).map((text) => JSON.parse(text) as ContentLine);
}

async function sealed(list: readonly HistoryLine[]): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const text of writeLines(list)) all.push(text);
  return all;
}

const openedOf = (session: string): RunEvent => ({
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
const chain = linkTranscript(Array.from({ length: 40 }, (_, i) => ({ role: 'user', content: `message ${i}` })));
const ended: RunEvent = { type: 'ended', outcome: 'done', reason: '' };
const calls = chain.links.map((link, i) =>
  stepEvents.encode({ type: 'scored', id: `c${i}`, scores: [], call: { prompt: link.sha256, answer: link.sha256 } }),
);

/** A made-up run that has ended, event by event, with model calls, large data, and a world that has moved. */
async function makeRun(run: string, seed: string): Promise<void> {
  const { runEvents: events, steps } = randomHistory(run, seed);
  const all = [...events.filter((e) => e.type !== 'ended'), ended];
  for (const [id, own] of steps)
    for (const [i, e] of own.entries()) await here.journal.append(subgoalStream(id), i, [stepEvents.encode(e)]);
  for (const [i, e] of all.entries()) await here.journal.append(runStream(run), i, [runEvents.encode(e)]);
  await here.blobs.keep(chain.links);
  await here.journal.append(`planning/${run}.1`, 0, [
    ...calls,
    { type: 'noted', version: 1, data: 'large '.repeat(2000) },
  ]);
  const opened = events.find((e) => e.type === 'opened');
  if (opened) for (const version of [0, 1, 2]) await here.sessions.save(opened.session, version, `world ${version}`);
}

/** Everything people and the sweep see of a run. */
async function seen(store: Store, run: string): Promise<unknown> {
  return {
    summary: await store.runs.get(run),
    subgoals: await store.runs.subgoals(run),
    questions: await store.questions.open({ run }),
  };
}

describe('exportRun and importRun', () => {
  it('carry the artifacts of a run and of its world, and name those that are gone', async () => {
    const label = { name: 'a.bin', mediaType: 'application/octet-stream' };
    const bytes = randomBytes(2_500_000);
    const [large, empty, inWorld] = [
      await here.artifacts.put(bytes, label),
      await here.artifacts.put(Buffer.alloc(0), label),
      await here.artifacts.put(Buffer.from('in the world'), label),
    ];
    const gone = { ...large, $artifact: 'a'.repeat(64) };
    const output = { value: { files: [large, empty, gone] }, artifacts: [], taint: [] };
    const goal = goalSchema.parse({ title: 'files', world: 'w' });
    const events: RunEvent[] = [{ type: 'accepted', goal }, openedOf('r-files'), { ...ended, result: output }];
    await here.journal.append(
      runStream('r-files'),
      0,
      events.map((e) => runEvents.encode(e)),
    );
    await here.sessions.save('r-files', 0, JSON.stringify({ 'a.txt': inWorld.$artifact, not: 'b'.repeat(64) }));
    const file = await exported('r-files');
    expect(file.filter((line) => line.includes('"left-out"')).map((line) => JSON.parse(line))).toEqual([
      { line: 'left-out', sha256: gone.$artifact, size: null },
    ]);
    expect(await there.importRun(lines(file))).toBe('r-files');
    const parts: Uint8Array[] = [];
    for await (const part of there.artifacts.get(large.$artifact)) parts.push(part);
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    expect((await there.artifacts.has([empty, inWorld, gone].map((ref) => ref.$artifact))).size).toBe(2);
    expect(await exported('r-files', there)).toEqual(file);
    const history = await readHistory(file);
    expect(Buffer.concat(history.artifacts.get(large.$artifact)!).equals(bytes)).toBe(true);

    const content = await contentOf('r-files');
    const at = content.findIndex((line) => line.line === 'artifact' && line.sha256 === large.$artifact);
    const cut = content.filter((_, i) => i !== at);
    const changed = content.map((line, i) =>
      i === at && line.line === 'artifact' ? { ...line, data: randomBytes(1_048_576).toString('base64') } : line,
    );
    const lost = content.filter((line) => line.line !== 'left-out');
    for (const wrong of [cut, changed, lost])
      await expect(there.importRun(lines(await sealed(wrong)))).rejects.toMatchObject({ code: 'invalid' });
  });

  it('bring a run elsewhere with all that belongs to it, and its times', async () => {
    for (const seed of ['a', 'b', 'c', 'd', 'e']) {
      const run = `r-trip${seed}`;
      await makeRun(run, seed);
      const file = await exported(run);
      expect(await there.importRun(lines(file))).toBe(run);
      expect(await seen(there, run)).toEqual(await seen(here, run));
      const history = await readHistory(file);
      for (const [stream, events] of history.streams) {
        expect(await there.journal.read(stream)).toEqual(events);
        expect(await here.journal.read(stream)).toEqual(events);
      }
      const [id] = [...history.sessions.keys()];
      if (id) expect(await there.sessions.load(id)).toEqual(await here.sessions.load(id));
      expect(await readTranscript(chain.head, (hashes) => there.blobs.readAll(hashes))).toHaveLength(40);
      expect(await exported(run, there)).toEqual(file);
    }
    expect([await there.work.idleSubgoals(0), await there.work.unreflected(0), await there.work.idleRuns(0)]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('leave a run as it is that is here already, and one that was exported', async () => {
    const file = await exported('r-tripa');
    const before = await seen(there, 'r-tripa');
    expect(await there.importRun(lines(file))).toBe('r-tripa');
    expect(await here.importRun(lines(file))).toBe('r-tripa');
    expect(await seen(there, 'r-tripa')).toEqual(before);
  });

  it('go on where they were killed', async () => {
    await makeRun('r-cut', 'f');
    const file = await exported('r-cut');
    const history = await readHistory(file);
    await there.importRun(lines(file));
    // As after a crash before the last append: all but the run's own stream is there.
    await client.query("delete from events where stream = 'run/r-cut'");
    await client.query("delete from runs where id = 'r-cut'");
    expect(await there.importRun(lines(file))).toBe('r-cut');
    expect((await there.runs.get('r-cut')).status).toBe('done');
    expect((await there.journal.read('planning/r-cut.1')).length).toBe(history.streams.get('planning/r-cut.1')!.length);
  });

  it('do not mix a run with another of its name', async () => {
    await makeRun('r-mixed', 'g');
    await there.journal.append('planning/r-mixed.1', 0, [{ type: 'noted', version: 1, data: 'something else' }]);
    await expect(there.importRun(lines(await exported('r-mixed')))).rejects.toMatchObject({ code: 'conflict' });
    await expect(there.runs.get('r-mixed')).rejects.toMatchObject({ code: 'missing' });
  });

  it('write nothing of a damaged file, and take in only what has ended (import.1, import.3)', async () => {
    await makeRun('r-torn', 'h');
    const file = await exported('r-torn');
    for (const torn of [file.slice(0, -1), file.with(3, file[3]!.replace(/\d/, '7')), file.toSpliced(4, 1)]) {
      await expect(there.importRun(lines(torn))).rejects.toMatchObject({ code: 'invalid' });
    }
    const accepted = runEvents.encode({ type: 'accepted', goal: goalSchema.parse({ title: 't', world: 'w' }) });
    await here.journal.append(runStream('r-alive'), 0, [accepted]);
    await expect(there.importRun(lines(await exported('r-alive')))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('not ended'),
    });
    expect((await client.query("select from events where run in ('r-torn', 'r-alive')")).rows).toEqual([]);
    await expect(exported('r-none')).rejects.toMatchObject({ code: 'missing' });
  });

  it('make a fork whole, without its parent', async () => {
    await makeRun('r-root', 'i');
    const { length } = await here.journal.read(runStream('r-root'));
    await here.journal.fork('planning/r-twig.1', 'planning/r-root.1', 35);
    await here.journal.fork(runStream('r-twig'), runStream('r-root'), length - 1);
    const forked: RunEvent = {
      type: 'forked',
      parent: 'r-root',
      session: 's',
      cut: {},
      overrides: { seed: null, strategy: null, versions: null, tools: null, action: null },
      again: [],
    };
    await here.journal.append(
      runStream('r-twig'),
      length - 1,
      [forked, ended].map((e) => runEvents.encode(e)),
    );
    const file = await exported('r-twig');
    const journal = await historyJournal(file);
    expect(journal.parent).toBe('r-root');
    expect(await journal.read(runStream('r-twig'))).toEqual(await here.journal.read(runStream('r-twig')));
    expect(await there.importRun(lines(file))).toBe('r-twig');
    expect(await there.journal.read('planning/r-twig.1')).toEqual(await here.journal.read('planning/r-twig.1'));
    expect((await there.runs.get('r-twig')).status).toBe('done');
    await expect(there.runs.get('r-root')).rejects.toMatchObject({ code: 'missing' });
  });

  it('take in no world but the one that the run names, and none under the id of another run (import.4)', async () => {
    await makeRun('r-mine', 'a');
    const file = await contentOf('r-mine');
    const session = (id: string): HistoryLine => ({ line: 'session', id, version: 9, body: 'done already' });
    const others = file.filter((line) => line.line !== 'session');
    for (const id of ['r-victim', 'r-minex', 'r-mine~1', 's-1']) {
      await expect(there.importRun(lines(await sealed([...others, session(id)])))).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('does not name'),
      });
      expect(await there.sessions.load(id)).toBeNull();
    }
    await expect(there.importRun(lines(await sealed([...file, session('r-victim')])))).rejects.toMatchObject({
      code: 'invalid',
    });
    // The run itself says that its world is another run's.
    const forged = others.map((line) =>
      line.line === 'event' && line.type === 'opened'
        ? { ...line, data: { ...(line.data as object), session: 'r-victim' } }
        : line,
    );
    expect(await there.importRun(lines(await sealed([...forged, session('r-victim')])))).toBe('r-mine');
    expect(await there.sessions.load('r-victim')).toBeNull();
    expect([await there.isImported('r-mine'), await there.isImported('r-victim')]).toEqual([true, false]);
  });

  it('leave no world of an import that failed, and remember that its id is not free (import.2)', async () => {
    await makeRun('r-half', 'a');
    await there.journal.append('planning/r-half.1', 0, [{ type: 'noted', version: 1, data: 'something else' }]);
    await expect(there.importRun(lines(await exported('r-half')))).rejects.toMatchObject({ code: 'conflict' });
    expect(await there.sessions.load('r-half')).toBeNull();
    expect(await there.isImported('r-half')).toBe(true);
  });

  it('hold no more of a large file than of a small one (import.5)', async () => {
    const held = async (run: string, texts: number): Promise<number> => {
      await makeRun(run, 'a');
      const large = Array.from(
        { length: texts },
        (_, n): HistoryLine => ({ line: 'blob', ...keptText(`${run} ${n} ${'x'.repeat(200_000)}`) }) as HistoryLine,
      );
      let most = 0;
      const pool = new Pool({ connectionString: databases[1]!.url });
      const journal = new PostgresJournal({ database: pool, clock: { now: () => 1 }, onWritten: () => undefined });
      const parts = {
        database: pool,
        journal,
        blobs: there.blobs,
        artifacts: there.artifacts,
        onHeld: (bytes: number) => void (most = Math.max(most, bytes)),
      };
      await importRun(lines(await sealed([...(await contentOf(run)), ...large])), parts);
      await journal.settle();
      await pool.end();
      return most;
    };
    const [small, large] = [await held('r-small', 40), await held('r-large', 160)];
    expect(large).toBeLessThan(small * 1.1);
    expect(large).toBeLessThan(6 * 1024 * 1024);
  });

  it('take no file that is larger than the limit, before anything is written', async () => {
    await makeRun('r-big', 'a');
    await expect(there.importRun(lines(await exported('r-big')), { mostBytes: 10_000 })).rejects.toMatchObject({
      code: 'exhausted',
      message: expect.stringContaining('PRAXIS_LIMITS_IMPORT_MB'),
    });
    expect(await there.isImported('r-big')).toBe(false);
  });
});
