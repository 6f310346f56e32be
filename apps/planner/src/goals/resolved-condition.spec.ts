import { goalSchema, type GoalInput, type Run } from '@praxis/core';
import { withResolvedCondition } from './resolved-condition.js';

const opened: NonNullable<Run['opened']> = {
  type: 'opened',
  session: 's',
  domainName: 'd',
  domain: '',
  problem: '',
  condition: '(clean cup)',
  agents: [],
  tools: [],
  approvals: [],
  versions: { planning: 1, acting: 1 },
};
const conditionOf = (goal: Partial<GoalInput>, at: Run['opened']): string =>
  withResolvedCondition({ goal: goalSchema.parse({ title: 'Tea', world: 'household', ...goal }), opened: at })
    .condition;

describe('withResolvedCondition', () => {
  it('shows people what a model made of their words, and leaves what they said themselves', () => {
    expect(conditionOf({ request: 'a clean cup' }, opened)).toBe('(clean cup)');
    expect(conditionOf({ request: 'a clean cup' }, null)).toBe('');
    expect(conditionOf({ condition: '(open door)' }, opened)).toBe('(open door)');
    expect(conditionOf({ scenario: 'tea-a' }, opened)).toBe('');
  });
});
