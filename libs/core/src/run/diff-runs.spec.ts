import { NO_COST, UNBOUNDED } from '../values/cost.js';
import { diffRuns } from './diff-runs.js';
import { goalSchema } from '../goals/goal.js';
import { makeSubgoalId, runStream, subgoalStream } from '../values/ids.js';
import type { NewEvent, StoredEvent } from '../journal/journal.js';
import type { PlanNode } from '../goals/plan.js';
import { runEvents, type RunEvent } from './run-event.js';
import { readRun, type RunHistory } from './run-history.js';
import { stepEvents, type StepEvent } from '../acting/step.js';

const node = (id: string, post: string, more: Partial<PlanNode> = {}): PlanNode => ({
  id,
  title: post,
  pre: [],
  post,
  after: [],
  owner: null,
  lane: 'default',
  steps: [],
  cost: 1,
  ...more,
});
const change = { added: [], removed: [], numbers: {} };

/** What an agent did: the action's name, and whether it went well. */
type Did = readonly (readonly [skill: string, ok: boolean])[];

function stepsOf(did: Did): readonly StepEvent[] {
  return did.flatMap(([skill, ok], step): StepEvent[] => [
    { type: 'decided', id: `e${step}`, step, action: { skill, args: {} }, why: '', origin: 'search', taint: [] },
    {
      type: 'observed',
      id: `e${step}`,
      step,
      result: ok ? { ok, message: '' } : { ok, code: 'not-applicable', message: '' },
      change,
    },
  ]);
}

/** A run of which each node did something; `late` says which node's events were written last. */
function history(
  run: string,
  nodes: readonly PlanNode[],
  did: Readonly<Record<string, Did>>,
  late = '',
): Promise<RunHistory> {
  const written = new Map<string, readonly StoredEvent[]>();
  const write = (stream: string, events: readonly NewEvent[], at: number): void =>
    void written.set(
      stream,
      events.map((e, position) => ({ ...e, stream, position, at: at + position })),
    );
  const own: RunEvent[] = [
    { type: 'accepted', goal: goalSchema.parse({ title: 't', world: 'w', seed: run }) },
    {
      type: 'planned',
      plan: { version: 1, nodes: [...nodes] },
      diff: { kept: [], added: [], dropped: [] },
      reason: 'first',
      evaluated: 5,
    },
    ...nodes.map((n): RunEvent => ({ type: 'dispatched', node: n.id, attempt: 1, allowance: UNBOUNDED })),
    ...nodes.map((n): RunEvent => ({
      type: 'settled',
      node: n.id,
      attempt: 1,
      outcome: 'done',
      reason: '',
      steps: 1,
      failedSteps: 0,
      replans: 0,
      toolsUsed: [`t-${run}`],
      failures: [],
      spent: NO_COST,
    })),
    { type: 'ended', outcome: 'done', reason: 'so' },
  ];
  write(
    runStream(run),
    own.map((e) => runEvents.encode(e)),
    0,
  );
  for (const n of nodes)
    write(
      subgoalStream(makeSubgoalId(run, n.id, 1)),
      stepsOf(did[n.id] ?? []).map((e) => stepEvents.encode(e)),
      n.id === late ? 1000 : 0,
    );
  return readRun(run, { read: async (stream) => written.get(stream) ?? [] });
}

describe('diffRuns', () => {
  const nodes = [node('1.1', '(a)'), node('1.2', '(b)')];
  const did: Readonly<Record<string, Did>> = {
    '1.1': [
      ['go', true],
      ['take', true],
    ],
    '1.2': [['wait', true]],
  };

  it('finds nothing between a run and its repetition, whichever agent came to act first', async () => {
    const diff = diffRuns(await history('r-a', nodes, did), await history('r-b', nodes, did, '1.1'));
    expect(diff).toMatchObject({
      isSame: true,
      steps: { same: 3, diverged: null },
      plan: { added: [], dropped: [], changed: [] },
    });
    expect(diff.goal).toEqual([{ field: 'seed', a: 'r-a', b: 'r-b' }]);
    expect(diff.tools).toEqual({ onlyA: ['t-r-a'], onlyB: ['t-r-b'] });
  });

  it('names the first step that differs, by its action or by what came of it', async () => {
    const other = await history(
      'r-b',
      nodes,
      {
        ...did,
        '1.1': [
          ['go', true],
          ['drop', true],
        ],
      },
      '1.1',
    );
    const slipped = await history('r-c', nodes, {
      ...did,
      '1.1': [
        ['go', true],
        ['take', false],
      ],
    });
    const a = await history('r-a', nodes, did, '1.1');
    expect(diffRuns(a, other).steps).toMatchObject({
      same: 2,
      diverged: {
        a: { node: '1.1', action: '(take)', outcome: 'ok' },
        b: { node: '1.1', action: '(drop)', outcome: 'ok' },
      },
    });
    expect(diffRuns(a, slipped).steps.diverged).toMatchObject({
      a: { outcome: 'ok' },
      b: { outcome: 'not-applicable' },
    });
  });

  it('says where one run went on and the other did not', async () => {
    const shorter = await history('r-b', nodes, { ...did, '1.2': [] });
    const a = await history('r-a', nodes, did);
    expect(diffRuns(a, shorter).steps.diverged).toMatchObject({ a: { action: '(wait)' }, b: null });
    expect(diffRuns(shorter, a).steps.diverged).toMatchObject({ a: null, b: { action: '(wait)' } });
  });

  it('tells nodes apart by what they bring about, not by their numbers', async () => {
    const b = await history('r-b', [node('1.1', '(b)', { owner: 'ruby' }), node('1.2', '(c)')], {});
    const { plan, isSame } = diffRuns(await history('r-a', nodes, did), b);
    expect(isSame).toBe(false);
    expect(plan.dropped.map((n) => n.post)).toEqual(['(a)']);
    expect(plan.added.map((n) => n.post)).toEqual(['(c)']);
    expect(plan.changed).toMatchObject([{ a: { id: '1.2' }, b: { id: '1.1' }, fields: ['owner'] }]);
  });
});
