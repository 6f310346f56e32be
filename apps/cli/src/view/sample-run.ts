import { goalSchema, NO_COST, UNBOUNDED, type Plan, type PlanNode, type RunEvent, type StepEvent } from '@praxis/core';
import type { WatchedEvent } from '@praxis/wire';

/** A run for specs of what is shown: `breakfast-a` with two subgoals, the first of which failed once. */
export const RUN = 'r-1';

const node = (id: string, after: readonly string[]): PlanNode => ({
  id,
  title: `title ${id}`,
  pre: [],
  post: '(p)',
  after: [...after],
  owner: 'robby',
  lane: 'default',
  steps: [],
  cost: 1,
});
const plan: Plan = { version: 1, nodes: [node('1.1', []), node('1.2', ['1.1'])] };

/** An event of the run's own stream. */
export function runEvent(event: RunEvent, position = 0): WatchedEvent {
  return { stream: `run/${RUN}`, position, at: 1_000 + position * 1_000, kind: 'run', event };
}

/** An event of a subgoal's stream. */
export function stepEvent(subgoal: string, event: StepEvent): WatchedEvent {
  return { stream: `subgoal/${subgoal}`, position: 0, at: 1_500, kind: 'step', event };
}

const NONE = { added: [], removed: [], numbers: {} };
const act = (subgoal: string, step: number, isDone: boolean): readonly WatchedEvent[] => [
  stepEvent(subgoal, {
    type: 'decided',
    id: 'x',
    step,
    action: { skill: 'open', args: { r: 'robby', c: 'fridge' } },
    why: '',
    origin: 'policy',
    taint: [],
  }),
  stepEvent(subgoal, {
    type: 'observed',
    id: 'x',
    step,
    result: isDone ? { ok: true, message: '' } : { ok: false, code: 'not-applicable', message: 'It is shut.' },
    change: NONE,
  }),
];
const proposed = (subgoal: string): WatchedEvent =>
  stepEvent(subgoal, { type: 'proposed', id: 'x', candidates: [], note: '' });

/** The run until its first subgoal is under way, in which one of two steps failed. */
export const UNDER_WAY: readonly WatchedEvent[] = [
  runEvent({
    type: 'accepted',
    goal: goalSchema.parse({ title: 'Breakfast', world: 'household', scenario: 'breakfast-a' }),
  }),
  runEvent(
    {
      type: 'opened',
      session: RUN,
      domainName: 'household',
      domain: '',
      problem: '',
      condition: '(p)',
      agents: ['robby'],
      tools: [],
      approvals: [],
      versions: { planning: 1, acting: 1 },
    },
    1,
  ),
  runEvent(
    { type: 'planned', plan, diff: { kept: [], added: ['1.1', '1.2'], dropped: [] }, reason: 'first', evaluated: 10 },
    2,
  ),
  { ...proposed(`${RUN}.1.1.1`), stream: `planning/${RUN}.1` },
  runEvent({ type: 'dispatched', node: '1.1', attempt: 1, allowance: UNBOUNDED }, 3),
  proposed(`${RUN}.1.1.1`),
  ...act(`${RUN}.1.1.1`, 0, false),
  proposed(`${RUN}.1.1.1`),
  ...act(`${RUN}.1.1.1`, 1, true),
];

const settled = (id: string, position: number): WatchedEvent =>
  runEvent(
    {
      type: 'settled',
      node: id,
      attempt: 1,
      outcome: 'done',
      reason: '',
      steps: 2,
      failedSteps: 1,
      replans: 1,
      toolsUsed: [],
      failures: [],
      spent: NO_COST,
    },
    position,
  );

/** The run to its end. */
export const FINISHED: readonly WatchedEvent[] = [
  ...UNDER_WAY,
  settled('1.1', 4),
  runEvent({ type: 'dispatched', node: '1.2', attempt: 1, allowance: UNBOUNDED }, 5),
  settled('1.2', 6),
  runEvent({ type: 'checked', holds: true }, 7),
  runEvent({ type: 'ended', outcome: 'done', reason: 'the goal holds' }, 8),
];
