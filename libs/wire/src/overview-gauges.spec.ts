import type { Overview } from './service-apis.js';
import { gaugesOf } from './overview-gauges.js';

const NOW = 1_700_000_100_000;
const executor = (name: string, seenAt: number, busy: readonly string[] = []): Overview['executors'][number] => ({
  name,
  address: 'h:1',
  lanes: ['default'],
  concurrency: 1,
  busy,
  draining: false,
  startedAt: 0,
  seenAt,
});
const overview: Overview = {
  backend: 'redis',
  runs: { running: 2, done: 5 } as unknown as Overview['runs'],
  tools: { candidate: 0, active: 3, rejected: 1, retired: 0 },
  executors: [executor('a', NOW), executor('b', NOW, ['r-1.1.1.1']), executor('c', NOW - 60_000)],
  queues: [
    { queue: 'advance', lane: null, waiting: 0, active: 1, delayed: 0, oldestAt: null },
    { queue: 'execute', lane: 'gpu', waiting: 4, active: 0, delayed: 0, oldestAt: NOW - 2_500 },
  ],
  questions: 3,
};

function value(gauge: string, labels: Readonly<Record<string, string>>): number | undefined {
  return gaugesOf(overview, NOW).find((r) => r.gauge === gauge && JSON.stringify(r.labels) === JSON.stringify(labels))
    ?.value;
}

describe('gaugesOf', () => {
  it('tells of runs, tools and executors by how they stand', () => {
    expect([value('praxis_runs', { status: 'done' }), value('praxis_tools', { trust: 'active' })]).toEqual([5, 3]);
    expect(['idle', 'busy', 'draining', 'gone'].map((state) => value('praxis_executors', { state }))).toEqual([
      1, 1, 0, 1,
    ]);
  });

  it('tells how many questions wait for people', () => {
    expect(value('praxis_questions', {})).toBe(3);
  });

  it('tells of queues by lane: how many jobs, and for how long the oldest has waited', () => {
    expect(value('praxis_queue_jobs', { queue: 'execute', lane: 'gpu', state: 'waiting' })).toBe(4);
    expect(value('praxis_queue_oldest_job_age_seconds', { queue: 'execute', lane: 'gpu' })).toBe(2.5);
    expect(value('praxis_queue_oldest_job_age_seconds', { queue: 'advance', lane: '' })).toBe(0);
  });

  it('tells of everything else where the queues are away', () => {
    const gauges = gaugesOf({ ...overview, queues: null }, NOW).map((r) => r.gauge);
    expect(gauges).toContain('praxis_runs');
    expect(gauges).not.toContain('praxis_queue_jobs');
  });
});
