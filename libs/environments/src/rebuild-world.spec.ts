import {
  NO_COST,
  UNBOUNDED,
  diffStates,
  goalSchema,
  runEvents,
  runStream,
  snapshotsOf,
  stepEvents,
  subgoalStream,
  type Action,
  type NumberedStep,
  type Observation,
  type RunEvent,
  type WorldSession,
  type WorldState,
} from '@praxis/core';
import { MemoryJournal } from '@praxis/testing';
import { openCatalog } from './catalog.js';
import { MemoryArtifacts } from './memory-artifacts.js';
import { MemorySessions } from './memory-sessions.js';
import { rebuildWorld, resumeWorld } from './rebuild-world.js';
import { worldPast } from './world-past.js';

const log = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
const worlds = (sessions = new MemorySessions()) =>
  openCatalog({ artifacts: new MemoryArtifacts(), sessions, remotes: {}, log });
const goal = goalSchema.parse({ title: 'breakfast', world: 'household', scenario: 'breakfast-a', seed: 'one' });
const open = async (catalog: ReturnType<typeof worlds>, sessionId: string, seed = goal.seed): Promise<WorldSession> =>
  (await catalog.get(goal.world)).open({ scenario: goal.scenario, problem: null, seed, sessionId });

const recorded = (
  number: number,
  action: Action,
  { result, state }: Observation,
  before: WorldState,
): NumberedStep => ({
  number,
  subgoal: 'r-1.1.1.1',
  step: number,
  position: number,
  at: number,
  action,
  origin: 'search',
  key: `key ${number}`,
  effect: 'reversible',
  result,
  change: diffStates(before, state ?? before),
  observedAt: number,
});

/** Wanders about: what the world did, dice and all. */
async function wander(session: WorldSession, from: number, steps: number): Promise<NumberedStep[]> {
  const done: NumberedStep[] = [];
  for (let number = from; number < from + steps; number++) {
    const before = await session.observe();
    const legal = await session.legal!();
    const action = legal[(number * 7) % legal.length]!;
    done.push(recorded(number, action, await session.act(action, `key ${number}`), before));
  }
  return done;
}

