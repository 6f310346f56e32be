import { NO_COST, goalSchema, type GoalInput, type RunSummary } from '@praxis/core';
import { viewLines } from './show.js';

const summary: RunSummary = {
  id: 'r-1',
  title: 'Tea',
  world: 'household',
  space: 'default',
  status: 'running',
  reason: '',
  planVersion: 0,
  subgoals: 0,
  subgoalsDone: 0,
  steps: 0,
  failedSteps: 0,
  replans: 0,
  toolsUsed: [],
  modelCalls: 3,
  questions: 0,
  acceptedAt: 0,
  endedAt: null,
};
const view = {
  summary,
  goal: goalSchema.parse({ title: 'Tea', world: 'household' }),
  plan: null,
  nodes: {},
  tools: [],
  constraints: [],
  spent: NO_COST,
  postponed: [],
  result: null,
  outputs: {},
};
const lines = (goal: Partial<GoalInput>) =>
  viewLines({ ...view, goal: goalSchema.parse({ title: 'Tea', world: 'household', ...goal }) }, 1_000);

describe('viewLines', () => {
  it('says how a goal is planned and acted, and with which models, where it was not left to the defaults', () => {
    expect(lines({ strategy: 'hybrid', models: { planner: ['big', 'bigger'], actor: ['small'] } })).toEqual(
      expect.arrayContaining(['strategy  hybrid', 'models    planner big, else bigger; actor small']),
    );
    expect(lines({}).filter((line) => /^(strategy|models)/.test(line))).toEqual([]);
  });

  it('shows inputs, the playbook, and what it is checked by, in words', () => {
    const file = { $artifact: 'a'.repeat(64), size: 10, mediaType: 'text/csv', name: 's.csv' };
    const playbook = {
      playbook: 'sum',
      title: 'Sum',
      steps: [{ id: 'a', do: 'note' }],
      done: [{ file: 'report.md', contains: ['total'] }],
    };
    expect(lines({ inputs: { file, most: 3 }, playbook, condition: '(and (check done-1))' })).toEqual(
      expect.arrayContaining([
        'playbook  sum',
        'input     file: s.csv (10 B, text/csv)',
        'input     most: 3',
        'done when report.md is there and contains "total"',
      ]),
    );
    expect(lines({ checks: { c: { expr: 'a.b > 1' } }, condition: '(check c)' })).toEqual(
      expect.arrayContaining(['condition (check c)', 'done when a.b > 1']),
    );
  });

  it('tells what it waits for, until when, and how to go on at once', () => {
    const postponed = [
      { node: '1.1', until: Date.UTC(2026, 0, 1), attempt: 3, reason: '(charge inv4711): bank answered 503' },
    ];
    const told = viewLines(
      {
        ...view,
        postponed: [...postponed, { ...postponed[0]!, node: '1.2', attempt: 0, reason: 'another subgoal attempts it' }],
      },
      0,
    );
    expect(told).toContainEqual(expect.stringMatching(/^waits {5}1\.2 until [^(]*: another subgoal attempts it; /));
    expect(told).toContainEqual(
      expect.stringMatching(
        /^waits {5}1\.1 until .* \(3 attempts failed\): \(charge inv4711\): bank answered 503; `praxis retry r-1` tries now$/,
      ),
    );
  });

  it('tells where to look for questions', () => {
    expect(viewLines({ ...view, summary: { ...summary, questions: 1 } }, 0)).toContain(
      'asks      1 question; see `praxis approvals --run r-1`',
    );
  });

  it('tells what was asked for, as what it was understood, and what came of each constraint', () => {
    const goal = goalSchema.parse({
      title: 'Tea',
      world: 'household',
      request: 'a clean cup,\nnot by the machine',
      condition: '(clean cup)',
    });
    const constraints = [
      { text: 'not by the machine', verdict: 'broken', why: 'step 4 washed it there' },
      { text: 'first the cup', verdict: 'pending', why: '' },
    ] as const;
    expect(viewLines({ ...view, goal, constraints }, 0)).toEqual(
      expect.arrayContaining([
        'request   a clean cup, not by the machine',
        'condition (clean cup)',
        'constraint not by the machine (BROKEN: step 4 washed it there)',
        'constraint first the cup (judged at the end)',
      ]),
    );
  });

  it('does not say of a run that has ended that its constraints will be judged', () => {
    const constraints = [{ text: 'first the cup', verdict: 'pending', why: '' }] as const;
    const failed = { ...view, constraints, summary: { ...summary, status: 'failed', endedAt: 9 } } as const;
    expect(viewLines(failed, 0)).toContain('constraint first the cup (not judged: the goal was not reached)');
  });

  it('sums what models have cost', () => {
    expect(viewLines({ ...view, spent: { ...NO_COST, tokens: 12_345, money: 0.251 } }, 0)).toContain(
      'spent     12345 tokens, 0.251 money so far, without the subgoals that are under way; calls that led to nothing included',
    );
    expect(viewLines(view, 0).filter((line) => line.startsWith('spent'))).toEqual([]);
  });

  it('says of a run that has ended without a plan that there is none, not that it is yet to come', () => {
    expect(viewLines(view, 0)).toContain('no plan yet');
    expect(viewLines({ ...view, summary: { ...summary, status: 'failed', endedAt: 5 } }, 0)).toContain(
      'no plan was made',
    );
  });
});
