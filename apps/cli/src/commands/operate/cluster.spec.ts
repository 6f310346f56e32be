import type { Overview } from '@praxis/wire';
import { clusterLines } from './cluster.js';

const NOW = 1_700_000_100_000;
const overview: Overview = {
  backend: 'redis',
  runs: { waiting: 0, running: 2, paused: 0, done: 10, failed: 1, cancelled: 0 },
  tools: { candidate: 0, active: 0, rejected: 0, retired: 0 },
  executors: [
    {
      name: 'box-1',
      address: '10.0.0.7:50052',
      lanes: ['default', 'gpu'],
      concurrency: 2,
      busy: ['r-1.1.1.1'],
      draining: false,
      startedAt: NOW - 65_000,
      seenAt: NOW - 1_000,
    },
    {
      name: 'box-2',
      address: '10.0.0.8:50052',
      lanes: ['default'],
      concurrency: 1,
      busy: [],
      draining: false,
      startedAt: NOW - 90_000,
      seenAt: NOW - 30_000,
    },
  ],
  queues: [
    { queue: 'advance', lane: null, waiting: 0, active: 1, delayed: 0, oldestAt: null },
    { queue: 'execute', lane: 'gpu', waiting: 4, active: 0, delayed: 0, oldestAt: NOW - 12_000 },
  ],
  questions: 0,
};
const show = (changed: Partial<Overview> = {}): string =>
  clusterLines({ ...overview, ...changed }, NOW, Number.POSITIVE_INFINITY).join('\n');

describe('clusterLines', () => {
  it('tells who is there, who is gone, and what waits for how long', () => {
    const shown = show();
    expect(shown).toContain('runs    2 running, 10 done, 1 failed\ntools   none yet\n');
    expect(shown).toMatch(/box-1 +busy +default × 2, gpu × 2 +r-1\.1\.1\.1 +1\.0 s ago +1 min 4 s +10\.0\.0\.7:50052/);
    expect(shown).toMatch(/box-2 +gone +default × 1 +– +30 s ago/);
    expect(shown).toMatch(/advance +– +0 +1 +0 +–\n/);
    expect(shown).toMatch(/execute +gpu +4 +0 +0 +12 s$/);
  });

  it('says what to do where no executor is there, and that the queues do not answer', () => {
    const shown = show({ executors: [], queues: null });
    expect(shown).toContain('praxis serve executor');
    expect(shown).toContain('The queues (redis) do not answer');
  });

  it('tells how much waits for people, where something does', () => {
    expect(show()).not.toContain('praxis approvals');
    expect(show({ questions: 2 })).toContain('people  2 questions to answer; see `praxis approvals`');
  });
});
