import { join } from 'node:path';
import type { RunStatus } from '@praxis/core';
import { learnEvent, newModel } from '../view/run-model.js';
import { FINISHED, RUN } from '../view/sample-run.js';
import type { WorkResult } from './play-work.js';
import { progressLine, workLines } from './work-lines.js';

describe('the playbook of a demo while it runs', () => {
  it('is one line for each step that has ended', () => {
    let model = newModel(RUN);
    const lines = FINISHED.flatMap((watched) => {
      model = learnEvent(model, watched);
      return progressLine(model, watched) ?? [];
    });
    expect(lines).toEqual(['  ✓ title 1.1', '  ✓ title 1.2']);
  });
});

describe('what came of the playbook of a demo', () => {
  const work = (status: RunStatus, more: Partial<WorkResult>): WorkResult => ({
    playbook: 'profile-csv',
    summary: { title: 'Profile sales.csv', status, acceptedAt: 1_000, endedAt: 1_800 } as WorkResult['summary'],
    steps: [],
    result: { rows: 144, columns: 7, report: 'report.md', chart: 'charts/top.svg' },
    files: null,
    problem: null,
    ...more,
  });
  const files = { report: '/home/ann/praxis-demo/report.md', chart: '/home/ann/praxis-demo/charts/top.svg' };

  it('is its size, its time, and where its files are as they are typed there', () =>
    expect(workLines(work('done', { files }), '/home/ann')).toEqual([
      'Profile sales.csv: done in 0.8 s, 144 rows, 7 columns',
      `  report  ${join('praxis-demo', 'report.md')}`,
      `  chart   ${join('praxis-demo', 'charts', 'top.svg')}`,
    ]));

  it('names files outside the working folder in full', () =>
    expect(workLines(work('done', { files }), '/home/ann/work')).toContain(`  report  ${files.report}`));

  it('says why it failed', () =>
    expect(workLines(work('failed', { result: null, problem: 'no such column' }), '/')).toEqual([
      'Profile sales.csv: failed in 0.8 s',
      '  no such column',
    ]));
});
