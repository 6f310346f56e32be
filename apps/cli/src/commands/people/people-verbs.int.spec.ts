import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  goalSchema,
  makeQuestion,
  NO_COST,
  parseApprovalRule,
  PraxisError,
  runEvents,
  stepEvents,
  type Json,
  type StepEvent,
} from '@praxis/core';
import { startServer, type ExecutorApi, type OpenQuestion, type PlannerApi, type Schedule } from '@praxis/wire';
import { runCommandLine } from '../../command-line.js';

let dir: string;
let servers: readonly { stop(): Promise<void> }[] = [];
/** What the planner was asked, in order. */
let seen: unknown[] = [];
let env: Record<string, string> = {};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'praxis-verbs-'));
  seen = [];
});
afterEach(async () => {
  for (const server of servers) await server.stop();
  servers = [];
  rmSync(dir, { recursive: true, force: true });
});

async function serve(planner: Partial<PlannerApi>, executor: Partial<ExecutorApi> = {}): Promise<void> {
  const started = await Promise.all([
    startServer({ address: '127.0.0.1:0', services: { planner: planner as PlannerApi }, graceMs: 0 }),
    startServer({ address: '127.0.0.1:0', services: { executor: executor as ExecutorApi }, graceMs: 0 }),
  ]);
  servers = started;
  env = {
    PRAXIS_PLANNER_ADDRESS: started[0].address,
    PRAXIS_EXECUTOR_ADDRESS: started[1].address,
    PRAXIS_DATA_DIR: dir,
  };
}

async function type(...args: readonly string[]) {
  let out = '';
  let err = '';
  const code = await runCommandLine({
    args,
    env,
    cwd: dir,
    stdout: { write: (t: string) => (out += t) },
    stderr: { write: (t: string) => (err += t) },
  });
  return { code, out, err };
}

const GOAL = goalSchema.parse({ title: 'Bills', world: 'household', scenario: 'dishes-b' });
const SUMMARY = {
  id: 'r-1',
  title: 'Bills',
  world: 'household',
  space: 'default',
  status: 'done',
  reason: '',
  planVersion: 1,
  subgoals: 1,
  subgoalsDone: 1,
  steps: 1,
  failedSteps: 0,
  replans: 0,
  toolsUsed: [],
  modelCalls: 0,
  questions: 0,
  acceptedAt: 1,
  endedAt: 2,
} as const;
const pay = { skill: 'pay', args: { to: 'acme', amount: 12 } };
const question = makeQuestion({
  id: 'q-1',
  kind: 'approval',
  text: 'May this be paid?',
  action: pay,
  effect: 'irreversible',
});
const open: OpenQuestion = {
  run: 'r-1',
  title: 'Bills',
  subgoal: 'r-1.1.1.1',
  question,
  askedAt: Date.now(),
  reminders: 0,
};

