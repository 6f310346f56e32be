import { goalSchema, type GoalInput, type ProblemText, type RunId } from '@praxis/core';
import { Life, createLogger, freePort, loadSettings } from '@praxis/platform';
import { sharedEvaluator } from '@praxis/search';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import { connectPlanner } from '@praxis/wire';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRuntime, startArchiveOn, startExecutorOn, startPlannerOn } from './compose/compose.js';

const each = (count: number, text: (i: number) => string, between = ' '): string =>
  Array.from({ length: count }, (_, i) => text(i)).join(between);
const vars = (count: number): string => each(count, (i) => `?v${i}`);
const facts = (predicate: string, count: number): string => each(count, (i) => `(${predicate} o${i})`);

/** A problem over objects `o0 …`, of which `(p ?x)` is true at first. */
function problem(parts: {
  readonly objects: number;
  readonly body?: string;
  readonly predicates?: string;
  readonly goal?: string;
}): ProblemText {
  const { objects, body = '', predicates = '', goal = '(done)' } = parts;
  return {
    domain: `(define (domain bomb) (:requirements :adl :derived-predicates) (:predicates (p ?x) (q ?x) (done) ${predicates}) ${body} (:action flip :parameters (?x) :precondition (p ?x) :effect (q ?x)))`,
    problem: `(define (problem one) (:domain bomb) (:objects ${each(objects, (i) => `o${i}`)}) (:init ${facts('p', Math.min(objects, 200))}) (:goal ${goal}))`,
  };
}

const finish = (condition: string): string =>
  `(:action finish :parameters () :precondition ${condition} :effect (done))`;
const all = (conditions: string): string => `(and ${conditions})`;

/** What `submit` refuses, with the name of the limit. */
const REFUSED: readonly (readonly [string, Partial<GoalInput>, string])[] = [
  ['200,000 objects', { problem: problem({ objects: 200_000 }) }, 'limit "objects"'],
  [
    '8,000 derived rules',
    {
      problem: problem({
        objects: 2,
        predicates: each(8_000, (i) => `(d${i} ?x)`),
        body: each(8_000, (i) => `(:derived (d${i} ?x) (p ?x))`),
      }),
    },
    'limit "rules"',
  ],
  [
    'a derived predicate of 8 parameters that no fact binds',
    {
      problem: problem({
        objects: 100,
        predicates: `(far ${vars(8)})`,
        body: `(:derived (far ${vars(8)}) (not (q ?v0)))`,
      }),
    },
    'limit "choices"',
  ],
  [
    'brackets nested 100,000 deep',
    { problem: problem({ objects: 2, goal: `${'(and '.repeat(100_000)}(done)${')'.repeat(100_000)}` }) },
    'nested deeper',
  ],
];

/** What is let in, and comes to an end. */
const LET_IN: readonly (readonly [string, Partial<GoalInput>])[] = [
  [
    'a derived predicate of 8 parameters over 100 objects',
    {
      problem: problem({
        objects: 100,
        predicates: `(far ${vars(8)})`,
        body: `(:derived (far ${vars(8)}) ${all(each(8, (i) => `(p ?v${i})`))})`,
        goal: `(far ${each(8, () => 'o1')})`,
      }),
    },
  ],
  [
    'a goal of 8 variables over 60 objects',
    {
      problem: problem({ objects: 60 }),
      condition: `(exists (${vars(8)}) (not (or ${each(8, (i) => `(p ?v${i}) (q ?v${i})`)})))`,
    },
  ],
  [
    'an action of 10 parameters over 100 objects',
    {
      problem: problem({
        objects: 100,
        body: `(:action ten :parameters (${vars(10)}) :precondition ${all(each(10, (i) => `(p ?v${i})`))} :effect (done))`,
        goal: '(and (done) (q o1))',
      }),
    },
  ],
  [
    '40 disjunctions in a precondition',
    {
      problem: problem({
        objects: 2,
        predicates: each(40, (i) => `(a${i}) (b${i})`),
        body: `(:action set :parameters () :effect (and ${each(40, (i) => `(b${i})`)})) ${finish(all(each(40, (i) => `(or (a${i}) (b${i}))`)))}`,
      }),
    },
  ],
  [
    'a precondition that denies 8 variables over 60 objects',
    {
      problem: problem({
        objects: 60,
        body: finish(`(not (exists (${vars(8)}) (not (or ${each(8, (i) => `(p ?v${i}) (q ?v${i})`)}))))`),
      }),
    },
  ],
  [
    '490 nested denials',
    { problem: problem({ objects: 2, body: finish(`${'(not '.repeat(490)}(exists (?x) (p ?x))${')'.repeat(490)}`) }) },
  ],
];

