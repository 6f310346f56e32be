import { goalSchema, runEvents, stepEvents, type RunEvent, type StepEvent } from '@praxis/core';
import type { History, ModelRow, Noted } from '../history.js';
import { DEEDS, type Arrival, type Deed } from '../recorder.js';

/** Subject of the specs of the laws: a run in which all went well although it was hard. */
export const RUN = 'r-0000000001';
export const SUBGOAL = `${RUN}.1.1.1`;

const STEPS = { steps: 40, calls: null, tokens: null, money: null, risk: null };
const spent = (steps: number) => ({ steps, calls: steps, tokens: 0, money: 0, risk: 0 });
const uncertain = {
  id: 'q-1',
  kind: 'uncertain',
  text: 'Was it mailed?',
  action: { skill: 'mail', args: { c: 'clerk1', i: 'item-1-1-1' } },
  effect: 'irreversible',
  key: 'key-2',
};
const NO_CHANGE = { added: [], removed: [], numbers: {} };

function steps(deeds: readonly Deed[]): readonly object[] {
  return deeds.flatMap((skill, step) => [
    {
      type: 'decided',
      id: `e${String(step)}`,
      step,
      action: { skill, args: { c: 'clerk1', i: 'item-1-1-1' } },
      why: '',
      origin: 'policy',
    },
    ...(DEEDS[skill] === 'pure'
      ? []
      : [{ type: 'tried', id: `e${String(step)}`, step, key: `key-${String(step)}`, effect: 'irreversible' }]),
    ...(skill === 'mail'
      ? [
          { type: 'asked', id: `e${String(step)}`, question: uncertain },
          { type: 'parked', questions: ['q-1'] },
          {
            type: 'replied',
            id: `e${String(step)}`,
            question: 'q-1',
            answer: { verdict: 'not-happened', by: 'chaos' },
          },
          { type: 'tried', id: `e${String(step)}`, step, key: `key-${String(step)}`, effect: 'irreversible' },
        ]
      : []),
    { type: 'observed', id: `e${String(step)}`, step, result: { ok: true, message: 'done' }, change: NO_CHANGE },
  ]);
}

const node = {
  id: '1.1',
  title: 'item',
  steps: [],
  cost: 3,
  pre: [],
  post: '(mailed item-1-1-1)',
  after: [],
  lane: 'default',
  owner: null,
};

const RUN_EVENTS: readonly object[] = [
  { type: 'accepted', goal: goalSchema.parse({ title: 'errand', world: 'pddl', budget: { steps: 50 } }) },
  { type: 'opened', session: RUN, domainName: 'office', domain: '', problem: '', condition: '', agents: [], tools: [] },
  {
    type: 'planned',
    plan: { version: 1, nodes: [node] },
    diff: { kept: [], added: ['1.1'], dropped: [] },
    reason: 'first',
    evaluated: 1,
  },
  { type: 'dispatched', node: '1.1', attempt: 1, allowance: STEPS },
  { type: 'answered', question: 'q-1', subgoal: SUBGOAL, answer: { verdict: 'not-happened', by: 'chaos' } },
  {
    type: 'settled',
    node: '1.1',
    attempt: 1,
    outcome: 'done',
    reason: '',
    steps: 3,
    failedSteps: 0,
    replans: 0,
    toolsUsed: [],
    failures: [],
    spent: spent(3),
  },
  { type: 'checked', holds: true },
  { type: 'ended', outcome: 'done', reason: 'the goal holds' },
];

const STEP_EVENTS: readonly object[] = [
  {
    type: 'opened',
    by: 'executor-1',
    strategy: 'search',
    state: { facts: [], numbers: {} },
    condition: '',
    owner: null,
    limits: { steps: 40, replans: 3 },
    allowance: STEPS,
    suggested: [],
    avoid: [],
    domain: 'office',
  },
  ...steps(['check', 'stamp', 'mail']),
  { type: 'ended', outcome: 'done', reason: '', result: null },
];

/** Events as the database gives them back. */
export function note(stream: string, events: readonly object[]): readonly Noted[] {
  const codec = stream.startsWith('run/') ? runEvents : stepEvents;
  return events.map((event, position) => {
    const { type, ...data } = event as { readonly type: string };
    return {
      stream,
      position,
      at: 1_000 + position,
      event: codec.decode({ type, version: 1, data }) as RunEvent | StepEvent,
    };
  });
}

const arrival = (deed: Deed, key: string | null, more: Partial<Arrival> = {}): Arrival => ({
  at: 0,
  deed,
  item: 'item-1-1-1',
  key,
  applied: true,
  ...more,
});

/** What the run's own stream and its subgoal's hold, for specs that want to spoil them. */
export const EVENTS = { run: RUN_EVENTS, subgoal: STEP_EVENTS } as const;

/** A history in which every law holds: a repetition under the same key, and a second attempt that a person allowed. */
export function goodHistory(
  changes: { readonly run?: readonly object[]; readonly subgoal?: readonly object[] } & Partial<
    Omit<History, 'run'>
  > = {},
): History {
  const { run = RUN_EVENTS, subgoal = STEP_EVENTS, ...rest } = changes;
  const streams = new Map([
    [`run/${RUN}`, note(`run/${RUN}`, run)],
    [`subgoal/${SUBGOAL}`, note(`subgoal/${SUBGOAL}`, subgoal)],
  ]);
  const runRow: ModelRow = {
    id: RUN,
    status: 'done',
    reason: 'the goal holds',
    plan_version: 1,
    subgoals: 1,
    subgoals_done: 1,
    steps: 3,
    failed_steps: 0,
    replans: 0,
    length: 8,
    is_over: true,
  };
  return {
    run: RUN,
    wasTaken: true,
    wanted: (['check', 'stamp', 'mail'] as const).map((deed) => ({ deed, item: 'item-1-1-1' })),
    streams,
    told: [{ stream: `run/${RUN}`, position: 2, type: 'planned' }],
    arrivals: [
      arrival('check', null),
      arrival('check', null),
      arrival('stamp', 'key-1'),
      arrival('stamp', 'key-1', { applied: false }),
      arrival('mail', 'key-2'),
    ],
    words: [{ deed: 'mail', item: 'item-1-1-1', verdict: 'not-happened' }],
    models: {
      runs: [runRow],
      subgoals: [
        { id: SUBGOAL, node: '1.1', attempt: 1, status: 'done', reason: '', steps: 3, failed_steps: 0, is_over: true },
      ],
      questions: [{ id: 'q-1', kind: 'uncertain', verdict: 'not-happened' }],
    },
    ...rest,
  };
}
