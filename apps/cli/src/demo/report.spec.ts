import type { RunStatus, RunSummary, Tool } from '@praxis/core';
import { isAllDone, reportJson, reportLines } from './report.js';
import type { DemoOutcome, DemoResult } from './run-demo.js';

const result = (scenario: string, status: RunStatus, failedSteps: number): DemoResult => {
  const summary: RunSummary = {
    id: `r-${scenario}`,
    title: scenario,
    world: 'household',
    space: 's',
    status,
    reason: status === 'failed' ? 'no way' : '',
    planVersion: 1,
    subgoals: 9,
    subgoalsDone: 9,
    steps: 40,
    failedSteps,
    replans: 3,
    toolsUsed: [],
    modelCalls: 0,
    questions: 0,
    acceptedAt: 0,
    endedAt: 12_345,
  };
  return { goal: { world: 'household', scenario, title: scenario }, summary };
};

const tool: Tool = {
  id: 't-1',
  space: 's',
  domain: 'household',
  title: 'before take, make sure of (open ?c)',
  trust: 'active',
  createdAt: 0,
  body: { kind: 'guard', action: 'take', parameters: ['?c'], requires: '(open ?c)' },
  evidence: { subgoals: [], successes: 3, failures: 4, pairs: 7, wins: 7, losses: 0, eValue: 28.66 },
};

const outcome = (last: RunStatus): DemoOutcome => ({
  demo: {
    space: 's',
    seed: '1',
    isSwapped: false,
    strategy: 'search',
    archive: true,
    folder: '/out',
    phase: 'second',
    runs: [],
  },
  work: {
    playbook: 'profile-csv',
    summary: result('sales', 'done', 0).summary,
    steps: [{ title: 'Draw them', status: 'done' }],
    result: { rows: 144, columns: 7, report: 'report.md', chart: 'top.svg' },
    files: { report: '/out/report.md', chart: '/out/top.svg' },
    problem: null,
  },
  halves: [[result('dishes-a', 'done', 12)], [result('dishes-b', last, 2)]],
  tools: [tool],
  known: [tool],
});

describe('the report of a demo', () => {
  it('shows both halves, their sums and what was learned, in 80 columns', () => {
    const lines = reportLines(outcome('done'), 80);
    expect(lines[0]).toMatch(/^goal +outcome +subgoals +steps +failed +replans +tools +models +time$/);
    expect([lines[2], lines[4]]).toEqual([
      expect.stringMatching(/^household dishes-a +done +9\/9 +40 +12 +3 +0 +0 +12 s$/),
      expect.stringMatching(/^household dishes-b +done +9\/9 +40 +2 /),
    ]);
    expect(lines.slice(5)).toEqual([
      '',
      'First half   1 of 1 goal done, 40 steps, of which 12 failed, 3 replans, 0 model calls',
      'Second half  1 of 1 goal done, 40 steps, of which 2 failed, 3 replans, 0 model calls',
      '',
      'Learned (1 tool, 0 more tried and rejected):',
      '  before take, make sure of (open ?c)',
      '      guard, tried in 7 pairs: 7 won, 0 lost, e-value 28.7',
    ]);
    expect(lines.slice(0, 5).every((l) => l.length <= 80)).toBe(true);
  });

  it('says which goal was missed and why', () => {
    expect(isAllDone(outcome('failed'))).toBe(false);
    expect(reportLines(outcome('failed'), 80)).toContain('household dishes-b failed: no way');
  });

  it('says that the playbook was not carried out or saved, and why', () => {
    const done = outcome('done');
    const failed = { ...done, work: { ...done.work, files: null, problem: 'The files are not saved: no room.' } };
    expect(isAllDone(failed)).toBe(false);
    expect(reportLines(failed, 80)).toContain('profile-csv done: The files are not saved: no room.');
    expect(reportJson(failed)).toMatchObject({ ok: false, work: { files: null } });
  });

  it('gives scripts the same numbers', () => {
    expect(reportJson(outcome('done'))).toMatchObject({
      ok: true,
      work: { playbook: 'profile-csv', result: { rows: 144 }, files: { report: '/out/report.md' } },
      halves: [{ goals: 1, failedSteps: 12 }, { failedSteps: 2 }],
    });
  });
});
