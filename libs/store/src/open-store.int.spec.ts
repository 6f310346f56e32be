import { UNBOUNDED, runEvents, runStream, stepEvents, subgoalStream, type Logger, type Tool } from '@praxis/core';
import { type History, randomHistory, stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { Client } from 'pg';
import { openStore, type Store } from './open-store.js';
import { migrate } from './migrate.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };

let database: TestDatabase;
let store: Store;
let now = 1_000_000;

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

async function record({ run, runEvents: events, steps }: History): Promise<void> {
  await store.journal.append(
    runStream(run),
    0,
    events.map((e) => runEvents.encode(e)),
  );
  for (const [id, own] of steps)
    if (own.length > 0)
      await store.journal.append(
        subgoalStream(id),
        0,
        own.map((e) => stepEvents.encode(e)),
      );
}

const plan = (run: string): History['runEvents'] => {
  const node = {
    id: '1.1',
    title: 'only',
    pre: [],
    post: '(p)',
    after: [],
    owner: null,
    lane: 'slow',
    steps: [],
    cost: 1,
  };
  const accepted = randomHistory(run, 'x').runEvents[0]!;
  const diff = { kept: [], added: ['1.1'], dropped: [] };
  const goal =
    accepted.type === 'accepted' ? { ...accepted.goal, archive: { space: 'lab', use: true, learn: true } } : null;
  return [
    { type: 'accepted', goal: goal! },
    { type: 'planned', plan: { version: 1, nodes: [node] }, diff, reason: 'first', evaluated: 1 },
    { type: 'dispatched', node: '1.1', attempt: 1, allowance: UNBOUNDED },
  ];
};

describe('runs', () => {
  const names = Array.from({ length: 23 }, (_, i) => `r-list${String(i).padStart(2, '0')}`);

  beforeAll(async () => {
    for (const [i, run] of names.entries()) {
      now += i % 3;
      await record(randomHistory(run, `seed ${i % 7}%`));
    }
  });

  it('lists every run once, newest first, page by page', async () => {
    const seen: string[] = [];
    let token: string | null = null;
    do {
      const page = await store.runs.list({}, { size: 5, token });
      expect(page.runs.length).toBeLessThanOrEqual(5);
      seen.push(...page.runs.map((r) => r.id));
      token = page.next;
    } while (token !== null);
    expect([...seen].sort()).toEqual(names);
    const times = (await store.runs.list({}, { size: 0, token: null })).runs.map((r) => r.acceptedAt);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  it('filters by status, world, space and text', async () => {
    const all = (await store.runs.list({}, { size: 500, token: null })).runs;
    const { status, world, space } = all[3]!;
    const { runs } = await store.runs.list({ status, world, space }, { size: 500, token: null });
    expect(runs).toEqual(all.filter((r) => r.status === status && r.world === world && r.space === space));
    const found = async (text: string): Promise<number> =>
      (await store.runs.list({ text }, { size: 500, token: null })).runs.length;
    expect(await found('GOAL SEED 3')).toBe(3);
    expect(await found('3%')).toBe(3);
    expect(await found('g%al')).toBe(0);
    expect(await found('r-list1')).toBe(10);
    expect(await found('list1')).toBe(0);
  });

  it('gives one run, and says which is missing', async () => {
    expect(await store.runs.get(names[0]!)).toEqual(
      (await store.runs.list({ text: names[0]! }, { size: 1, token: null })).runs[0],
    );
    await expect(store.runs.get('r-none')).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('r-none'),
    });
    await expect(store.runs.list({}, { size: 5, token: 'nonsense' })).rejects.toMatchObject({ code: 'invalid' });
    for (const size of [-1, 0.5, Number.NaN])
      await expect(store.runs.list({}, { size, token: null })).rejects.toMatchObject({ code: 'invalid' });
    const { next } = await store.runs.list({}, { size: 1, token: null });
    await expect(store.runs.list({ text: 'another list' }, { size: 1, token: next })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('another filter'),
    });
  });

  it('gives the attempts at the nodes of a run', async () => {
    const history = randomHistory(names[5]!, 'seed 5%');
    const subgoals = await store.runs.subgoals(names[5]!);
    expect(subgoals.map((s) => s.id)).toEqual([...history.steps.keys()].sort());
    for (const s of subgoals)
      expect(s.steps).toBe(history.steps.get(s.id)!.filter((e) => e.type === 'observed').length);
  });
});

