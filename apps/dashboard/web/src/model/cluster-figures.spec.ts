import type { ExecutorState, Overview } from '../../../src/api.js';
import { clusterFigures, presenceOf } from './cluster-figures.js';

const NOW = 1_000_000;
const executor = (name: string, change: Partial<ExecutorState> = {}): ExecutorState => ({
  name,
  address: 'localhost:1',
  lanes: ['default'],
  concurrency: 4,
  busy: [],
  draining: false,
  startedAt: 0,
  seenAt: NOW,
  ...change,
});
const overview: Overview = {
  backend: 'redis',
  runs: { waiting: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0 },
  tools: { candidate: 0, active: 0, rejected: 0, retired: 0 },
  executors: [
    executor('a', { busy: ['r-1.1.1.1', 'r-1.1.2.1'] }),
    executor('b'),
    executor('c', { draining: true }),
    executor('d', { seenAt: NOW - 10_001, busy: ['r-1.1.3.1'] }),
  ],
  queues: [
    { queue: 'execute', lane: 'default', waiting: 2, active: 1, delayed: 0, oldestAt: NOW - 5 },
    { queue: 'execute', lane: 'gpu', waiting: 1, active: 0, delayed: 0, oldestAt: NOW - 9 },
    { queue: 'advance', lane: null, waiting: 7, active: 0, delayed: 0, oldestAt: NOW - 99 },
  ],
  questions: 0,
};

describe('figures of the cluster', () => {
  it('leave out executors that were not seen for ten seconds', () => {
    expect(overview.executors.map((e) => presenceOf(e, NOW))).toEqual(['busy', 'ready', 'draining', 'gone']);
    expect(clusterFigures(overview, NOW)).toMatchObject({ ready: 2, busy: 1, subgoals: 2 });
  });

  it('sum a queue over its lanes, and say so where the store is away', () => {
    expect(clusterFigures(overview, NOW).execute).toEqual({ waiting: 3, active: 1, delayed: 0, oldestAt: NOW - 9 });
    expect(clusterFigures({ ...overview, queues: null }, NOW).execute).toBeNull();
  });
});
