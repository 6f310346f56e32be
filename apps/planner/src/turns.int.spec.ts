import { randomBytes } from 'node:crypto';
import {
  addCosts,
  costOf,
  goalSchema,
  makeRunId,
  nodeSpecSchema,
  parseSubgoalId,
  planningStream,
  readRun,
  runEvents,
  runStream,
  stepEvents,
  systemClock,
  type ChatRequest,
  type GoalInput,
  type Run,
  type RunId,
} from '@praxis/core';
import { Execute } from '@praxis/executor';
import {
  DEFAULT_PATIENCE,
  PromptRunner,
  NodeClient,
  createNodePool,
  loadPrompts,
  openModels,
  type NodePool,
} from '@praxis/inference';
import { solve } from '@praxis/search';
import { PlainMaker, RuleMaker, startSimulatedNode, type AnswerMaker, type StartedNode } from '@praxis/simulator';
import { Rehearsal, stopTestPostgres } from '@praxis/testing';
import { Advance } from './advance.js';
import { PlannerService } from './api/planner-service.js';
import { Sweep } from './sweep.js';

interface Held {
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
  release(): void;
}

/** Holds every call open until the test lets it go; then says something sensible. */
class HeldMaker implements AnswerMaker {
  open: Held[] = [];
  asked = 0;
  #isFree = false;

  constructor(private readonly sensible: AnswerMaker) {}

  async answer(request: ChatRequest, signal: AbortSignal): ReturnType<AnswerMaker['answer']> {
    this.asked++;
    if (this.#isFree) return this.sensible.answer(request, signal);
    await new Promise<void>((resolve) => {
      const held: Held = { request, signal, release: () => (this.drop(held), resolve()) };
      this.open.push(held);
      signal.addEventListener('abort', () => held.release(), { once: true });
    });
    signal.throwIfAborted();
    return this.sensible.answer(request, signal);
  }

  /** Lets all calls go, and those to come. */
  free(): void {
    this.#isFree = true;
    for (const held of this.open) held.release();
  }

  close(): Promise<void> {
    return this.sensible.close();
  }

  private drop(held: Held): void {
    this.open = this.open.filter((h) => h !== held);
  }
}

const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
};

let rehearsal: Rehearsal;
let node: StartedNode;
let pool: NodePool;
let maker: HeldMaker;
let parts: ReturnType<Rehearsal['parts']> & {
  readonly models: {
    readonly promptRunner: PromptRunner;
    readonly prompts: ReturnType<typeof loadPrompts>;
    isThere(): Promise<boolean>;
  };
  readonly leaseMs: number;
};
let api: PlannerService;
/** Runs of this test, and whether executors work for them. */
let own: Map<RunId, boolean>;
/** Two planners on one database. */
let planners: readonly [Advance, Advance];
let stopping: AbortController;

beforeAll(async () => (rehearsal = await Rehearsal.open()));
beforeEach(async () => {
  rehearsal.jobs = [];
  own = new Map();
  stopping = new AbortController();
  maker = new HeldMaker(
    new RuleMaker({
      think: async (request) => solve(request),
      otherwise: new PlainMaker({ text: 'lorem', seed: 's' }),
      seed: 's',
    }),
  );
  node = await startSimulatedNode({ name: 'slow', answers: maker, seed: 's', speed: 10_000 });
  pool = createNodePool({ patienceMs: 60_000 });
  pool.setNodes([
    {
      spec: nodeSpecSchema.parse({
        name: 'slow',
        url: node.url,
        engine: 'simulator',
        slots: 64,
        serves: [{ name: 'simulated', price: { input: 1, output: 2 } }],
      }),
      origin: 'settings',
    },
  ]);
  const models = openModels({
    pool,
    client: new NodeClient(DEFAULT_PATIENCE, systemClock),
    chains: { byRole: {}, fallback: ['simulated'] },
    embedding: null,
    keyOf: () => undefined,
  });
  const base = rehearsal.parts();
  parts = {
    ...base,
    newRunId: () => makeRunId(randomBytes(16)),
    leaseMs: 3_000,
    models: {
      promptRunner: new PromptRunner(models, base.store.blobs, { contextTokens: 16_384, answerTokens: 4_096 }),
      prompts: loadPrompts(null),
      isThere: async () => true,
    },
  };
  api = new PlannerService(parts);
  planners = [new Advance(parts), new Advance(parts)];
});
afterEach(async () => {
  stopping.abort(new Error('the test is over'));
  await Promise.all(planners.map((p) => p.settled()));
  await pool.close();
  await node.stop();
});
afterAll(async () => {
  await rehearsal?.close();
  await stopTestPostgres();
});

