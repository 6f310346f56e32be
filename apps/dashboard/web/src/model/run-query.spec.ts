import type { RunSummary } from '../../../src/api.js';
import { fits, mergeNews, readRunQuery, runsHref, runsPath } from './run-query.js';

const run = (id: string, acceptedAt: number, change: Partial<RunSummary> = {}): RunSummary => ({
  id,
  title: `Goal ${id}`,
  world: 'household',
  space: 'default',
  status: 'running',
  reason: '',
  planVersion: 1,
  subgoals: 2,
  subgoalsDone: 0,
  steps: 0,
  failedSteps: 0,
  replans: 0,
  toolsUsed: [],
  modelCalls: 0,
  questions: 0,
  acceptedAt,
  endedAt: null,
  ...change,
});
const ALL = readRunQuery(new URLSearchParams());
const news = (...runs: RunSummary[]): ReadonlyMap<string, RunSummary> => new Map(runs.map((r) => [r.id, r]));

describe('the filter in the address', () => {
  it('comes back as it went, and forgets what it does not know', () => {
    const query = readRunQuery(new URLSearchParams('status=failed&text=a%26b&world=x&status=done&what=1'));
    expect(query).toEqual({ status: 'failed', world: 'x', space: null, text: 'a&b', page: null });
    expect(readRunQuery(new URL(runsHref(query), 'http://x').searchParams)).toEqual(query);
    expect(readRunQuery(new URLSearchParams('status=nonsense')).status).toBeNull();
  });

  it('begins on the first page when it changes', () => {
    expect(runsHref({ ...ALL, page: 'token' }, { status: 'done' })).toBe('/?status=done');
    expect(runsPath({ ...ALL, page: 'token' })).toBe('/api/runs?page=token&size=50');
  });

  it('finds in titles whatever the case, and at the beginning of ids', () => {
    expect(fits(run('r-abc', 1), { ...ALL, text: 'GOAL' })).toBe(true);
    expect(fits(run('r-abc', 1), { ...ALL, text: 'r-a' })).toBe(true);
    expect(fits(run('r-abc', 1, { title: 'x' }), { ...ALL, text: 'abc' })).toBe(false);
  });
});

describe('a list that is live', () => {
  const listed = [run('r-2', 2), run('r-1', 1)];

  it('changes rows where they stand, also when they no longer fit', () => {
    const { rows, fresh } = mergeNews(listed, new Set(), news(run('r-1', 1, { status: 'done' })), {
      ...ALL,
      status: 'running',
    });
    expect(rows.map((r) => [r.id, r.status])).toEqual([
      ['r-2', 'running'],
      ['r-1', 'done'],
    ]);
    expect(fresh).toEqual([]);
  });

  it('sets newer runs that fit apart, newest first, and only on the first page', () => {
    const changed = news(run('r-3', 3), run('r-4', 4), run('r-5', 5, { status: 'failed' }), run('r-0', 0));
    expect(mergeNews(listed, new Set(), changed, { ...ALL, status: 'running' }).fresh.map((r) => r.id)).toEqual([
      'r-4',
      'r-3',
    ]);
    expect(mergeNews(listed, new Set(), changed, { ...ALL, page: 'token' }).fresh).toEqual([]);
  });

  it('keeps a new run that was shown, also when it no longer fits', () => {
    const changed = news(run('r-3', 3, { status: 'done' }));
    expect(mergeNews(listed, new Set(['r-3']), changed, { ...ALL, status: 'running' }).fresh.map((r) => r.id)).toEqual([
      'r-3',
    ]);
  });
});
