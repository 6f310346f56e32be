import { outputsFor, type OpenedEvent, type PlanNode, type Run, type WorldSession } from '@praxis/core';
import { MOST_STALE, PATIENCE } from '@praxis/strategy';
import type { Assignment } from './assignment.js';

/** The first event of a subgoal: what it is to bring about, from where, and within which bounds. */
export async function openingOf(
  { run, node, allowance }: Assignment,
  session: WorldSession,
  by: string,
): Promise<OpenedEvent> {
  const { facts, numbers } = await session.observe();
  const { budget } = run.goal;
  return {
    type: 'opened',
    by,
    strategy: run.goal.strategy,
    state: { facts: [...facts], numbers: { ...numbers } },
    condition: node.post,
    owner: node.owner,
    // Where people can grant more, the allowance is the only bound.
    limits: {
      steps: budget.whenSpent === 'ask' ? Number.MAX_SAFE_INTEGER : budget.steps - run.steps,
      replans: budget.replans,
      patience: PATIENCE,
      stale: MOST_STALE,
    },
    allowance: { ...allowance },
    suggested: node.steps,
    avoid: [...run.failures],
    domain: run.opened!.domainName,
    ...(!session.snapshots && { snapshots: false }),
    ...(run.heard.length > 0 && { heard: run.heard.map((a) => ({ ...a })) }),
    seed: run.goal.seed,
    ...workOf(run, node),
  };
}

/** What the subgoal may refer to and what it has to do; older goals have none of it. */
export function workOf(run: Run, node: PlanNode): Pick<OpenedEvent, 'inputs' | 'checks' | 'script'> {
  const inputs = outputsFor(run, node);
  const checks = { ...run.goal.checks, ...run.opened?.checks, ...node.checks };
  return {
    ...(Object.keys(inputs).length > 0 && { inputs }),
    ...(Object.keys(checks).length > 0 && { checks }),
    ...(node.script && { script: node.script }),
  };
}