const submit = async (goal: Partial<GoalInput>): Promise<RunId> => {
  const run = await api.submit(
    goalSchema.parse({
      title: 'Breakfast',
      world: 'household',
      scenario: 'breakfast-a',
      archive: { use: false, learn: false },
      ...goal,
    }),
    null,
  );
  own.set(run, goal.strategy === 'search');
  return run;
};
const state = async (run: RunId): Promise<Run> => (await readRun(run, parts.store.journal)).state;
const types = async (run: RunId): Promise<readonly string[]> =>
  (await parts.store.journal.read(runStream(run))).map((e) => e.type);
/** Does the jobs that wait, as services do: an `advance` by one planner or the other. */
const turnJobs = async (isOver: () => boolean | Promise<boolean>): Promise<void> => {
  const execute = new Execute(parts);
  for (let nth = 0; !(await isOver()); nth++) {
    const job = rehearsal.jobs.shift();
    if (!job) await new Promise((resolve) => setTimeout(resolve, 5));
    else if (job.delayMs > 0) continue;
    else if ('run' in job.payload && own.has(job.payload.run))
      await planners[nth % 2]!.wake(job.payload.run, stopping.signal).catch(() => undefined);
    else if (job.queue === 'execute' && 'subgoal' in job.payload && own.get(parseSubgoalId(job.payload.subgoal)!.run))
      await execute.work(job.payload.subgoal, stopping.signal);
  }
};
/** Causes of every kind, again and again, at both planners. */
const pester = async (runs: readonly RunId[]): Promise<void> => {
  rehearsal.later(10_000);
  await new Sweep(parts, api.scheduling).once(1_000);
  await Promise.all(
    planners.flatMap((p) =>
      runs
        .flatMap((run) => [p.wake(run, stopping.signal), p.wake(run, stopping.signal)])
        .map((w) => w.catch(() => undefined)),
    ),
  );
};

