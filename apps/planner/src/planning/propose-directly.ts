import { nextPlanVersion, type Json, type Run } from '@praxis/core';
import type { Handlers } from '@praxis/strategy';

type Proposal = Awaited<ReturnType<NonNullable<Handlers['propose']>>>;

/**
 * A plan of one subgoal: the goal itself. Where a world tells no rules, nothing can be said of the steps before they are
 * taken; the actor decides each of them from what it sees.
 */
export function proposeDirectly(state: Run): Proposal {
  const { goal, opened, failures } = state;
  const version = nextPlanVersion(state);
  const node = {
    id: `${version}.1`,
    title: goal.title,
    pre: [],
    post: opened!.condition,
    after: [],
    owner: null,
    lane: 'default',
    steps: [],
    cost: 1,
    gives: [{ name: 'answer' }],
  };
  const note = failures.length === 0 ? '' : `${failures.length} failures are avoided`;
  return { candidates: [{ plan: { version, nodes: [node] }, evaluated: 0 } as unknown as Json], note };
}