describe('praxis approvals and answer', () => {
  it('show what waits, and what to type', async () => {
    await serve({ questions: async (filter) => (seen.push(filter), [open]) });
    const { code, out } = await type('approvals', '--run', 'r-1', '--kind', 'approval');
    expect([code, seen]).toEqual([0, [{ run: 'r-1', kind: 'approval' }]]);
    expect(out).toContain('q-1  approval  r-1.1.1.1 (Bills)\n  May this be paid?\n  (pay acme 12)  irreversible\n');
    expect(out).toContain('    praxis answer q-1 --approve\n');
    expect(JSON.parse((await type('approvals', '--json')).out)).toEqual([open]);
    expect(await type('approvals', '--kind', 'doubt')).toMatchObject({
      code: 2,
      err: expect.stringContaining('approval, uncertain'),
    });
  });

  it('say so where nothing waits', async () => {
    await serve({ questions: async () => [] });
    expect(await type('approvals')).toEqual({ code: 0, out: '', err: 'Nothing waits for a person.\n' });
  });

  it('bring the answer to the planner as it was typed', async () => {
    await serve({ answer: async (id, answer) => void seen.push(id, answer) });
    const said = { by: 'ann', reason: '', args: null, grant: null, value: null };
    expect(await type('answer', 'q-1', '--approve', '--by', 'ann')).toEqual({
      code: 0,
      out: 'q-1 is answered: approve, by ann\n',
      err: '',
    });
    await type('answer', 'q-1', '--edit', '{"args":{"amount":11}}', '--reason', 'a discount', '--by', 'ann');
    await type('answer', 'q-1', '--grant', 'steps=100,money=2', '--by', 'ann', '--json');
    await type('answer', 'q-1', '--reject', 'too much', '--by', 'ann');
    expect(seen).toEqual([
      ...['q-1', { ...said, verdict: 'approve' }],
      ...['q-1', { ...said, verdict: 'edit', args: { amount: 11 }, reason: 'a discount' }],
      ...['q-1', { ...said, verdict: 'grant', grant: { ...NO_COST, steps: 100, money: 2 } }],
      ...['q-1', { ...said, verdict: 'reject', reason: 'too much' }],
    ]);
  });

  it('show the answers to choose from, and take the id of a run for all that the answer fits', async () => {
    const which = makeQuestion({ id: 'q-2', kind: 'question', text: 'Which?', choices: ['red', 'light blue'] });
    const all = [open, { ...open, question: { ...question, id: 'q-3' } }, { ...open, question: which }];
    await serve({ questions: async () => all, answer: async (id) => void seen.push(id) });
    expect((await type('approvals')).out).toContain("praxis answer q-2 --text 'light blue'\n");
    expect(await type('answer', 'r-1', '--approve')).toMatchObject({ code: 0 });
    expect(await type('answer', 'r-1', '--text', 'Light Blue')).toMatchObject({ code: 0 });
    expect(seen).toEqual(['q-1', 'q-3', 'q-2']);
    expect(await type('answer', 'r-1', '--text', 'green')).toMatchObject({
      code: 3,
      err: expect.stringContaining('asks 3 questions, none of which takes that answer') as string,
    });
  });

  it('take no answer that is none, or two, and hand on what the planner refuses', async () => {
    await serve({
      answer: () => Promise.reject(new PraxisError('conflict', 'The question q-1 has been answered already.')),
    });
    expect(await type('answer', 'q-1')).toMatchObject({ code: 2, err: expect.stringContaining('--approve') });
    expect(await type('answer', 'q-1', '--approve', '--happened')).toMatchObject({ code: 2 });
    expect(await type('answer', 'q-1', '--approve')).toEqual({
      code: 6,
      out: '',
      err: 'praxis: The question q-1 has been answered already.\n',
    });
  });
});

describe('praxis pause, resume and rollback', () => {
  it('reach the run', async () => {
    await serve({
      pause: async (run, reason) => void seen.push(run, reason),
      resume: async (run) => void seen.push(run),
      rollback: async (run) => (
        seen.push(run),
        {
          run: 'r-2',
          undone: [{ action: pay, by: { skill: 'refund', args: { key: 'k' } } }],
          left: [{ action: pay, why: 'it is irreversible' }],
        }
      ),
    });
    expect(await type('pause', 'r-1', '--reason', 'lunch')).toMatchObject({
      code: 0,
      out: expect.stringContaining('praxis resume r-1'),
    });
    expect(await type('resume', 'r-1', '--json')).toMatchObject({ code: 0, out: '{"run":"r-1","paused":false}\n' });
    expect((await type('rollback', 'r-1')).out).toBe(
      'r-2\nundone, in this order:\n  (pay acme 12)  by  (refund k)\nleft as it is:\n  (pay acme 12): it is irreversible\n',
    );
    expect(seen).toEqual(['r-1', 'lunch', 'r-1', 'r-1']);
  });
});

describe('praxis retry', () => {
  it('says what is tried again, and hands on why a run is not', async () => {
    const retried = { reopened: false, woken: 2 };
    await serve({ retry: async (run, by) => (seen.push(run, by), retried) });
    expect(await type('retry', 'r-1', '--by', 'ann')).toEqual({
      code: 0,
      out: 'r-1: 2 subgoals tried again now\n',
      err: '',
    });
    expect(await type('retry', 'r-1', '--by', 'ann', '--json')).toEqual({
      code: 0,
      out: '{"run":"r-1","reopened":false,"woken":2}\n',
      err: '',
    });
    Object.assign(retried, { reopened: true, woken: 0 });
    expect((await type('retry', 'r-1', '--by', 'ann')).out).toBe(
      'r-1 is reopened; follow it with `praxis watch r-1`\n',
    );
    expect(seen).toEqual(['r-1', 'ann', 'r-1', 'ann', 'r-1', 'ann']);
  });
});

describe('praxis gc', () => {
  it('hands on the bounds, and tells what would go', async () => {
    const report = {
      runs: ['r-1', 'r-2'],
      kept: ['r-3'],
      events: 10,
      blobs: 1,
      artifacts: 1,
      sessions: 2,
      bytesBefore: 2_097_152,
      bytesAfter: 1_024,
    };
    await serve({ collectGarbage: async (request) => (seen.push(request), report) });
    expect((await type('gc', '--older-than', '30d', '--keep', '500MB', '--dry-run')).out).toBe(
      '2 runs would go: r-1, r-2\n10 events, 1 text, 1 artifact, 2 worlds; 2.0 MB before, 1.0 KB after\n1 run stays for a fork that lives: r-3\n',
    );
    await type('gc', '--json');
    expect(seen).toEqual([
      { maxAgeMs: 2_592_000_000, maxBytes: 524_288_000, dryRun: true },
      { maxAgeMs: null, maxBytes: null, dryRun: false },
    ]);
  });
});