const log = createLogger({ level: 'error', name: 'bombs' });
const dir = mkdtempSync(join(tmpdir(), 'praxis-bombs-'));
let life: Life;
let database: TestDatabase;
let planner: ReturnType<typeof connectPlanner>;
beforeAll(async () => {
  database = await testDatabase();
  const settings = loadSettings({ env: { PRAXIS_SEARCH_MEMORY_MB: '64', PRAXIS_SEARCH_STEPS: '3000000' }, cwd: dir });
  life = new Life({ deadlineMs: settings.stop.deadlineMs, log });
  const runtime = await openRuntime({ settings, databaseUrl: database.url, life, logger: () => log, service: null });
  const address = async (): Promise<string> => `127.0.0.1:${await freePort()}`;
  const archive = (await startArchiveOn(runtime, await address())).address;
  const executor = (await startExecutorOn(runtime, await address(), 'executor-1')).address;
  planner = connectPlanner((await startPlannerOn(runtime, await address(), { executor, archive })).address);
});
afterAll(async () => {
  planner?.close();
  await life?.stop();
  await database?.drop();
  await stopTestPostgres();
  rmSync(dir, { recursive: true, force: true });
});

const submit = (more: Partial<GoalInput>, title = 'bomb'): Promise<RunId> =>
  planner.submit(goalSchema.parse({ title, world: 'pddl', ...more }), null);

async function outcome(run: RunId): Promise<{ readonly status: string; readonly reason: string }> {
  const { signal } = new AbortController();
  for await (const event of planner.watch(run, {}, signal)) void event;
  const { status, reason } = (await planner.get(run)).summary;
  return { status, reason };
}

describe('a problem that is too large to be evaluated', () => {
  it.each(REFUSED)('is refused when it is submitted, with what is too large about it: %s', async (_, goal, reason) => {
    await expect(submit(goal)).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(reason) });
  });

  it('comes to an end, each of its kind, while goals of others end and questions are answered', async () => {
    const before = { ...sharedEvaluator.counts };
    const bombs = await Promise.all(LET_IN.map(async ([name, goal]) => ({ name, run: await submit(goal, name) })));
    const ends = bombs.map(async ({ name, run }) => ({ name, ...(await outcome(run)) }));
    // An ordinary goal, and lists, get their answers while all of that goes on.
    const ordinary = await submit({ world: 'household', scenario: 'breakfast-a' }, 'breakfast');
    expect(
      (await planner.list({ status: null, world: null, space: null, text: null }, { size: 50, token: null })).runs
        .length,
    ).toBeGreaterThanOrEqual(bombs.length);
    expect((await outcome(ordinary)).status).toBe('done');
    const found = Object.fromEntries(
      (await Promise.all(ends)).map(({ name, status, reason }) => [name, { status, reason }]),
    );
    for (const [name] of LET_IN) expect(['done', 'failed']).toContain(found[name]!.status);
    expect(found[LET_IN[0]![0]]).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('too large to be evaluated'),
    });
    expect(found[LET_IN[2]![0]]).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('budget of operators'),
    });
    expect(found[LET_IN[3]![0]]).toMatchObject({ status: 'done' });
    expect(found[LET_IN[5]![0]]).toMatchObject({ status: 'done' });
    // The large questions were asked in threads.
    expect(sharedEvaluator.counts.inThreads).toBeGreaterThan(before.inThreads);
  });
});
