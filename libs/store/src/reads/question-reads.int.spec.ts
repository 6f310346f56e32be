import {
  NO_COST,
  UNBOUNDED,
  goalSchema,
  makeQuestion,
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  type Answer,
  type Logger,
  type Question,
  type RunEvent,
  type StepEvent,
} from '@praxis/core';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { migrate } from '../migrate.js';
import { openStore, type Store } from '../open-store.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };
const START = 1_000_000;

let database: TestDatabase;
let store: Store;
let now = START;

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log: silent, clock: { now: () => now }, poolSize: 4 });
});

afterAll(async () => {
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

const lengths = new Map<string, number>();

async function write(stream: string, encoded: Parameters<Store['journal']['append']>[2]): Promise<void> {
  lengths.set(stream, await store.journal.append(stream, lengths.get(stream) ?? 0, encoded));
}
const inRun = (run: string, ...events: RunEvent[]): Promise<void> =>
  write(
    runStream(run),
    events.map((e) => runEvents.encode(e)),
  );
const inSubgoal = (id: string, ...events: StepEvent[]): Promise<void> =>
  write(
    subgoalStream(id),
    events.map((e) => stepEvents.encode(e)),
  );

const node = (id: string, after: string[] = []) => ({
  id,
  title: id,
  pre: [],
  post: '(p)',
  after,
  owner: null,
  lane: 'default',
  steps: [],
  cost: 1,
});
const ask = (id: string, more: Partial<Question> = {}): Question =>
  makeQuestion({ id, kind: 'approval', text: 'May I?', ...more });
const asked = (question: Question): StepEvent => ({ type: 'asked', id: 'e1', question });
const parked = (...questions: string[]): StepEvent => ({ type: 'parked', questions });
const answer = (verdict: Answer['verdict']): Answer => ({
  verdict,
  by: 'ada',
  reason: '',
  args: null,
  grant: verdict === 'grant' ? { ...NO_COST, steps: 5 } : null,
  value: null,
});
const answered = (question: string, subgoal: string | null, verdict: Answer['verdict'] = 'approve'): RunEvent => ({
  type: 'answered',
  question,
  subgoal,
  answer: answer(verdict),
});
const ended: RunEvent = { type: 'ended', outcome: 'cancelled', reason: '' };

/** A run whose subgoal 1.1 is open and whose 1.2 waits for it. */
async function begin(run: string, more: object = {}): Promise<string> {
  const goal = goalSchema.parse({ title: `Goal of ${run}`, world: 'household', ...more });
  const plan = { version: 1, nodes: [node('1.1'), node('1.2', ['1.1'])] };
  await inRun(
    run,
    { type: 'accepted', goal },
    { type: 'planned', plan, diff: { kept: [], added: [], dropped: [] }, reason: 'first', evaluated: 1 },
    { type: 'dispatched', node: '1.1', attempt: 1, allowance: UNBOUNDED },
  );
  const id = `${run}.1.1.1`;
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
  await inSubgoal(id, { type: 'opened', by: 'x', strategy: 'search', ...from });
  return id;
}

const openIds = async (run: string): Promise<readonly string[]> =>
  (await store.questions.open({ run })).map((q) => q.question.id);
const statusOf = async (id: string): Promise<string> =>
  (await store.runs.subgoals(id.split('.')[0]!)).find((s) => s.id === id)!.status;

describe('questions', () => {
  it('are open from asked to answered, and tell who asked for what', async () => {
    const id = await begin('r-one');
    now += 5;
    await inSubgoal(id, asked(ask('q-1', { expiresAt: 9_000_000, text: 'Zero \u0000, half \ud83d' })));
    expect(await store.questions.open({ run: 'r-one' })).toEqual([
      {
        run: 'r-one',
        title: 'Goal of r-one',
        subgoal: id,
        question: ask('q-1', { expiresAt: 9_000_000, text: 'Zero \u0000, half \ud83d' }),
        askedAt: now,
        reminders: 0,
      },
    ]);
    expect((await store.runs.get('r-one')).questions).toBe(1);
    await inRun('r-one', { type: 'reminded', question: 'q-1', subgoal: id });
    expect(await store.questions.find('q-1')).toMatchObject({ reminders: 1, closedAt: null, verdict: null });
    now += 5;
    await inRun('r-one', answered('q-1', id, 'reject'));
    expect(await openIds('r-one')).toEqual([]);
    expect(await store.questions.find('q-1')).toMatchObject({
      run: 'r-one',
      subgoal: id,
      closedAt: now,
      verdict: 'reject',
    });
    expect((await store.runs.list({ text: 'r-one' }, { size: 1, token: null })).runs[0]!.questions).toBe(0);
    expect(await store.questions.find('q-none')).toBeNull();
  });

  it('are filtered by kind and run, oldest first, and counted by kind', async () => {
    const before = await store.questions.count();
    const id = await begin('r-two');
    await inSubgoal(id, asked(ask('q-b')));
    now += 1;
    await inSubgoal(id, asked(ask('q-a', { kind: 'uncertain' })));
    await inSubgoal(id, asked(ask('q-money', { kind: 'budget', needs: NO_COST })));
    expect(await openIds('r-two')).toEqual(['q-b', 'q-a', 'q-money']);
    expect((await store.questions.open({ run: 'r-two', kind: 'uncertain' })).map((q) => q.question.id)).toEqual([
      'q-a',
    ]);
    expect((await store.questions.count()).approval).toBe(before.approval + 1);
    // What a subgoal asks of its run's budget is no question for people.
    expect((await store.questions.count()).budget).toBe(before.budget);
    expect((await store.runs.get('r-two')).questions).toBe(2);
  });

  it('are closed when their subgoal ends, or their run', async () => {
    const [first, second] = [await begin('r-end1'), await begin('r-end2')];
    await inSubgoal(first, asked(ask('q-e1')), parked('q-e1'));
    await inSubgoal(first, { type: 'ended', outcome: 'cancelled', reason: '', result: null });
    await inSubgoal(second, asked(ask('q-e2')), parked('q-e2'));
    await inRun('r-end2', { type: 'asked', question: ask('q-e3', { kind: 'budget', needs: NO_COST }) });
    expect(await openIds('r-end1')).toEqual([]);
    expect(await openIds('r-end2')).toEqual(['q-e2', 'q-e3']);
    await inRun('r-end2', ended);
    expect(await openIds('r-end2')).toEqual([]);
    expect(await store.questions.find('q-e2')).toMatchObject({ verdict: null, closedAt: expect.any(Number) });
  });

  it('are closed where asking and ending stand in one append', async () => {
    const id = await begin('r-once');
    await inSubgoal(id, asked(ask('q-once')), { type: 'ended', outcome: 'failed', reason: '', result: null });
    expect(await openIds('r-once')).toEqual([]);
  });

  it('are not open where the run had ended just before', async () => {
    const id = await begin('r-late');
    await inRun('r-late', ended);
    await inSubgoal(id, asked(ask('q-late')), parked('q-late'));
    expect(await openIds('r-late')).toEqual([]);
    expect((await store.questions.due(now + 1e9, 1)).toRemind.map((q) => q.run)).not.toContain('r-late');
  });

  it('are due when they expire, and now and then for a reminder', async () => {
    const id = await begin('r-due');
    const at = now;
    await inSubgoal(
      id,
      asked(ask('q-soon', { expiresAt: at + 100 })),
      asked(ask('q-ever')),
      parked('q-soon', 'q-ever'),
    );
    const due = async (later: number): Promise<unknown> => {
      const { expired, toRemind } = await store.questions.due(at + later, 1000);
      const ours = (list: typeof expired): readonly string[] =>
        list.filter((q) => q.run === 'r-due').map((q) => q.question.id);
      return [ours(expired), ours(toRemind)];
    };
    expect(await due(99)).toEqual([[], []]);
    expect(await due(100)).toEqual([['q-soon'], []]);
    expect(await due(1000)).toEqual([['q-soon'], ['q-ever']]);
    now += 1000;
    await inRun('r-due', { type: 'reminded', question: 'q-ever', subgoal: id }, answered('q-soon', id, 'expired'));
    expect(await due(1999)).toEqual([[], []]);
    expect(await due(2000)).toEqual([[], ['q-ever']]);
  });
});

describe('work that waits for people', () => {
  const idle = async (): Promise<{ runs: readonly string[]; subgoals: readonly string[] }> => ({
    runs: await store.work.idleRuns(0),
    subgoals: (await store.work.idleSubgoals(0)).map((s) => s.id),
  });

  it('costs the sweep nothing while it is parked, and moves when the answer is there', async () => {
    const id = await begin('r-park');
    expect(await idle()).toMatchObject({
      runs: expect.arrayContaining(['r-park']),
      subgoals: expect.arrayContaining([id]),
    });
    await inSubgoal(id, asked(ask('q-p')), parked('q-p'));
    expect(await statusOf(id)).toBe('parked');
    const parkedNow = await idle();
    expect(parkedNow.runs).not.toContain('r-park');
    expect(parkedNow.subgoals).not.toContain(id);
    await inRun('r-park', answered('q-p', id));
    expect(await idle()).toMatchObject({
      runs: expect.arrayContaining(['r-park']),
      subgoals: expect.arrayContaining([id]),
    });
    await inSubgoal(id, { type: 'replied', id: 'e1', question: 'q-p', answer: answer('approve') });
    expect(await statusOf(id)).toBe('running');
  });

  it('is not lost where the answer comes just before it parks', async () => {
    const id = await begin('r-cross');
    await inSubgoal(id, asked(ask('q-c')));
    await inRun('r-cross', answered('q-c', id));
    await inSubgoal(id, parked('q-c'));
    expect((await idle()).subgoals).toContain(id);
    await inSubgoal(
      id,
      { type: 'replied', id: 'e1', question: 'q-c', answer: answer('approve') },
      asked(ask('q-c2')),
      parked('q-c2'),
    );
    expect((await idle()).subgoals).not.toContain(id);
  });

  it('is not lost where its end was not heard of', async () => {
    const id = await begin('r-unheard');
    await inSubgoal(id, { type: 'ended', outcome: 'done', reason: '', result: null });
    expect((await idle()).runs).toContain('r-unheard');
    const counts = { steps: 0, failedSteps: 0, replans: 0, toolsUsed: [], failures: [], spent: NO_COST };
    await inRun('r-unheard', { type: 'settled', node: '1.1', attempt: 1, outcome: 'done', reason: '', ...counts });
    expect((await idle()).runs).toContain('r-unheard');
    await inRun('r-unheard', { type: 'dispatched', node: '1.2', attempt: 1, allowance: UNBOUNDED });
    await inSubgoal('r-unheard.1.2.1', asked(ask('q-u')), parked('q-u'));
    expect((await idle()).runs).not.toContain('r-unheard');
  });

  it('is shown as paused while a person holds it back, and rests', async () => {
    const id = await begin('r-pause');
    await inSubgoal(id, asked(ask('q-h')), parked('q-h'));
    await inRun('r-pause', { type: 'paused', by: 'ada', reason: 'lunch' });
    expect((await store.runs.get('r-pause')).status).toBe('paused');
    expect((await store.runs.list({ status: 'paused' }, { size: 5, token: null })).runs.map((r) => r.id)).toEqual([
      'r-pause',
    ]);
    expect((await store.runs.counts()).paused).toBe(1);
    expect((await idle()).runs).not.toContain('r-pause');
    await inRun('r-pause', { type: 'resumed', by: 'ada' });
    expect((await store.runs.get('r-pause')).status).toBe('running');
    await inRun('r-pause', { type: 'cancelling', reason: 'no', outcome: 'cancelled' });
    expect((await idle()).runs).toContain('r-pause');
  });

  it('rests while the run itself asks for more, and moves once it has an answer', async () => {
    await inRun(
      'r-poor',
      { type: 'accepted', goal: goalSchema.parse({ title: 't', world: 'household' }) },
      { type: 'asked', question: ask('q-more', { kind: 'budget', needs: NO_COST }) },
    );
    expect((await idle()).runs).not.toContain('r-poor');
    expect((await store.runs.get('r-poor')).questions).toBe(1);
    await inRun('r-poor', answered('q-more', null, 'grant'));
    expect((await idle()).runs).toContain('r-poor');
  });

  it('is looked at when its time is over, whoever it waits for', async () => {
    const id = await begin('r-dead', { deadlineMs: 5000 });
    await inSubgoal(id, asked(ask('q-d')), parked('q-d'));
    now += 4999;
    expect((await idle()).runs).not.toContain('r-dead');
    now += 1;
    expect((await idle()).runs).toContain('r-dead');
    await inRun('r-dead', ended);
    expect(await idle()).toEqual({
      runs: expect.not.arrayContaining(['r-dead']),
      subgoals: expect.not.arrayContaining([id]),
    });
  });
});