const SUBGOAL = 'r-1.1.1.1';
const decided = (step: number): StepEvent => ({
  type: 'decided',
  id: `e${step}`,
  step,
  action: { skill: 'open', args: { r: 'robby', c: 'fridge' } },
  why: '',
  origin: 'policy',
  taint: [],
});
function* exported(): Generator<string> {
  const line = (stream: string, position: number, event: object): string =>
    JSON.stringify({ line: 'event', stream, position, at: 100 + position, ...(event as Record<string, Json>) });
  yield JSON.stringify({ line: 'header', run: 'r-1' });
  yield line('run/r-1', 0, runEvents.encode({ type: 'checked', holds: true }));
  yield line(`subgoal/${SUBGOAL}`, 0, stepEvents.encode(decided(0)));
  yield line(
    `subgoal/${SUBGOAL}`,
    1,
    stepEvents.encode({ type: 'tried', id: 'e0', step: 0, key: 'k', effect: 'reversible' }),
  );
  yield line(
    `subgoal/${SUBGOAL}`,
    2,
    stepEvents.encode({
      type: 'observed',
      id: 'e0',
      step: 0,
      result: { ok: true, message: '' },
      change: { added: [], removed: [], numbers: {} },
    }),
  );
  yield line(`subgoal/${SUBGOAL}`, 3, stepEvents.encode(decided(1)));
}
const exportRun: PlannerApi['exportRun'] = async function* () {
  yield* exported();
};

describe('praxis show --steps and fork', () => {
  const skills = [
    {
      name: 'open',
      summary: '',
      parameters: [
        { name: 'r', type: 'robot' },
        { name: 'c', type: 'container' },
      ],
      effect: 'reversible',
      keyed: true,
      source: 'file',
    },
  ] as const;
  const describeExecutor: ExecutorApi['describe'] = async () => ({
    name: 'e',
    lanes: [],
    worlds: [],
    skills,
    strategies: [],
    busy: [],
    draining: false,
  });
  const fork: PlannerApi['fork'] = async (request) => (seen.push(request), 'r-2');

  it('number the steps as a fork wants them', async () => {
    await serve({ exportRun });
    const { code, out } = await type('show', 'r-1', '--steps');
    expect(code).toBe(0);
    expect(
      out
        .split('\n')
        .slice(2, 4)
        .map((l) => l.trim().split(/ {2,}/)),
    ).toEqual([
      ['0', SUBGOAL, '0', '(open robby fridge)', 'reversible', 'done'],
      ['1', SUBGOAL, '1', '(open robby fridge)', '–', 'decided'],
    ]);
  });

  it('change the arguments of what was decided there', async () => {
    await serve({ exportRun, fork });
    expect(await type('fork', 'r-1', '--at', '1', '--set', 'args={"r":"robby","c":"oven"}', '--set', 'seed=7')).toEqual(
      { code: 0, out: 'r-2\n', err: '' },
    );
    await type('fork', 'r-1', '--at', `${SUBGOAL}:0`, '--set', 'archive=now', '--json');
    expect(seen).toEqual([
      {
        run: 'r-1',
        at: { step: 1 },
        seed: '7',
        strategy: null,
        freshArchive: false,
        action: { skill: 'open', args: { r: 'robby', c: 'oven' } },
      },
      { run: 'r-1', at: { subgoal: SUBGOAL, step: 0 }, seed: null, strategy: null, freshArchive: true, action: null },
    ]);
    expect(await type('fork', 'r-1', '--at', '7', '--set', 'args={}')).toMatchObject({
      code: 3,
      err: expect.stringContaining('praxis show r-1 --steps'),
    });
  });

  it('take a whole action by the names of its skill', async () => {
    const get = (async () => ({
      summary: SUMMARY,
      goal: GOAL,
      plan: null,
      nodes: {},
      tools: [],
      constraints: [],
      spent: NO_COST,
      postponed: [],
      result: null,
      outputs: {},
    })) as PlannerApi['get'];
    await serve({ fork, get }, { describe: describeExecutor });
    expect(await type('fork', 'r-1', '--at', '0', '--set', 'action=(open robby oven)')).toMatchObject({
      code: 0,
      err: '',
    });
    expect(seen).toMatchObject([{ action: { skill: 'open', args: { r: 'robby', c: 'oven' } } }]);
    expect(await type('fork', 'r-1', '--at', '0', '--set', 'action=(fly robby)')).toMatchObject({
      code: 3,
      err: expect.stringContaining('praxis skills'),
    });
  });
});