describe('work', () => {
  it('finds what should move and does not, and nothing that is finished', async () => {
    now += 10_000_000;
    const known = new Set(await store.work.idleRuns(0));
    await store.journal.append(
      runStream('r-idle'),
      0,
      plan('r-idle').map((e) => runEvents.encode(e)),
    );
    const added = async (idleMs: number): Promise<readonly string[]> =>
      (await store.work.idleRuns(idleMs)).filter((id) => !known.has(id));
    expect(await added(0)).toEqual(['r-idle']);
    expect(await added(5000)).toEqual([]);
    expect(await store.work.idleSubgoals(0)).toContainEqual({ id: 'r-idle.1.1.1', lane: 'slow' });
    now += 6000;
    expect(await added(5000)).toEqual(['r-idle']);
    await store.journal.append(runStream('r-idle'), 3, [
      runEvents.encode({ type: 'ended', outcome: 'cancelled', reason: '' }),
    ]);
    expect(await added(0)).toEqual([]);
  });

  it('finds what the reflector should look at, once', async () => {
    const before = await store.work.unreflected(0);
    const id = 'r-idle.1.1.1';
    const failed = randomHistory('r-x', 'a').steps;
    const opened = [...failed.values()].flat().find((e) => e.type === 'opened')!;
    const change = { added: [], removed: [], numbers: {} };
    await store.journal.append(
      subgoalStream(id),
      0,
      [
        opened,
        {
          type: 'observed' as const,
          id: 'e',
          step: 0,
          result: { ok: false as const, code: 'timeout' as const, message: '' },
          change,
        },
      ].map((e) => stepEvents.encode(e)),
    );
    expect(await store.work.unreflected(0)).toEqual(before);
    await store.journal.append(subgoalStream(id), 2, [
      stepEvents.encode({ type: 'ended', outcome: 'done', reason: '', result: null }),
    ]);
    expect(await store.work.unreflected(0)).toEqual([...before, id]);
    expect(await store.work.unreflected(1)).toEqual(before);
    expect(await store.work.idleSubgoals(0)).not.toContainEqual({ id, lane: 'slow' });
    expect(await store.work.recentSubgoals({ domain: 'made-up', space: 'lab', limit: 1 })).toEqual([id]);
    await store.work.markReflected(id);
    expect(await store.work.unreflected(0)).toEqual(before);
  });

  it('leaves a subgoal alone that goes on, though a step changes no row', async () => {
    const id = 'r-steps.1.1.1';
    now += 10_000_000;
    await store.journal.append(
      runStream('r-steps'),
      0,
      plan('r-steps').map((e) => runEvents.encode(e)),
    );
    const opened = [...randomHistory('r-x', 'a').steps.values()].flat().find((e) => e.type === 'opened')!;
    await store.journal.append(subgoalStream(id), 0, [stepEvents.encode(opened)]);
    now += 6000;
    const change = { added: [], removed: [], numbers: {} };
    const message = 'x'.repeat(9000);
    await store.journal.append(subgoalStream(id), 1, [
      stepEvents.encode({
        type: 'observed',
        id: 'e',
        step: 0,
        result: { ok: false, code: 'timeout', message },
        change,
      }),
    ]);
    const idle = async (): Promise<boolean> => (await store.work.idleSubgoals(5000)).some((s) => s.id === id);
    expect(await idle()).toBe(false);
    now += 6000;
    expect(await idle()).toBe(true);
    await store.journal.append(subgoalStream(id), 2, [
      stepEvents.encode({ type: 'ended', outcome: 'done', reason: '', result: null }),
    ]);
    expect((await store.runs.subgoals('r-steps'))[0]).toMatchObject({ steps: 1, failedSteps: 1 });
  });

  it('reads only indexes of what is unfinished', async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('set enable_seqscan = off; set enable_bitmapscan = off');
    const planOf = async (sql: string): Promise<string> =>
      (await client.query(`explain ${sql}`)).rows.map((r) => r['QUERY PLAN']).join('\n');
    expect(await planOf('select id from runs where moves and touched_at <= 5 order by touched_at limit 5')).toContain(
      'runs_moving',
    );
    expect(
      await planOf('select id from runs where due_at is not null and due_at <= 5 order by due_at limit 5'),
    ).toContain('runs_due');
    expect(
      await planOf(
        "select id from subgoals where not settled and (status <> 'parked' or answers > 0) and stage < 2 and updated_at <= 5 order by updated_at limit 5",
      ),
    ).toContain('subgoals_to_move');
    const reflect =
      'select id from subgoals where stage = 3 and failed_steps > 0 and learn and not reflected and ended_at <= 5 order by ended_at limit 5';
    expect(await planOf(reflect)).toContain('subgoals_to_reflect');
    await client.end();
  });
});