describe('a world that is brought back', () => {
  it('stands where it stood, chance and all, under each seed that it had on the way', async () => {
    const catalog = worlds();
    const first = await open(catalog, 'first');
    const one = await wander(first, 0, 30);
    const second = await snapshotsOf(first).clone(await snapshotsOf(first).take(), 'two');
    const two = await wander(second, 30, 30);
    expect([...one, ...two].some((s) => !s.result!.ok)).toBe(true);
    const past = [
      { seed: 'one', steps: one },
      { seed: 'two', steps: two.slice(0, 10) },
      { seed: 'two', steps: two.slice(10) },
    ];
    const again = await rebuildWorld({ goal: { ...goal, seed: 'two' }, sessionId: 'again', past }, catalog);
    expect(again.id).toBe('again');
    expect(await snapshotsOf(again).take()).toBe(await snapshotsOf(second).take());
    const reseeded = await rebuildWorld({ goal: { ...goal, seed: 'three' }, sessionId: 'three', past }, catalog);
    expect(await snapshotsOf(reseeded).take()).toBe(await snapshotsOf(second).take());
    // What comes next follows from the seed.
    expect(await wander(reseeded, 60, 30)).toEqual(
      await wander(await snapshotsOf(second).clone(await snapshotsOf(second).take(), 'three'), 60, 30),
    );
  });

  it('does not ask for what never reached it, and forgets what only the outside refused', async () => {
    const catalog = worlds();
    const session = await open(catalog, 's');
    const before = await session.observe();
    const [action] = (await session.legal!()) as [Action];
    const failures = (
      ['denied', 'budget', 'timeout', 'unknown-outcome', 'not-applicable', 'effect-mismatch'] as const
    ).map((code, i) =>
      recorded(i, action, { result: { ok: false, code, message: 'the outside says so' }, state: null }, before),
    );
    const elsewhere = recorded(
      9,
      { skill: 'ring', args: {} },
      { result: { ok: true, message: 'rang' }, state: null },
      before,
    );
    const again = await rebuildWorld(
      { goal, sessionId: 'again', past: [{ seed: goal.seed, steps: [...failures, elsewhere] }] },
      catalog,
    );
    expect(await again.observe()).toEqual(before);
  });

  it('has the files and facts that skills outside of it made, pure ones as well, without making them again', async () => {
    const artifacts = new MemoryArtifacts();
    const catalog = openCatalog({ artifacts, sessions: new MemorySessions(), remotes: {}, log });
    const work = goalSchema.parse({ title: 'report', seed: 'one' });
    const world = await catalog.get(work.world);
    const request = { scenario: work.scenario, problem: null, seed: work.seed };
    const first = await world.open({ ...request, sessionId: 'first' });
    const ref = await artifacts.put(new TextEncoder().encode('# Report'), {
      name: 'draft.md',
      mediaType: 'text/markdown',
    });
    const made = { value: null, artifacts: [ref], taint: ['http:shop'] };
    const steps: NumberedStep[] = [];
    const keep = async (number: number, action: Action, output: object, act: () => Promise<Observation>) => {
      const before = await first.observe();
      const seen = await act();
      steps.push({
        ...recorded(number, action, { ...seen, result: { ok: true, message: '', ...output } }, before),
        effect: number === 0 ? null : 'reversible',
      });
    };
    const facts = ['(have report)'];
    await keep(0, { skill: 'doc.write', args: {} }, { output: made }, () =>
      first.files!.record({ files: [ref], facts, taint: made.taint }, 'key 0'),
    );
    const move = { skill: 'files.move', args: { from: 'draft.md', to: 'report.md' } };
    await keep(1, move, {}, () => first.act(move, 'key 1'));
    await keep(2, { skill: 'remind', args: {} }, {}, () =>
      first.files!.record({ files: [], facts: ['(not (have report))', '(reminded ann)'], taint: [] }, 'key 2'),
    );
    expect((await first.observe()).facts).toEqual(['(file report.md)', '(reminded ann)']);
    const again = await rebuildWorld({ goal: work, sessionId: 'again', past: [{ seed: work.seed, steps }] }, catalog);
    expect(await snapshotsOf(again).take()).toBe(await snapshotsOf(first).take());
  });

  it('is not had where it does not repeat what was recorded, and the step is named', async () => {
    const catalog = worlds();
    const steps = (await wander(await open(catalog, 's'), 0, 20)).filter((s) => s.result!.ok);
    const { change, ...third } = steps[2]!;
    const wrong = (fields: Partial<NumberedStep>): NumberedStep[] => [
      ...steps.slice(0, 2),
      { ...third, change, ...fields },
    ];
    const cases = [{ change: { ...change!, added: [], removed: [] } }, { action: { ...third.action, skill: 'fly' } }];
    for (const [i, fields] of cases.entries()) {
      await expect(
        rebuildWorld({ goal, sessionId: `wrong-${i}`, past: [{ seed: goal.seed, steps: wrong(fields) }] }, catalog),
      ).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(`step ${third.number}`) });
    }
  });

  it('is waited for by others who look for it meanwhile', async () => {
    const catalog = worlds();
    const journal = new MemoryJournal();
    const lost = await open(catalog, 'r-1');
    const steps = await wander(lost, 0, 12);
    const events: readonly RunEvent[] = [
      { type: 'accepted', goal },
      { type: 'dispatched', node: '1.1', attempt: 1, allowance: UNBOUNDED },
    ];
    await journal.append(
      runStream('r-1'),
      0,
      events.map((e) => runEvents.encode(e)),
    );
    for (const { step, key, action, result, change } of steps) {
      const id = `e${step}`;
      const three = [
        { type: 'decided' as const, id, step, action, why: '', origin: 'search', taint: [] },
        { type: 'tried' as const, id, step, key, effect: 'reversible' as const },
        {
          type: 'observed' as const,
          id,
          step,
          result: result!,
          change: { added: [...change!.added], removed: [...change!.removed], numbers: {} },
        },
      ];
      await journal.append(
        subgoalStream('r-1.1.1.1'),
        step * 3,
        three.map((e) => stepEvents.encode(e)),
      );
    }
    const stood = await lost.observe();
    await lost.close();
    const look = async (): Promise<WorldState> =>
      (await resumeWorld({ goal, session: 'r-1', run: 'r-1', journal }, catalog)).observe();
    const looks: Promise<WorldState>[] = [];
    for (let i = 0; i < 40; i++) {
      looks.push(look());
      await Promise.resolve();
    }
    for (const seen of await Promise.all(looks)) expect(seen).toEqual(stood);
  });
});

describe('worldPast', () => {
  it('puts what was dispatched after another subgoal had settled after it, whatever their clocks say', async () => {
    let now = 1_000;
    const journal = new MemoryJournal({ now: () => now });
    const stream = runStream('r-1');
    const dispatched = (node: string): RunEvent => ({ type: 'dispatched', node, attempt: 1, allowance: UNBOUNDED });
    const settled: RunEvent = {
      type: 'settled',
      node: '1.1',
      attempt: 1,
      outcome: 'done',
      reason: '',
      steps: 1,
      failedSteps: 0,
      replans: 0,
      toolsUsed: [],
      failures: [],
      spent: NO_COST,
    };
    await journal.append(
      stream,
      0,
      [{ type: 'accepted' as const, goal }, dispatched('1.1'), dispatched('1.2'), settled, dispatched('1.3')].map((e) =>
        runEvents.encode(e),
      ),
    );
    for (const [node, at] of [
      ['1.1', 9_000],
      ['1.2', 5_000],
      ['1.3', 2_000],
    ] as const) {
      now = at;
      const action = { skill: node, args: {} };
      const step = [
        { type: 'decided' as const, id: 'e0', step: 0, action, why: '', origin: 'search', taint: [] },
        { type: 'tried' as const, id: 'e0', step: 0, key: node, effect: 'reversible' as const },
        {
          type: 'observed' as const,
          id: 'e0',
          step: 0,
          result: { ok: true as const, message: '' },
          change: { added: [], removed: [], numbers: {} },
        },
      ];
      await journal.append(
        subgoalStream(`r-1.${node}.1`),
        0,
        step.map((e) => stepEvents.encode(e)),
      );
    }
    const [era, ...more] = await worldPast('r-1', journal);
    expect(more).toEqual([]);
    expect(era!.steps.map((s) => s.key)).toEqual(['1.2', '1.1', '1.3']);
  });
});
