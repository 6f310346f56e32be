import {
  PraxisError,
  UNBOUNDED,
  goalSchema,
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  systemClock,
  type Logger,
  type RunEvent,
  type StepEvent,
} from '@praxis/core';
import { MemoryArtifacts, openCatalog } from '@praxis/environments';
import { openQueues, type Queues } from '@praxis/platform';
import { solve } from '@praxis/search';
import { migrate, openStore, type Store } from '@praxis/store';
import { findPinned } from '@praxis/strategy';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { Client } from 'pg';
import { Execute } from './execute.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const problem = {
  domain:
    '(define (domain lamps) (:requirements :strips :typing) (:types lamp) (:predicates (lit ?l - lamp)) (:action light :parameters (?l - lamp) :precondition (not (lit ?l)) :effect (lit ?l)))',
  problem: '(define (problem two-lamps) (:domain lamps) (:objects a b - lamp) (:init) (:goal (and (lit a) (lit b))))',
};
const never = new AbortController().signal;
const STOPPED = AbortSignal.abort(new PraxisError('unavailable', 'The process stops.'));

let database: TestDatabase;
let store: Store;
let queues: Queues;
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log, clock: systemClock, poolSize: 4 });
  queues = await openQueues({ databaseUrl: database.url, redisUrl: null, lockMs: 10_000, log });
});
afterAll(async () => {
  await queues?.close();
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

/** An executor of a release whose `search` strategy has this version. */
function executorOf(version: number): Execute {
  const findStrategy: typeof findPinned = (id, part, pinned) =>
    pinned === version
      ? { ...findPinned(id, part, findPinned(id, part, 1).version), version }
      : findPinned(id, part, pinned === 1 ? 0 : pinned);
  const worlds = openCatalog({ artifacts: new MemoryArtifacts(), sessions: store.sessions, remotes: {}, log });
  return new Execute({
    address: '127.0.0.1:0',
    name: `release-${version}`,
    lanes: ['default'],
    concurrency: 1,
    log,
    store,
    queues,
    worlds,
    clock: systemClock,
    search: async (request) => solve(request),
    findStrategy,
  });
}

/** A run with one dispatched subgoal, pinned to a version of the acting strategy. */
async function dispatched(run: string, acting: number): Promise<string> {
  const goal = goalSchema.parse({ title: 'two lamps', world: 'pddl', problem });
  const session = await (
    await openCatalog({ artifacts: new MemoryArtifacts(), sessions: store.sessions, remotes: {}, log }).get('pddl')
  ).open({ scenario: '', problem, seed: goal.seed, sessionId: run });
  const { rules, condition } = await session.briefing();
  const { domain, problem: text } = rules!;
  const node = {
    id: '1.1',
    title: 'light both',
    pre: [],
    post: condition,
    after: [],
    owner: null,
    lane: 'default',
    steps: [],
    cost: 2,
  };
  const events: readonly RunEvent[] = [
    { type: 'accepted', goal },
    {
      type: 'opened',
      session: run,
      domainName: 'lamps',
      domain,
      problem: text,
      condition,
      agents: [],
      tools: [],
      approvals: [],
      versions: { planning: 1, acting },
    },
    {
      type: 'planned',
      plan: { version: 1, nodes: [node] },
      diff: { kept: [], added: ['1.1'], dropped: [] },
      reason: 'first',
      evaluated: 1,
    },
    { type: 'dispatched', node: '1.1', attempt: 1, allowance: UNBOUNDED },
  ];
  await store.journal.append(
    runStream(run),
    0,
    events.map((e) => runEvents.encode(e)),
  );
  return `${run}.1.1.1`;
}

const eventsOf = async (subgoal: string): Promise<readonly StepEvent[]> =>
  (await store.journal.read(subgoalStream(subgoal))).map((e) => stepEvents.decode(e));

describe('a rolling upgrade', () => {
  // S9, execute.6
  it('leaves each run to the executors of the release that it began with, whoever gets the job first', async () => {
    for (const [run, pinned, other] of [
      ['r-0ld', 1, 2],
      ['r-new', 2, 1],
    ] as const) {
      const subgoal = await dispatched(run, pinned);
      await expect(executorOf(other).work(subgoal, never)).rejects.toMatchObject({ code: 'unavailable' });
      expect(await eventsOf(subgoal)).toEqual([]);
      await executorOf(pinned).work(subgoal, never);
      const events = await eventsOf(subgoal);
      expect(events[0]).toMatchObject({ type: 'opened', by: `release-${pinned}` });
      expect(events.at(-1)).toMatchObject({ type: 'ended', outcome: 'done' });
    }
  });

  it('lets a process of either release go on where another one stopped (S1)', async () => {
    const subgoal = await dispatched('r-b0th', 1);
    await expect(executorOf(1).work(subgoal, STOPPED)).rejects.toMatchObject({ code: 'unavailable' });
    const before = await eventsOf(subgoal);
    expect(before.at(-1)?.type).not.toBe('ended');
    await executorOf(1).work(subgoal, never);
    expect((await eventsOf(subgoal)).slice(0, before.length)).toEqual(before);
    expect((await eventsOf(subgoal)).at(-1)).toMatchObject({ type: 'ended', outcome: 'done' });
  });

  it('leaves a subgoal alone whose journal a newer release has written, rather than ending it', async () => {
    const subgoal = await dispatched('r-fvture', 1);
    await expect(executorOf(1).work(subgoal, STOPPED)).rejects.toMatchObject({ code: 'unavailable' });
    const length = (await store.journal.read(subgoalStream(subgoal))).length;
    await store.journal.append(subgoalStream(subgoal), length, [
      { type: 'proposed', version: 99, data: { id: 'e0', thoughts: [] } },
    ]);
    await expect(executorOf(1).work(subgoal, never)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('newer release'),
    });
    expect(await store.journal.read(subgoalStream(subgoal))).toHaveLength(length + 1);
  });

  it('leaves a run alone whose own stream a newer release has written', async () => {
    const subgoal = await dispatched('r-n0w', 1);
    // This release's journal keeps its read models and so refuses to write what it cannot read; the newer one's would
    // not.
    const newer = new Client({ connectionString: database.url });
    await newer.connect();
    await newer.query(
      `insert into events (stream, position, run, type, version, at, data) values ($1, 4, 'r-n0w', 'renegotiated', 1, $2, '{}')`,
      [runStream('r-n0w'), Date.now()],
    );
    await newer.end();
    await expect(executorOf(1).work(subgoal, never)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await eventsOf(subgoal)).toEqual([]);
  });

  it('does not take a strategy for wrong that it has not heard of yet', () => {
    expect(() => findPinned('deliberate', 'acting', 1)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});
