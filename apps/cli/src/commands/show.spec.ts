import { NO_COST, goalSchema, type GoalInput, type RunSummary } from '@praxis/core';
import { viewLines } from './show.js';

const summary: RunSummary = { id: 'r-1', title: 'Tea', world: 'household', space: 'default', status: 'running', reason: '', planVersion: 0, subgoals: 0, subgoalsDone: 0, steps: 0, failedSteps: 0, replans: 0, toolsUsed: [], modelCalls: 3, questions: 0, acceptedAt: 0, endedAt: null };
const lines = (goal: Partial<GoalInput>) => viewLines({ summary, goal: goalSchema.parse({ title: 'Tea', world: 'household', ...goal }), plan: null, nodes: {}, tools: [], spent: NO_COST }, 1_000);

describe('viewLines', () => {
  it('says how a goal is planned and acted, and with which models, where it was not left to the defaults', () => {
    expect(lines({ strategy: 'hybrid', models: { planner: ['big', 'bigger'], actor: ['small'] } })).toEqual(expect.arrayContaining(['strategy  hybrid', 'models    planner big, else bigger; actor small']));
    expect(lines({}).filter((line) => /^(strategy|models)/.test(line))).toEqual([]);
  });

  it('tells where to look for questions', () => {
    expect(viewLines({ summary: { ...summary, questions: 1 }, goal: goalSchema.parse({ title: 'Tea', world: 'household' }), plan: null, nodes: {}, tools: [], spent: NO_COST }, 0)).toContain('asks      1 question; see `praxis approvals --run r-1`');
  });

  it('tells what models have cost, and nothing where none was asked', () => {
    const view = { summary, goal: goalSchema.parse({ title: 'Tea', world: 'household' }), plan: null, nodes: {}, tools: [] };
    expect(viewLines({ ...view, spent: { ...NO_COST, steps: 2, calls: 5, tokens: 16_005, money: 0.25 } }, 0)).toContain('spent     16005 tokens, 0.25 money, calls that led to nothing included');
    expect(viewLines({ ...view, spent: { ...NO_COST, steps: 2, calls: 2 } }, 0).join('\n')).not.toContain('spent ');
  });
});
