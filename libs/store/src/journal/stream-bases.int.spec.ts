import {
  NO_COST,
  UNBOUNDED,
  fold,
  goalSchema,
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  type Logger,
  type RunEvent,
  type StepEvent,
  type StoredEvent,
} from '@praxis/core';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { migrate } from '../migrate.js';
import { openStore, type Store } from '../open-store.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };

let database: TestDatabase;
let store: Store;
let now = 1_000_000;

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log: silent, clock: { now: () => now }, poolSize: 4 });
  await writeParent();
});

afterAll(async () => {
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

const node = (id: string) => ({
  id,
  title: id,
  pre: [],
  post: '(p)',
  after: [],
  owner: null,
  lane: 'default',
  steps: [],
  cost: 1,
});
const from = {
  state: { facts: [], numbers: {} },
  condition: '(p)',
  owner: null,
  limits: { steps: 5, replans: 1 },
  allowance: UNBOUNDED,
  suggested: [],
  avoid: [],
  domain: 'd',
};
const opened: StepEvent = { type: 'opened', by: 'x', strategy: 'search', ...from };
const failed = (step: number): StepEvent => ({
  type: 'observed',
  id: `e${step}`,
  step,
  result: { ok: false, code: 'timeout', message: '' },
  change: { added: [], removed: [], numbers: {} },
});
const done: StepEvent = { type: 'ended', outcome: 'done', reason: '', result: null };
const settled = (id: string): RunEvent => ({
  type: 'settled',
  node: id,
  attempt: 1,
  outcome: 'done',
  reason: '',
  steps: 1,
  failedSteps: 1,
  replans: 0,
  toolsUsed: [],
  failures: [],
  spent: NO_COST,
});
const ended: RunEvent = { type: 'ended', outcome: 'done', reason: '' };

const writeRun = (run: string, at: number, ...events: RunEvent[]): Promise<number> =>
  store.journal.append(
    runStream(run),
    at,
    events.map((e) => runEvents.encode(e)),
  );
const writeSteps = (id: string, at: number, ...events: StepEvent[]): Promise<number> =>
  store.journal.append(
    subgoalStream(id),
    at,
    events.map((e) => stepEvents.encode(e)),
  );

/** Two subgoals, both with a failed step; both ended, and the run too. */
async function writeParent(): Promise<void> {
  const goal = goalSchema.parse({ title: 'Parent', world: 'household' });
  const plan = { version: 1, nodes: [node('1.1'), node('1.2')] };
  const dispatched = (id: string): RunEvent => ({ type: 'dispatched', node: id, attempt: 1, allowance: UNBOUNDED });
  await writeRun(
    'r-parent',
    0,
    { type: 'accepted', goal },
    { type: 'planned', plan, diff: { kept: [], added: [], dropped: [] }, reason: 'first', evaluated: 1 },
    dispatched('1.1'),
    dispatched('1.2'),
  );
  await writeSteps('r-parent.1.1.1', 0, opened, failed(0), done);
  await writeRun('r-parent', 4, settled('1.1'));
  await writeSteps('r-parent.1.2.1', 0, opened, failed(0), failed(1), done);
  await writeRun('r-parent', 5, settled('1.2'), ended);
}

const forked = (parent: string, again: string[] = []): RunEvent => ({
  type: 'forked',
  parent,
  session: 's',
  cut: {},
  overrides: { seed: null, strategy: null, versions: null, tools: null, action: null },
  again,
});

/** Shares everything up to the second subgoal's first step. */
async function fork(run: string, parent = 'r-parent', again: string[] = []): Promise<void> {
  await store.journal.fork(subgoalStream(`${run}.1.1.1`), subgoalStream(`${parent}.1.1.1`), 3);
  await store.journal.fork(subgoalStream(`${run}.1.2.1`), subgoalStream(`${parent}.1.2.1`), 2);
  await store.journal.fork(runStream(run), runStream(parent), 5);
  await writeRun(run, 5, forked(parent, again));
}

async function follow(run: string, after: Record<string, number>, count: number): Promise<readonly StoredEvent[]> {
  const stop = new AbortController();
  const seen: StoredEvent[] = [];
  for await (const event of store.feed.follow(run, after, stop.signal)) {
    seen.push(event);
    if (seen.length === count) stop.abort();
  }
  return seen;
}

describe('a forked run', () => {
  it('is not seen before its own first event', async () => {
    await store.journal.fork(subgoalStream('r-half.1.1.1'), subgoalStream('r-parent.1.1.1'), 2);
    await store.journal.fork(runStream('r-half'), runStream('r-parent'), 4);
    expect(await store.runs.some(['r-half'])).toEqual([]);
    expect(await store.runs.subgoals('r-half')).toEqual([]);
    expect(await store.work.idleRuns(0)).not.toContain('r-half');
  });

  it('stands where the parent stood, as its own run', async () => {
    now += 1000;
    await fork('r-child');
    const state = fold((await store.journal.read(runStream('r-child'))).map((e) => runEvents.decode(e)))!;
    expect(state.nodes.get('1.1')!.status).toBe('done');
    expect(await store.runs.get('r-child')).toMatchObject({
      title: 'Parent',
      status: 'running',
      subgoals: 2,
      subgoalsDone: 1,
      steps: 1,
      failedSteps: 1,
      acceptedAt: now,
      endedAt: null,
    });
    expect((await store.runs.subgoals('r-child')).map((s) => [s.id, s.status, s.steps, s.lane])).toEqual([
      ['r-child.1.1.1', 'done', 1, 'default'],
      ['r-child.1.2.1', 'running', 0, 'default'],
    ]);
    expect((await store.runs.list({}, { size: 1, token: null })).runs[0]!.id).toBe('r-child');
    expect(await store.work.idleSubgoals(0)).toContainEqual({ id: 'r-child.1.2.1', lane: 'default' });
    await writeSteps('r-child.1.2.1', 2, failed(1), done);
    expect((await store.runs.subgoals('r-child'))[1]).toMatchObject({ status: 'done', steps: 2, failedSteps: 2 });
    await writeRun('r-child', 6, settled('1.2'), ended);
    expect(await store.runs.get('r-child')).toMatchObject({ status: 'done', subgoalsDone: 2, steps: 2 });
    expect(await store.runs.get('r-parent')).toMatchObject({ status: 'done', steps: 2 });
  });

  it('does not let the reflector learn again what ended before the fork', async () => {
    await fork('r-learn');
    await writeSteps('r-learn.1.2.1', 2, done);
    expect((await store.work.unreflected(0)).filter((id) => id.startsWith('r-learn'))).toEqual(['r-learn.1.2.1']);
  });

  it('begins the nodes anew that it says, and nobody takes up their old attempts', async () => {
    await store.journal.fork(runStream('r-again'), runStream('r-parent'), 5);
    await writeRun('r-again', 5, forked('r-parent', ['1.2']));
    expect((await store.runs.subgoals('r-again')).map((s) => [s.id, s.status])).toEqual([
      ['r-again.1.1.1', 'done'],
      ['r-again.1.2.1', 'cancelled'],
    ]);
    expect((await store.work.idleSubgoals(0)).map((s) => s.id)).not.toContain('r-again.1.2.1');
    expect(await store.work.idleRuns(0)).toContain('r-again');
    await writeRun('r-again', 6, { type: 'dispatched', node: '1.2', attempt: 2, allowance: UNBOUNDED });
    expect((await store.work.idleSubgoals(0)).map((s) => s.id)).toContain('r-again.1.2.2');
  });

  it("is followed from its parent's first event on, or from the middle of what they share", async () => {
    await fork('r-watch');
    const all = await follow('r-watch', {}, 11);
    const streams = [runStream('r-watch'), subgoalStream('r-watch.1.1.1'), subgoalStream('r-watch.1.2.1')];
    for (const [i, stream] of streams.entries()) {
      expect(all.filter((e) => e.stream === stream)).toEqual(await store.journal.read(stream));
      expect(all.filter((e) => e.stream === stream)).toHaveLength([6, 3, 2][i]!);
    }
    const rest = await follow('r-watch', { [streams[0]!]: 4, [streams[1]!]: 3, [streams[2]!]: 1 }, 3);
    expect(rest.map((e) => [e.stream, e.position]).sort()).toEqual([
      [streams[0], 4],
      [streams[0], 5],
      [streams[2], 1],
    ]);
  });

  it('can be forked again, and shares what both of them share', async () => {
    await fork('r-second');
    await writeSteps('r-second.1.2.1', 2, failed(7));
    await store.journal.fork(subgoalStream('r-third.1.1.1'), subgoalStream('r-second.1.1.1'), 3);
    await store.journal.fork(subgoalStream('r-third.1.2.1'), subgoalStream('r-second.1.2.1'), 3);
    await store.journal.fork(runStream('r-third'), runStream('r-second'), 6);
    await writeRun('r-third', 6, forked('r-second'));
    expect((await store.runs.subgoals('r-third')).map((s) => [s.status, s.steps])).toEqual([
      ['done', 1],
      ['running', 0],
    ]);
    expect((await store.journal.read(subgoalStream('r-third.1.2.1'))).map((e) => e.data)).toEqual(
      (await store.journal.read(subgoalStream('r-second.1.2.1'))).map((e) => e.data),
    );
  });

  it('has no time of its own before that of what it shares', async () => {
    const late = now;
    now -= 900_000;
    await fork('r-clock');
    now = late;
    const times = (await store.journal.read(runStream('r-clock'))).map((e) => e.at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('leaves its questions to be answered in both runs', async () => {
    const question = {
      id: 'q-both',
      kind: 'approval' as const,
      text: 'May I?',
      action: null,
      effect: null,
      key: null,
      fingerprint: null,
      taint: [],
      needs: null,
      expiresAt: null,
      choices: [],
    };
    await fork('r-asks');
    await writeSteps(
      'r-asks.1.2.1',
      2,
      { type: 'asked', id: 'e', question },
      { type: 'parked', questions: ['q-both'] },
    );
    await store.journal.fork(subgoalStream('r-asks2.1.2.1'), subgoalStream('r-asks.1.2.1'), 4);
    await store.journal.fork(runStream('r-asks2'), runStream('r-asks'), 6);
    await writeRun('r-asks2', 6, forked('r-asks'));
    expect((await store.questions.open({})).map((q) => q.run)).toEqual(['r-asks', 'r-asks2']);
    const answer = { verdict: 'approve' as const, by: 'ada', reason: '', args: null, grant: null, value: null };
    await writeRun('r-asks2', 7, { type: 'answered', question: 'q-both', subgoal: 'r-asks2.1.2.1', answer });
    expect((await store.questions.open({})).map((q) => q.run)).toEqual(['r-asks']);
    expect(await store.questions.find('q-both')).toMatchObject({ run: 'r-asks', closedAt: null });
    expect(await store.questions.find('q-both', 'r-asks2')).toMatchObject({ verdict: 'approve' });
  });
});