describe('praxis export and import', () => {
  it('bring a run into a file and back, line by line', async () => {
    const taken: string[] = [];
    await serve({
      exportRun,
      importRun: async (lines) => {
        for await (const line of lines) taken.push(line);
        return 'r-1';
      },
    });
    const lines = [...exported()];
    expect(await type('export', 'r-1', '--out', 'run.jsonl')).toEqual({
      code: 0,
      out: `r-1 is in run.jsonl, ${lines.length} lines\n`,
      err: '',
    });
    expect(readFileSync(join(dir, 'run.jsonl'), 'utf8')).toBe(`${lines.join('\n')}\n`);
    expect((await type('export', 'r-1')).out).toBe(`${lines.join('\n')}\n`);
    expect(await type('import', 'run.jsonl')).toEqual({ code: 0, out: 'r-1\n', err: '' });
    expect(taken).toEqual(lines);
  });

  it('leave nothing half written, and say which file they cannot read', async () => {
    await serve({
      exportRun: async function* () {
        yield 'one line';
        throw new PraxisError('missing', 'There is no run r-9.');
      },
    });
    expect(await type('export', 'r-9', '--out', 'run.jsonl')).toMatchObject({
      code: 3,
      err: 'praxis: There is no run r-9.\n',
    });
    expect(() => readFileSync(join(dir, 'run.jsonl'))).toThrow('ENOENT');
    expect(await type('export', 'r-9', '--out', 'none/run.jsonl')).toMatchObject({
      code: 4,
      err: expect.stringContaining('run.jsonl'),
    });
    expect(await type('import', 'none.jsonl')).toEqual({
      code: 3,
      out: '',
      err: 'praxis: Cannot read none.jsonl: there is no such file.\n',
    });
  });
});

describe('praxis schedule and submit', () => {
  it('put, list and remove schedules', async () => {
    const schedule: Schedule = {
      id: 'hourly',
      goal: GOAL,
      timing: { kind: 'every', everyMs: 3_600_000 },
      createdAt: 0,
      nextAt: 3_600_000,
      lastRun: null,
    };
    await serve({
      putSchedule: async (put) => (seen.push(put.id, put.timing, put.goal.budget.money), { ...schedule, ...put }),
      schedules: async () => [schedule],
      removeSchedule: async (id) => void seen.push(id),
    });
    const goal = ['--world', 'household', '--goal', 'dishes-b', '--money', '2'];
    expect(await type('schedule', 'add', 'hourly', '--every', '1h', ...goal)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^hourly: every 1h, next at /),
    });
    await type('schedule', 'add', 'morning', '--cron', '0 6 * * *', '--timezone', 'Europe/Paris', ...goal);
    expect((await type('schedule', 'list')).out).toMatch(/\nhourly {4}every 1h {2}19\d\d-.*–.*Bills\n$/);
    expect((await type('schedule', 'remove', 'hourly')).out).toBe('hourly is removed\n');
    expect(seen).toEqual([
      'hourly',
      { kind: 'every', everyMs: 3_600_000 },
      2,
      'morning',
      { kind: 'cron', cron: '0 6 * * *', timezone: 'Europe/Paris' },
      2,
      'hourly',
    ]);
    expect(await type('schedule', 'add', 'x', ...goal)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--every'),
    });
    expect(await type('schedule', 'add', 'x', '--every', '1h', '--timezone', 'UTC', ...goal)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--cron'),
    });
  });

  it('submit under a key, with bounds and rules', async () => {
    await serve({
      submit: async (goal, key) => (seen.push(key, goal.deadlineMs, goal.approvals, goal.budget.wallMs), 'r-1'),
    });
    expect(
      (
        await type(
          'submit',
          '--world',
          'household',
          '--goal',
          'a',
          '--key',
          'k-1',
          '--deadline',
          '10m',
          '--time',
          '1h',
          '--rule',
          'ask effect=irreversible',
          '--rule',
          'deny skill=pay*',
          '--json',
        )
      ).out,
    ).toBe('{"run":"r-1"}\n');
    expect(seen).toEqual([
      'k-1',
      600_000,
      ['ask effect=irreversible', 'deny skill=pay*'].map(parseApprovalRule),
      3_600_000,
    ]);
  });
});
