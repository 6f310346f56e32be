import {
  fold,
  goalSchema,
  scriptStepSchema,
  stepEvents,
  subgoalStream,
  UNBOUNDED,
  type Json,
  type PlanNode,
  type RunEvent,
  type StepEvent,
} from '@praxis/core';
import { callKey } from '@praxis/strategy';
import { MemoryJournal } from '@praxis/testing';
import { givenEarlier } from './given-earlier.js';

const step = (each: boolean, skill = 'x') =>
  scriptStepSchema.parse({
    id: 'remind',
    do: skill,
    with: { n: '$item' },
    ...(each && { each: { of: '$list' } }),
  });
const node = (id: string, script: ReturnType<typeof step>): PlanNode => ({
  id,
  title: '',
  pre: [],
  post: '(and)',
  after: [],
  owner: null,
  lane: 'default',
  steps: [],
  cost: 1,
  script: [script],
});
const events = (first: PlanNode, second: PlanNode): readonly RunEvent[] => [
  { type: 'accepted', goal: goalSchema.parse({ title: 't' }) },
  { type: 'planned', plan: { version: 1, nodes: [first] }, evaluated: 0, reason: 'first' } as unknown as RunEvent,
  { type: 'dispatched', node: first.id, attempt: 1, allowance: UNBOUNDED },
  { type: 'planned', plan: { version: 2, nodes: [second] }, evaluated: 0, reason: 'x' } as unknown as RunEvent,
  { type: 'dispatched', node: second.id, attempt: 1, allowance: UNBOUNDED },
];
const decided = (item: number, n: Json, number = item): StepEvent => ({
  type: 'decided',
  id: `e:remind:${item}:0`,
  step: number,
  action: { skill: 'x', args: { n } },
  why: '',
  origin: 'suggested',
  taint: [],
});
const observed = (item: number, value: Json | null, number = item): StepEvent => ({
  type: 'observed',
  id: `e:remind:${item}:0`,
  step: number,
  result:
    value === null
      ? { ok: false, code: 'world-error', message: 'no' }
      : { ok: true, message: '', output: { value, artifacts: [], taint: [] } },
  change: { added: [], removed: [], numbers: {} },
});

async function found(
  steps: readonly StepEvent[],
  { first = step(true), second = step(true) } = {},
): Promise<Readonly<Record<string, Json>>> {
  const journal = new MemoryJournal();
  await journal.append(
    subgoalStream('r-1.1.1.1'),
    0,
    steps.map((e) => stepEvents.encode(e)),
  );
  const now = node('2.1', second);
  const all = events(node('1.1', first), now);
  const run = fold(all)!;
  const outputs = await givenEarlier({ runId: 'r-1', node: now, run, events: all }, journal);
  return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]));
}
const key = (item: number, n: Json): string => callKey('remind', item, { skill: 'x', args: { n } });

describe('what an earlier subgoal gave', () => {
  const steps = [decided(0, 'a'), decided(1, 'b'), observed(1, 'B'), observed(0, null)];

  it('is the results of the calls that went well, by item', async () => {
    expect(await found(steps)).toEqual({ [key(1, 'b')]: 'B' });
  });

  it('is known by the call that was asked for where a person wrote another one', async () => {
    expect(await found([decided(0, 'a'), decided(0, 'edited', 1), observed(0, 'A', 1)])).toEqual({
      [key(0, 'a')]: 'A',
    });
  });

  it('is of no use where the checks of the step did not pass, or where it was another step', async () => {
    expect(await found([...steps, { type: 'verified', id: 'v:remind:0:2', violations: ['no good'] }])).toEqual({});
    expect(await found(steps, { first: step(true, 'y') })).toEqual({});
  });

  it('is nothing for a step without a list: trying it again means to do it again', async () => {
    expect(await found(steps, { first: step(false), second: step(false) })).toEqual({});
  });
});
