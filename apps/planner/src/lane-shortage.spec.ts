import type { Run, RunEvent } from '@praxis/core';
import type { ExecutorState } from '@praxis/store';
import { laneShortage } from './lane-shortage.js';
import type { SubgoalStanding } from './read-subgoal.js';

const standing = (lane: string, isBegun = false): SubgoalStanding => ({
  ...{ node: 'a' as never, subgoal: 'r.a.1' as never, lane, settled: null, isParked: false },
  ...{ until: null, open: [], blocked: null, isBegun },
});
const executor = (name: string, lanes: readonly string[], more: Partial<ExecutorState> = {}): ExecutorState => ({
  ...{ name, lanes, address: 'h:1', concurrency: 1, busy: [], draining: false, startedAt: 0, seenAt: 60_000 },
  ...more,
});
const state = (blocked: string | null = null): Run =>
  ({ blocked, plan: { nodes: [{ id: 'a', title: 'Draw the map' }] } }) as unknown as Run;
const dispatched = { event: { type: 'dispatched' } as RunEvent, at: 0 };

const shortage = (
  standings: readonly SubgoalStanding[],
  executors: readonly ExecutorState[],
  { run = state(), at = 0 } = {},
): Promise<RunEvent | null> =>
  laneShortage(
    { state: run, standings, history: [{ ...dispatched, at }] },
    { clock: { now: () => 60_000 }, store: { executors: { list: async () => executors } as never } },
  );

describe('laneShortage', () => {
  const busy = executor('b', ['default', 'night']);

  it('says for which lane a run waits, for what, and what to do (lane-shortage.1)', async () => {
    expect(await shortage([standing('gpu')], [busy])).toEqual({
      type: 'blocked',
      reason: expect.stringMatching(
        /^No executor takes the lane gpu, .*“Draw the map”.*executor\.resources.*default, night\.$/,
      ),
    });
    expect(await shortage([standing('gpu')], [])).toMatchObject({ reason: expect.stringContaining('no executors') });
  });

  it('counts no executor that is gone or drains', async () => {
    for (const more of [{ seenAt: 0 }, { draining: true }])
      expect(await shortage([standing('gpu')], [executor('g', ['gpu'], more)])).toMatchObject({ type: 'blocked' });
    expect(await shortage([standing('gpu')], [executor('g', ['gpu'])])).toBeNull();
  });

  it('says nothing in the first seconds, nothing twice, and nothing of what was begun', async () => {
    expect(await shortage([standing('gpu')], [busy], { at: 57_000 })).toBeNull();
    const told = (await shortage([standing('gpu')], [busy])) as Extract<RunEvent, { type: 'blocked' }>;
    expect(await shortage([standing('gpu')], [busy], { run: state(told.reason) })).toBeNull();
    expect(await shortage([standing('gpu', true)], [busy])).toBeNull();
  });
});