describe('a planning that takes long (planner-turns.1–4)', () => {
  // advance.1, advance.6
  it('asks its model once, whatever wakes the run, and holds up no run that needs none', async () => {
    const slow = await Promise.all(Array.from({ length: 20 }, () => submit({ strategy: 'react' })));
    await turnJobs(() => maker.open.length === 20);
    await pester(slow);
    await pester(slow);
    const quick = await submit({ strategy: 'search' });
    await turnJobs(async () => (await state(quick)).ended !== null);
    expect((await state(quick)).ended).toMatchObject({ outcome: 'done' });
    expect([maker.asked, maker.open.length]).toEqual([20, 20]);
    maker.free();
    await turnJobs(async () => (await Promise.all(slow.map(types))).every((t) => t.includes('planned')));
    for (const run of slow) expect((await types(run)).filter((t) => t === 'planned')).toHaveLength(1);
  });

  it('is left alone by the sweep while it is under way, and is taken up again when its planner is gone', async () => {
    const run = await submit({ strategy: 'react' });
    await turnJobs(() => maker.open.length === 1);
    rehearsal.later(10_000);
    rehearsal.jobs = [];
    await new Sweep(parts, api.scheduling).once(1_000);
    expect(rehearsal.jobs.filter((j) => 'run' in j.payload && j.payload.run === run)).toEqual([]);
    // As if the process had died: its lease is not given back, and no longer renewed.
    await parts.store.leases.take({ key: 'r-other', run: 'r-other', holder: 'gone', position: 1 }, 1);
    await until(async () => (await parts.store.leases.lapsed(60_000)).includes('r-other'));
    expect(await parts.store.leases.lapsed(60_000)).toEqual(['r-other']);
  });

  it.each<[string, (run: RunId) => Promise<void>, string | null]>([
    ['cancelled', (run) => api.cancel(run, 'enough'), 'cancelled'],
    ['paused', (run) => api.pause(run, 'lunch'), null],
  ])(
    'stops at once when its run is %s, with the call of the model, and what that cost is told (advance.6)',
    async (_what, stop, outcome) => {
      const run = await submit({ strategy: 'react' });
      await turnJobs(() => maker.open.length === 1);
      const [held] = maker.open;
      await stop(run);
      await turnJobs(async () => held!.signal.aborted && !(await parts.store.leases.isHeld(run)));
      if (outcome !== null) await turnJobs(async () => (await state(run)).ended !== null);
      const { ended, spent } = await state(run);
      expect(ended?.outcome ?? null).toBe(outcome);
      expect(maker.asked).toBe(1);
      const wasted = (await parts.store.journal.read(planningStream(run, 1)))
        .map((e) => stepEvents.decode(e))
        .filter((e) => e.type === 'wasted');
      expect(wasted).toMatchObject([{ spent: { calls: 1, tokens: expect.any(Number) } }]);
      if (outcome !== null)
        expect([spent.calls, spent.tokens]).toEqual([1, wasted[0]!.type === 'wasted' ? wasted[0]!.spent.tokens : 0]);
      if (outcome === null) {
        await api.resume(run);
        await turnJobs(() => maker.open.length === 1);
        maker.free();
        await turnJobs(async () => (await types(run)).includes('planned'));
        const planned = (await parts.store.journal.read(planningStream(run, 1))).map((e) => stepEvents.decode(e));
        expect((await state(run)).spent).toMatchObject(planned.map(costOf).reduce(addCosts));
      }
    },
  );

  it('stops at the deadline of its run', async () => {
    const run = await submit({ strategy: 'react', deadlineMs: 60_000 });
    await turnJobs(() => maker.open.length === 1);
    const [held] = maker.open;
    rehearsal.later(61_000);
    await planners[1].wake(run, stopping.signal);
    await turnJobs(async () => held!.signal.aborted && (await state(run)).ended !== null);
    expect((await state(run)).ended).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('deadline') });
    expect((await state(run)).spent.calls).toBe(1);
  });
});

describe('a goal in plain words that takes long to understand', () => {
  it('is asked about once, stops with its run, and what that cost is in the account', async () => {
    const run = await submit({ strategy: 'search', scenario: '', request: 'Put the milk on the table.' });
    await turnJobs(() => maker.open.length === 1);
    await pester([run]);
    expect([maker.asked, maker.open.length]).toEqual([1, 1]);
    const [held] = maker.open;
    await api.cancel(run, 'enough');
    await turnJobs(async () => held!.signal.aborted && (await state(run)).ended !== null);
    const events = (await parts.store.journal.read(runStream(run))).map((e) => runEvents.decode(e));
    expect(events.map((e) => e.type)).toEqual(['accepted', 'cancelling', 'spent', 'ended']);
    expect(events[2]).toMatchObject({ on: 'opening', modelCalls: 1, spent: { calls: 1 } });
    expect((await api.get(run)).summary.modelCalls).toBe(1);
  });
});

describe('a run whose service ends again and again while it is worked on (planner-turns.5)', () => {
  it('is paused with the reason after three times without any progress, and goes on when a person says so', async () => {
    const lucky = await submit({ strategy: 'search' });
    for (const holder of ['first', 'second'])
      await parts.store.leases.begin({ key: lucky, run: lucky, holder, position: 1 });
    await turnJobs(async () => (await state(lucky)).ended !== null);
    expect((await state(lucky)).ended).toMatchObject({ outcome: 'done' });
    const { asked } = maker;
    const poisoned = await submit({ strategy: 'react' });
    for (const holder of ['first', 'second', 'third'])
      await parts.store.leases.begin({ key: poisoned, run: poisoned, holder, position: 1 });
    await planners[0].wake(poisoned, stopping.signal);
    expect(await state(poisoned)).toMatchObject({
      ended: null,
      paused: expect.stringContaining('each time the service that worked on it ended'),
    });
    await planners[0].wake(poisoned, stopping.signal);
    expect(maker.asked).toBe(asked);
    await api.resume(poisoned);
    await turnJobs(() => maker.asked > asked);
    expect((await state(poisoned)).paused).toBeNull();
    await api.cancel(poisoned, 'enough');
    await turnJobs(async () => (await state(poisoned)).ended !== null);
  });
});
