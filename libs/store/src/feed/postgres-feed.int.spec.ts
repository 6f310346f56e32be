import {
  goalSchema,
  runEvents,
  runStream,
  subgoalStream,
  systemClock,
  type Json,
  type Logger,
  type StoredEvent,
} from '@praxis/core';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { Client } from 'pg';
import { openPool } from '../database.js';
import { PostgresJournal } from '../journal/postgres-journal.js';
import { migrate } from '../migrate.js';
import { openStore, type Store } from '../open-store.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };
const note = (data: Json): { type: string; version: number; data: Json } => ({ type: 'noted', version: 1, data });

let database: TestDatabase;
/** Two processes: one that follows, one that writes. */
let here: Store;
let there: Store;

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  const open = (): Promise<Store> => openStore({ url: database.url, log: silent, clock: systemClock, poolSize: 4 });
  [here, there] = await Promise.all([open(), open()]);
});

afterAll(async () => {
  await Promise.all([here?.close(), there?.close()]);
  await database?.drop();
  await stopTestPostgres();
});

/** Follows a run until it has seen so many events. */
async function take(
  run: string,
  count: number,
  after: Readonly<Record<string, number>> = {},
): Promise<readonly StoredEvent[]> {
  const done = new AbortController();
  const seen: StoredEvent[] = [];
  for await (const event of here.feed.follow(run, after, done.signal)) {
    if (seen.push(event) >= count) done.abort();
  }
  return seen;
}

/** Writes so many events to each of a run's streams, from both processes at once. */
async function writeAll(run: string, streams: number, events: number): Promise<void> {
  const write = async (stream: string, store: Store): Promise<void> => {
    for (let position = 0; position < events; position++)
      await store.journal.append(stream, position, [note(position)]);
  };
  await Promise.all(
    Array.from({ length: streams }, (_, i) => write(`planning/${run}.${i}`, i % 2 === 0 ? here : there)),
  );
}

function expectGapless(events: readonly StoredEvent[], first: Readonly<Record<string, number>> = {}): void {
  const next = new Map(Object.entries(first));
  for (const { stream, position } of events) {
    expect({ stream, position }).toEqual({ stream, position: next.get(stream) ?? 0 });
    next.set(stream, position + 1);
  }
}

const killConnections = async (): Promise<void> => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await client.end();
};

describe('follow', () => {
  it('misses nothing while two processes write to many streams of the run (postgres-feed.1)', async () => {
    const [events] = await Promise.all([take('r-many', 300), writeAll('r-many', 10, 30)]);
    expect(events).toHaveLength(300);
    expectGapless(events);
  });

  it('begins where the cursor says, stream by stream', async () => {
    await writeAll('r-cursor', 3, 10);
    const after = { 'planning/r-cursor.0': 10, 'planning/r-cursor.1': 4 };
    const events = await take('r-cursor', 16, after);
    expectGapless(events, after);
    expect(events.filter((e) => e.stream.endsWith('.0'))).toEqual([]);
  });

  it('tells a long past run in the order in which it happened, over more than one page', async () => {
    const run = 'r-long';
    for (let i = 0; i < 12; i++) {
      await here.journal.append(
        subgoalStream(`${run}.1.${i % 3}.1`),
        Math.floor(i / 3) * 100,
        Array.from({ length: 100 }, () => note(i)),
      );
    }
    const events = await take(run, 1200);
    expectGapless(events);
    expect(events.map((e) => e.at)).toEqual(events.map((e) => e.at).sort((a, b) => a - b));
  });

  it('shows no other run, also where its id begins alike', async () => {
    await here.journal.append('note/r-like', 0, [note('mine')]);
    await here.journal.append('note/r-likeother', 0, [note('not mine')]);
    expect((await take('r-like', 1)).map((e) => e.data)).toEqual(['mine']);
  });

  it('survives the loss of every connection (postgres-feed.2)', async () => {
    const following = take('r-lost', 60);
    const write = async (): Promise<void> => {
      for (let position = 0; position < 60;) {
        if (position === 20) await killConnections();
        // An append of unknown fate is asked for again: the fence says whether it happened (postgres-journal.3).
        const fate = await there.journal
          .append('note/r-lost', position, [note(position)])
          .catch((error: { code: string }) => error.code);
        if (fate !== 'unavailable') position++;
      }
    };
    const [events] = await Promise.all([following, write()]);
    expectGapless(events);
  });

  it('ends at once when the signal has aborted', async () => {
    for await (const _ of here.feed.follow('r-many', {}, AbortSignal.abort()))
      throw new Error('there should be nothing');
  });
});

