import type { Overview, RunSummary } from '../../../src/api.js';
import type { News } from './news.js';
import { tellsOfQuestions } from './questions.js';

const overview = (questions: number): Overview => ({
  backend: 'redis',
  runs: { waiting: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0 },
  tools: { candidate: 0, active: 0, rejected: 0, retired: 0 },
  executors: [],
  queues: [],
  questions,
});
const run = (questions: number): RunSummary => ({
  id: 'r-1',
  title: '',
  world: '',
  space: '',
  status: 'running',
  reason: '',
  planVersion: 1,
  subgoals: 1,
  subgoalsDone: 0,
  steps: 0,
  failedSteps: 0,
  replans: 0,
  toolsUsed: [],
  modelCalls: 0,
  questions,
  acceptedAt: 0,
  endedAt: null,
});
const news = (change: Partial<News> = {}): News => ({
  state: 'live',
  planner: 'here',
  overview: overview(0),
  heardAt: 0,
  runs: new Map(),
  connection: 1,
  ...change,
});
const runs = (...told: readonly RunSummary[]): News['runs'] => new Map(told.map((r) => [r.id, r]));

describe('when open questions are asked for again', () => {
  it('is where a run that asks is told of, also when as many are open as before', () => {
    expect(tellsOfQuestions(news(), news({ runs: runs(run(1)) }))).toBe(true);
    expect(tellsOfQuestions(news({ runs: runs(run(1)) }), news({ runs: runs(run(1)) }))).toBe(true);
    expect(tellsOfQuestions(news({ runs: runs(run(1)) }), news({ runs: runs(run(0)) }))).toBe(true);
  });

  it('is where their number changed, and after every break', () => {
    expect(tellsOfQuestions(news(), news({ overview: overview(1) }))).toBe(true);
    expect(tellsOfQuestions(news(), news({ connection: 2 }))).toBe(true);
  });

  it('is not where nothing was said of them, however much else happens', () => {
    const asking = run(1);
    expect(
      tellsOfQuestions(
        news({ runs: runs(asking) }),
        news({ runs: runs(asking, { ...run(0), id: 'r-2' }), heardAt: 5, overview: overview(0) }),
      ),
    ).toBe(false);
  });
});
