import { goalSchema, type GoalInput, type RunSummary } from '@praxis/core';
import { viewLines } from './show.js';

const summary: RunSummary = { id: 'r-1', title: 'Tea', world: 'household', space: 'default', status: 'running', reason: '', planVersion: 0, subgoals: 0, subgoalsDone: 0, steps: 0, failedSteps: 0, replans: 0, toolsUsed: [], modelCalls: 3, questions: 0, acceptedAt: 0, endedAt: null };
const lines = (goal: Partial<GoalInput>) => viewLines({ summary, goal: goalSchema.parse({ title: 'Tea', world: 'household', ...goal }), plan: null, nodes: {}, tools: [], postponed: [] }, 1_000);

describe('viewLines', () => {
  it('says how a goal is planned and acted, and with which models, where it was not left to the defaults', () => {
    expect(lines({ strategy: 'hybrid', models: { planner: ['big', 'bigger'], actor: ['small'] } })).toEqual(expect.arrayContaining(['strategy  hybrid', 'models    planner big, else bigger; actor small']));
    expect(lines({}).filter((line) => /^(strategy|models)/.test(line))).toEqual([]);
  });

  it('tells what it waits for, until when, and how to go on at once', () => {
    const postponed = [{ node: '1.1', until: Date.UTC(2026, 0, 1), attempt: 3, reason: '(charge inv4711): bank answered 503' }];
    const told = viewLines({ summary, goal: goalSchema.parse({ title: 'Tea', world: 'household' }), plan: null, nodes: {}, tools: [], postponed }, 0);
    expect(told).toContainEqual(expect.stringMatching(/^waits {5}1\.1 until .* \(3 attempts failed\): \(charge inv4711\): bank answered 503; `praxis retry r-1` tries now$/));
  });

  it('tells where to look for questions', () => {
    expect(viewLines({ summary: { ...summary, questions: 1 }, goal: goalSchema.parse({ title: 'Tea', world: 'household' }), plan: null, nodes: {}, tools: [], postponed: [] }, 0)).toContain('asks      1 question; see `praxis approvals --run r-1`');
  });
});
