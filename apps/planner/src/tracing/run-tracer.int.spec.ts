import { goalSchema, planningStream, UNBOUNDED, NO_COST, type NewEvent, type RunEvent } from '@praxis/core';
import { createLogger, planSpan, runSpan, startTelemetry, subgoalSpan } from '@praxis/platform';
import { MemoryJournal, startOtlpReceiver, type OtlpReceiver } from '@praxis/testing';
import { RunTracer } from './run-tracer.js';

const RUN = 'r-3f9k2m7q1c';
const goal = goalSchema.parse({ title: 'breakfast', world: 'household', scenario: 'breakfast-a' });
const node = {
  id: '1.1',
  title: 'do it',
  pre: [],
  post: '(p)',
  after: [],
  owner: null,
  lane: 'default',
  steps: [],
  cost: 1,
};
const planned: RunEvent = {
  type: 'planned',
  plan: { version: 1, nodes: [node] },
  diff: { kept: [], added: ['1.1'], dropped: [] },
  reason: 'first',
  evaluated: 7,
};
const settled: RunEvent = {
  type: 'settled',
  node: '1.1',
  attempt: 1,
  outcome: 'done',
  reason: 'so',
  steps: 1,
  failedSteps: 0,
  replans: 0,
  toolsUsed: [],
  failures: [],
  spent: NO_COST,
};
const dispatched: RunEvent = { type: 'dispatched', node: '1.1', attempt: 1, allowance: UNBOUNDED };
const ended: RunEvent = { type: 'ended', outcome: 'cancelled', reason: 'enough' };
const history = [{ type: 'accepted' as const, goal }, planned, dispatched, settled].map((event: RunEvent, i) => ({
  event,
  at: 1000 + i,
}));

describe('RunTracer', () => {
  const log = createLogger({ level: 'silent', name: 'test' });
  let receiver: OtlpReceiver;
  let stop: () => Promise<void>;
  let journal: MemoryJournal;

  beforeEach(async () => {
    journal = new MemoryJournal();
    receiver = await startOtlpReceiver();
    stop = await startTelemetry({
      settings: { telemetry: { endpoint: receiver.endpoint, sampleRatio: 1 }, metrics: { address: null } },
      service: 'planner',
      log,
    });
  });
  afterEach(() => receiver.stop());

  const stories = (begunAt: number): RunTracer =>
    new RunTracer({ store: { journal }, clock: { now: () => begunAt }, log });
  const sent = async (): Promise<readonly string[]> => {
    await stop();
    return receiver.spans.map((s) => s.spanId);
  };

  // spans.2
  it('writes again, once, what ended before this process began: the one that wrote it may have died before it was sent', async () => {
    const mine = stories(2000);
    for (let pass = 0; pass < 3; pass++) mine.of(RUN, history);
    expect(await sent()).toEqual([planSpan(RUN, 1), subgoalSpan(`${RUN}.1.1.1`)].map((ref) => ref.spanId));
  });

  it('writes nothing again that was written in its own time, or of a run that is over', async () => {
    stories(500).of(RUN, history);
    stories(2000).of(RUN, [...history, { event: ended, at: 1500 }]);
    expect(await sent()).toEqual([]);
  });

  // spans.1
  it('ends a planning that came to nothing together with its run, so that what happened in it is no orphan', async () => {
    const opened: NewEvent = { type: 'opened', version: 1, data: {} };
    await journal.append(planningStream(RUN, 2), 0, [opened]);
    await stories(500).of(RUN, history).tell([ended]);
    expect(await sent()).toEqual([planSpan(RUN, 2), runSpan(RUN)].map((ref) => ref.spanId));
  });
});