describe('followStream', () => {
  const take = async (stream: string, from: number, count: number): Promise<readonly StoredEvent[]> => {
    const done = new AbortController();
    const seen: StoredEvent[] = [];
    for await (const event of here.feed.followStream(stream, from, done.signal))
      if (seen.push(event) >= count) done.abort();
    return seen;
  };

  // postgres-feed.1
  it('tells one stream from a position on, as it grows, and nothing of the others of its run', async () => {
    const [events] = await Promise.all([take('planning/r-one.1', 7, 23), writeAll('r-one', 4, 30)]);
    expect(events.map((e) => [e.stream, e.position])).toEqual(
      Array.from({ length: 23 }, (_, i) => ['planning/r-one.1', 7 + i]),
    );
  });

  it('begins a forked stream with what it shares', async () => {
    await here.journal.append('note/r-base', 0, [note(0), note(1), note(2)]);
    await here.journal.fork('note/r-branch', 'note/r-base', 2);
    await here.journal.append('note/r-branch', 2, [note('own')]);
    expect((await take('note/r-branch', 1, 2)).map((e) => e.data)).toEqual([1, 'own']);
  });

  it('ends at once when the signal has aborted', async () => {
    for await (const _ of here.feed.followStream('note/r-base', 0, AbortSignal.abort()))
      throw new Error('there should be nothing');
  });
});

describe('listenRuns', () => {
  it('names the runs that this or another process wrote to', async () => {
    const stop = new AbortController();
    const wanted = new Set(['r-hear1', 'r-hear2', 'r-hear3']);
    const goal = goalSchema.parse({ title: 'be heard', world: 'pddl' });
    const accepted = runEvents.encode({ type: 'accepted', goal });
    const writing = Promise.all([
      here.journal.append(runStream('r-hear1'), 0, [accepted]),
      there.journal.append(runStream('r-hear2'), 0, [accepted]),
      there.journal.append('note/r-hear3', 0, [note('x')]),
    ]);
    const hear = async (): Promise<void> => {
      for await (const runs of here.feed.listenRuns(stop.signal))
        for (const run of runs) if (wanted.delete(run) && wanted.size === 0) stop.abort();
    };
    // The third has no row of its own, so that only a message tells of it: it is written to until it was heard.
    const repeat = async (): Promise<void> => {
      for (let position = 1; !stop.signal.aborted; position++) {
        await there.journal.append('note/r-hear3', position, [note('again')]);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await writing;
    await Promise.all([hear(), repeat()]);
    expect(wanted.size).toBe(0);
  });

  it('finds a run again whose message was lost, even its last one', async () => {
    const stop = new AbortController();
    const lost = [
      runEvents.encode({ type: 'cancelling', reason: 'enough', outcome: 'cancelled' }),
      runEvents.encode({ type: 'ended', outcome: 'cancelled', reason: 'enough' }),
    ];
    let heard = 0;
    for await (const runs of here.feed.listenRuns(stop.signal)) {
      if (!runs.includes('r-hear2')) continue;
      const event = lost[heard++];
      if (event) await writeSilently(event, heard);
      else stop.abort();
    }
    expect(heard).toBe(3);
  });

  it('gives at once what came while its reader was busy, each run once', async () => {
    const stop = new AbortController();
    let position = 1;
    const batches: (readonly string[])[] = [];
    for await (const runs of here.feed.listenRuns(stop.signal)) {
      batches.push(runs);
      if (batches.length === 1)
        for (; position < 6; position++)
          for (const run of ['r-busy1', 'r-busy2'])
            await here.journal.append(`note/${run}`, position - 1, [note(position)]);
      else stop.abort();
    }
    expect([...batches[1]!].sort()).toEqual(['r-busy1', 'r-busy2']);
  });
});

/** Writes as a process would that dies right after its commit, before it tells anybody. */
async function writeSilently(event: ReturnType<typeof runEvents.encode>, position: number): Promise<void> {
  const pool = openPool(database.url, 1, silent);
  const journal = new PostgresJournal({ database: pool, clock: systemClock, onWritten: () => {} });
  await journal.append(runStream('r-hear2'), position, [event]);
  await pool.end();
}
