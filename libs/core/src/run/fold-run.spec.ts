import { UNBOUNDED } from '../values/cost.js';
import { goalSchema } from '../goals/goal.js';
import { diffPlans, type PlanNode } from '../goals/plan.js';
import type { Answer } from '../acting/question.js';
import type { RunEvent } from './run-event.js';
import { fold } from './fold-run.js';
import type { Outcome } from '../acting/step.js';

const node = (id: string): PlanNode => ({
  id,
  title: id,
  pre: [],
  post: '(done)',
  after: [],
  owner: null,
  lane: 'default',
  steps: [],
  cost: 1,
});
const opened: RunEvent = {
  type: 'opened',
  session: 's',
  domainName: 'd',
  domain: '',
  problem: '',
  condition: '',
  agents: [],
  tools: [],
  approvals: [],
  versions: { planning: 1, acting: 1 },
};
const planned = (ids: readonly string[], reason: 'first' | 'repair' = 'first'): RunEvent => {
  const plan = { version: 1, nodes: ids.map(node) };
  return {
    type: 'planned',
    plan,
    diff: diffPlans(null, plan) as Extract<RunEvent, { type: 'planned' }>['diff'],
    reason,
    evaluated: 0,
  };
};
const begun: readonly RunEvent[] = [
  { type: 'accepted', goal: goalSchema.parse({ title: 'g', world: 'w' }) },
  opened,
  planned(['1.1', '1.2']),
];
const dispatched = (id: string, steps: number): RunEvent => ({
  type: 'dispatched',
  node: id,
  attempt: 1,
  allowance: { ...UNBOUNDED, steps },
});
const cost = (steps: number) => ({ steps, calls: steps, tokens: 0, money: 0, risk: 0 });
const settled = (
  id: string,
  outcome: Outcome,
  more: Partial<Extract<RunEvent, { type: 'settled' }>> = {},
): RunEvent => ({
  type: 'settled',
  node: id,
  attempt: 1,
  outcome,
  reason: `${id} is ${outcome}`,
  steps: 1,
  failedSteps: 0,
  replans: 0,
  toolsUsed: [],
  failures: [],
  spent: cost(more.steps ?? 1),
  ...more,
});
const grant = (question: string, subgoal: string | null, steps: number): RunEvent => {
  const answer: Answer = {
    verdict: 'grant',
    by: 'me',
    reason: '',
    args: null,
    grant: { ...cost(0), steps },
    value: null,
  };
  return { type: 'answered', question, subgoal, answer };
};

describe('fold', () => {
  it('knows nothing before the goal was accepted', () => {
    expect(fold([])).toBeNull();
    expect(fold([opened])).toBeNull();
  });

  it('adds up what the subgoals report', () => {
    const failure = { action: '(a)', code: 'not-applicable' as const, facts: [] };
    const run = fold([
      ...begun,
      dispatched('1.1', 9),
      settled('1.1', 'done', { steps: 4, failedSteps: 1, replans: 2, toolsUsed: ['t1', 't2'], failures: [failure] }),
      dispatched('1.2', 9),
      settled('1.2', 'failed', { steps: 2, failedSteps: 2, replans: 1, toolsUsed: ['t2'] }),
      planned(['2.1'], 'repair'),
    ])!;
    expect(run).toMatchObject({
      steps: 6,
      failedSteps: 3,
      localReplans: 3,
      replans: 1,
      toolsUsed: ['t1', 't2'],
      failures: [failure],
      spent: cost(6),
    });
    expect([...run.nodes]).toEqual([['2.1', { status: 'pending', attempt: 0, reason: '', allowance: UNBOUNDED }]]);
  });

  it('remembers each failure once, however many subgoals met it', () => {
    const failure = { action: '(a)', code: 'not-applicable' as const, facts: ['(p)'] };
    const other = { ...failure, facts: [] };
    const run = fold([
      ...begun,
      dispatched('1.1', 9),
      settled('1.1', 'failed', { failures: [failure, other] }),
      dispatched('1.2', 9),
      settled('1.2', 'failed', { failures: [failure] }),
    ])!;
    expect(run.failures).toEqual([other, failure]);
  });

  it('spends what was spent, not what was refused', () => {
    expect(
      fold([...begun, dispatched('1.1', 1), settled('1.1', 'failed', { steps: 2, spent: cost(1) })]),
    ).toMatchObject({ steps: 2, spent: cost(1) });
  });

  it('adds a grant to the subgoal that asked, while that attempt is under way, and notes the answer in any case', () => {
    const run = fold([...begun, dispatched('1.1', 3), grant('q-1', 'r-1.1.1.1', 2), grant('q-2', 'r-1.1.1.2', 50)])!;
    expect(run.nodes.get('1.1')!.allowance).toEqual({ ...UNBOUNDED, steps: 5 });
    expect([...run.answers.keys()]).toEqual(['q-1', 'q-2']);
    expect(run.granted).toEqual(cost(0));
  });

  it('forgets what the world said about the goal once there is work again', () => {
    expect(fold([...begun, { type: 'checked', holds: false }, dispatched('1.1', 3)])!.checked).toBeNull();
  });

  it('begins a fork where its parent was, in a world of its own, with nobody holding it back', () => {
    const run = fold([
      ...begun,
      dispatched('1.1', 3),
      { type: 'paused', by: 'me', reason: '' },
      { type: 'cancelling', reason: 'x', outcome: 'cancelled' },
      {
        type: 'forked',
        parent: 'r-0',
        session: 'other',
        cut: {},
        overrides: { seed: '7', strategy: null, versions: null, tools: null, action: null },
        again: ['1.1'],
      },
    ])!;
    expect(run).toMatchObject({
      paused: null,
      cancelling: null,
      ended: null,
      opened: { session: 'other' },
      goal: { seed: '7', strategy: 'search' },
      forked: { parent: 'r-0' },
    });
    expect(run.nodes.get('1.1')).toMatchObject({ status: 'pending', attempt: 1 });
  });
});
