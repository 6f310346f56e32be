import {
  UNBOUNDED,
  makeSubgoalId,
  stepEvents,
  subgoalStream,
  NO_COST,
  type Action,
  type Run,
  type RunEvent,
  type StepEvent,
} from '@praxis/core';
import { MemoryJournal } from '@praxis/testing';
import { earlierAttempts } from './earlier-attempts.js';

const RUN = 'r-1';
const PAY: Action = { skill: 'pay', args: { invoice: 'i-1' } };
const dispatched = (node: string, attempt: number): RunEvent => ({
  type: 'dispatched',
  node,
  attempt,
  allowance: UNBOUNDED,
});
const settled = (node: string, attempt: number, outcome: 'done' | 'failed', failedSteps: number): RunEvent => ({
  type: 'settled',
  node,
  attempt,
  outcome,
  reason: '',
  steps: 1,
  failedSteps,
  replans: 0,
  toolsUsed: [],
  failures: [],
  spent: NO_COST,
});
const payment = (key: string, events: readonly StepEvent[] = []): readonly StepEvent[] => [
  { type: 'decided', id: 'e0', step: 0, action: PAY, why: '', origin: 'policy', taint: [], key },
  { type: 'tried', id: 'e0', step: 0, key, effect: 'irreversible' },
  ...events,
];
const done: StepEvent = {
  type: 'observed',
  id: 'e0',
  step: 0,
  result: { ok: true, message: '' },
  change: { added: [], removed: [], numbers: {} },
};

describe('earlierAttempts', () => {
  it('does not take a key for doubtful that a later attempt, in which nothing failed, has settled', async () => {
    const journal = new MemoryJournal();
    const write = (node: string, attempt: number, events: readonly StepEvent[]) =>
      journal.append(
        subgoalStream(makeSubgoalId(RUN, node, attempt)),
        0,
        events.map((e) => stepEvents.encode(e)),
      );
    await write('1.1', 1, payment('k-1'));
    const events: RunEvent[] = [dispatched('1.1', 1), settled('1.1', 1, 'failed', 1)];
    const run = { nodes: new Map() } as unknown as Run;
    expect((await earlierAttempts({ runId: RUN, run, events }, journal)).of(PAY).doubt).toBe('k-1');
    await write('1.1', 2, payment('k-1', [done]));
    events.push(dispatched('1.1', 2), settled('1.1', 2, 'done', 0));
    expect((await earlierAttempts({ runId: RUN, run, events }, journal)).of(PAY).doubt).toBeNull();
  });
});
