import { goalSchema, UNBOUNDED, NO_COST, type RunEvent } from '@praxis/core';
import { planSpan, runSpan, subgoalSpan } from '@praxis/platform';
import { nextVersion, spansEndedBy, type Timed } from './run-spans.js';

const RUN = 'r-3f9k2m7q1c';
const goal = goalSchema.parse({ title: 'breakfast', world: 'household', scenario: 'breakfast-a' });
const node = (id: string, owner: string | null) => ({
  id,
  title: `do ${id}`,
  pre: [],
  post: '(p)',
  after: [],
  owner,
  lane: 'default',
  steps: [],
  cost: 1,
});
const settled = (id: string, attempt: number, outcome: 'done' | 'failed'): RunEvent => ({
  type: 'settled',
  node: id,
  attempt,
  outcome,
  reason: 'so',
  steps: 4,
  failedSteps: 1,
  replans: 0,
  toolsUsed: [],
  failures: [],
  spent: NO_COST,
});

function timed(...events: readonly RunEvent[]): readonly Timed[] {
  return events.map((event, i) => ({ event, at: 1000 + 10 * i }));
}

const history = timed(
  { type: 'accepted', goal },
  {
    type: 'opened',
    session: RUN,
    domainName: 'd',
    domain: '',
    problem: '',
    condition: '(p)',
    agents: ['robby'],
    tools: [],
    approvals: [],
    versions: { planning: 1, acting: 1 },
  },
  {
    type: 'planned',
    plan: { version: 1, nodes: [node('1.1', 'robby'), node('1.2', null)] },
    diff: { kept: [], added: ['1.1', '1.2'], dropped: [] },
    reason: 'first',
    evaluated: 7,
  },
  { type: 'dispatched', node: '1.1', attempt: 1, allowance: UNBOUNDED },
  { type: 'dispatched', node: '1.2', attempt: 1, allowance: UNBOUNDED },
  settled('1.1', 1, 'failed'),
  { type: 'ended', outcome: 'failed', reason: 'gave up' },
);

describe('spansEndedBy', () => {
  it('gives the plan from what led to it until it was there', () => {
    expect(spansEndedBy(RUN, history, 2)).toMatchObject([
      [
        planSpan(RUN, 1),
        {
          name: 'plan',
          startedAt: 1010,
          endedAt: 1020,
          attributes: { 'praxis.plan.subgoals': 2, 'praxis.search.evaluated': 7 },
        },
      ],
    ]);
  });

  it('gives a subgoal from its dispatch until it was settled, as the work of its agent', () => {
    expect(spansEndedBy(RUN, history, 5)).toMatchObject([
      [
        subgoalSpan(`${RUN}.1.1.1`),
        {
          name: 'invoke_agent robby',
          startedAt: 1030,
          endedAt: 1050,
          failure: 'failed',
          attributes: {
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.agent.name': 'robby',
            'praxis.failed_steps': 1,
          },
        },
      ],
    ]);
  });

  it('gives the root last, and before it every subgoal that the end cut off: nobody would write it later', () => {
    expect(spansEndedBy(RUN, history, 6)).toMatchObject([
      [subgoalSpan(`${RUN}.1.2.1`), { name: 'invoke_agent', startedAt: 1040, endedAt: 1060, failure: 'cancelled' }],
      [
        runSpan(RUN),
        {
          name: 'run',
          startedAt: 1000,
          endedAt: 1060,
          failure: 'failed',
          attributes: { 'praxis.goal.title': 'breakfast', 'praxis.outcome': 'failed' },
        },
      ],
    ]);
  });

  it('gives nothing for events that end nothing', () => {
    for (const i of [0, 1, 3, 4]) expect(spansEndedBy(RUN, history, i)).toEqual([]);
  });

  it('gives every dispatched subgoal, every plan and the root once over the whole history', () => {
    const ids = history.flatMap((_, i) => spansEndedBy(RUN, history, i)).map(([ref]) => ref.spanId);
    const wanted = [planSpan(RUN, 1), subgoalSpan(`${RUN}.1.1.1`), subgoalSpan(`${RUN}.1.2.1`), runSpan(RUN)].map(
      (ref) => ref.spanId,
    );
    expect(ids).toEqual(wanted);
  });
});

describe('nextVersion', () => {
  it('counts on from the last plan', () => {
    expect(nextVersion(history.slice(0, 2))).toBe(1);
    expect(nextVersion(history)).toBe(2);
  });
});