describe('archive', () => {
  const tool = (id: string, trust: Tool['trust'], space = 'lab'): Tool => ({
    id,
    space,
    domain: 'kitchen',
    title: 'open first',
    body: { kind: 'guard', action: 'take', parameters: ['?o', '?from'], requires: '(open ?from)' },
    trust,
    evidence: { subgoals: ['s'], successes: 3, failures: 2, pairs: 7, wins: 0, losses: 0, eValue: 1 },
    createdAt: 5,
  });

  it('finds active tools of a space and domain, unless asked for others', async () => {
    for (const t of [tool('a', 'active'), tool('b', 'candidate'), tool('c', 'active', 'other')])
      await store.archive.save(t);
    expect(await store.archive.find({ space: 'lab', domain: 'kitchen' })).toEqual([tool('a', 'active')]);
    expect(
      (await store.archive.find({ space: 'lab', domain: 'kitchen', trust: 'candidate' })).map((t) => t.id),
    ).toEqual(['b']);
    expect(await store.archive.find({ space: 'lab', domain: 'garden' })).toEqual([]);
    expect((await store.archive.list(null)).map((t) => t.id)).toEqual(['a', 'b', 'c']);
    expect((await store.archive.list('other')).map((t) => t.id)).toEqual(['c']);
  });

  it('replaces trust and evidence of a tool that is known, and nothing else', async () => {
    const better = {
      ...tool('b', 'active'),
      title: 'another title',
      evidence: { ...tool('b', 'active').evidence, wins: 7, eValue: 31.5 },
    };
    await store.archive.save(better);
    expect(await store.archive.get('b')).toEqual({ ...better, title: 'open first' });
    await expect(store.archive.get('none')).rejects.toMatchObject({ code: 'missing' });
  });

  it('keeps the trials of a tool, each seed once', async () => {
    const trials = [
      { seed: '1', without: false, withTool: true },
      { seed: '2', without: true, withTool: true },
    ];
    await store.archive.recordTrials('a', trials);
    await store.archive.recordTrials('a', [{ seed: '2', without: false, withTool: false }]);
    expect(await store.archive.trials('a')).toEqual(trials);
  });
});

describe('sessions', () => {
  it('lets one of many writers win each version', async () => {
    expect(await store.sessions.load('w')).toBeNull();
    const race = (expected: number): Promise<readonly boolean[]> =>
      Promise.all(Array.from({ length: 6 }, (_, i) => store.sessions.save('w', expected, `${expected} by ${i}`)));
    expect((await race(0)).filter(Boolean)).toHaveLength(1);
    expect((await race(1)).filter(Boolean)).toHaveLength(1);
    expect((await race(1)).filter(Boolean)).toHaveLength(0);
    expect(await store.sessions.load('w')).toMatchObject({ version: 2, body: expect.stringContaining('1 by') });
    await store.sessions.remove('w');
    expect(await store.sessions.load('w')).toBeNull();
    expect(await store.sessions.save('w', 1, 'gone')).toBe(false);
  });
});

describe('openStore', () => {
  it('says what to do where the database was not migrated, or is not there', async () => {
    const empty = await testDatabase();
    const options = { log: silent, clock: { now: () => now } };
    await expect(openStore({ ...options, url: empty.url })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('migrations'),
    });
    await empty.drop();
    await expect(openStore({ ...options, url: 'postgresql://127.0.0.1:1/none' })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('says that it is unavailable when a question through Prisma finds no database', async () => {
    const other = await testDatabase();
    await migrate(other.url);
    const short = await openStore({ url: other.url, log: silent, clock: { now: () => now } });
    await short.ping();
    await other.drop();
    await expect(short.ping()).rejects.toMatchObject({ code: expect.stringMatching(/missing|unavailable/) });
    await expect(short.runs.get('r-1')).rejects.toMatchObject({
      code: expect.stringMatching(/missing|unavailable/),
      message: expect.stringContaining('database'),
    });
    await short.close();
  });
});
