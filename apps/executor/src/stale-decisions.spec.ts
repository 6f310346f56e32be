import { setImmediate as tick } from 'node:timers/promises';
import {
  type Logger,
  UNBOUNDED,
  actionText,
  keyedRandom,
  readTrajectory,
  stepEvents,
  type Action,
  type Failure,
  type Json,
  type OpenedEvent,
  type StepEvent,
  type WorldInfo,
  type WorldSession,
} from '@praxis/core';
import { SkillCatalog } from '@praxis/actions';
import { MemoryArtifacts, MemorySessions, PddlWorld, shippedWorld } from '@praxis/environments';
import { PlanningModel, solve } from '@praxis/search';
import { MOST_STALE, PATIENCE, findPreset, interpret, type Handlers } from '@praxis/strategy';
import { MemoryJournal } from '@praxis/testing';
import { SearchPolicy } from './deciding/search-policy.js';
import { handlersOf } from './subgoal/handlers.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };

/** A house in which several minds act, with the rules that they believe. */
interface House {
  readonly session: WorldSession;
  readonly info: WorldInfo;
  readonly domain: string;
  readonly problem: string;
  readonly agents: readonly string[];
}

async function openHouse(scenario: string): Promise<House> {
  const world = new PddlWorld(shippedWorld('household'), new MemorySessions());
  const session = await world.open({ scenario, problem: null, seed: '1', sessionId: scenario });
  const { rules, agents } = await session.briefing();
  return { session, info: await world.describe(), ...rules!, agents };
}

/** One mind with a subgoal. */
interface PromptRunner {
  readonly name: string;
  readonly strategy: 'search' | 'react' | 'hybrid' | 'async-planner';
  readonly owner: string;
  readonly condition: string;
  readonly steps?: number;
}

/** The same world, in which every action waits for a while that hangs on the seed. */
const paced = (session: WorldSession, seed: string): WorldSession => {
  let n = 0;
  const wait = async (): Promise<void> => {
    for (let ticks = Math.floor(8 * keyedRandom(seed, n++)); ticks > 0; ticks--) await tick();
  };
  return {
    id: session.id,
    briefing: () => session.briefing(),
    observe: () => session.observe(),
    act: async (...args) => (await wait(), session.act(...args)),
    legal: () => session.legal!(),
    check: (condition) => session.check(condition),
    snapshots: session.snapshots,
    close: () => session.close(),
  };
};

/** Lives one mind through, and gives what it wrote. */
async function live(
  house: House,
  promptRunner: PromptRunner,
  more: { readonly session?: WorldSession; readonly propose?: Handlers['propose'] } = {},
): Promise<readonly StepEvent[]> {
  const { info, domain, problem, agents } = house;
  const session = more.session ?? house.session;
  const policy = new SearchPolicy({
    domain,
    problem,
    agents,
    tools: [],
    taint: [],
    evaluated: 20_000,
    plan: async (request) => solve(request),
  });
  const catalog = new SkillCatalog({ declared: [], sources: [], clock: { now: () => 0 }, log: silent });
  const handlers = await handlersOf({
    session,
    info,
    rules: { domain, problem },
    policy,
    artifacts: new MemoryArtifacts(),
    given: {},
    catalog,
  });
  const journal = new MemoryJournal();
  const { facts, numbers } = await session.observe();
  const opened: OpenedEvent = {
    type: 'opened',
    by: promptRunner.name,
    strategy: promptRunner.strategy,
    state: { facts: [...facts], numbers: { ...numbers } },
    condition: promptRunner.condition,
    owner: promptRunner.owner,
    limits: { steps: promptRunner.steps ?? 80, replans: 12, patience: PATIENCE, stale: MOST_STALE },
    allowance: UNBOUNDED,
    suggested: [],
    avoid: [],
    domain: 'household',
  };
  await interpret({
    stream: `subgoal/r-1.1.${promptRunner.name}.1`,
    subgoal: `r-1.1.${promptRunner.name}.1`,
    journal,
    strategy: findPreset(promptRunner.strategy).acting,
    handlers: { ...handlers, ...(more.propose && { propose: more.propose }) },
    signal: new AbortController().signal,
    opening: () => Promise.resolve(opened),
  });
  return (await journal.read(`subgoal/r-1.1.${promptRunner.name}.1`)).map((e) => stepEvents.decode(e));
}

const observed = (events: readonly StepEvent[]) => events.filter((e) => e.type === 'observed');
const codes = (events: readonly StepEvent[]): string[] =>
  observed(events).map((e) => (e.result.ok ? 'ok' : e.result.code));
const endOf = (events: readonly StepEvent[]) => {
  const end = events.at(-1)!;
  if (end.type !== 'ended') throw new Error('it did not end');
  return {
    outcome: end.outcome,
    reason: end.reason,
    ...(end.result as unknown as { steps: number; failedSteps: number; replans: number; failures: Failure[] }),
  };
};

/** Failures that the known rules explain: nothing hidden stands behind them, so that they are false knowledge. */
function falseFailures({ domain, problem }: House, events: readonly StepEvent[]): readonly string[] {
  const model = new PlanningModel({ domain, problem });
  const remembered = new Set(
    endOf(events)
      .failures.filter((f) => f.code === 'not-applicable')
      .map((f) => f.action),
  );
  const refused = readTrajectory(events)!.steps.filter(
    (s) => !s.result.ok && s.result.code === 'not-applicable' && remembered.has(actionText(s.action)) && s.isClean,
  );
  const isHidden = (action: string): boolean =>
    refused.some(
      (s) =>
        actionText(s.action) === action &&
        'final' in
          model.explain(s.at, [{ action: s.action.skill, args: Object.values(s.action.args).map(String) }], '(and)'),
    );
  return [...remembered].filter((action) => !isHidden(action));
}

const move = (r: string, from: string, to: string): Action => ({ skill: 'move', args: { r, from, to } });
const act = (skill: string, args: Readonly<Record<string, string>>): Json => ({
  kind: 'act',
  action: { skill, args },
  why: 'as planned',
  times: 1,
  origin: 'model',
  taint: [],
});

describe('decisions in a world that others change', () => {
  it.each([
    ['1', 'search'],
    ['2', 'search'],
    ['3', 'search'],
    ['1', 'hybrid'],
    ['1', 'async-planner'],
    ['2', 'async-planner'],
  ] as const)('leave no false failure where one robot has two minds (pace %s, %s)', async (seed, strategy) => {
    const house = await openHouse('dishes-a');
    const minds: readonly PromptRunner[] = [
      { name: '1', strategy, owner: 'robby', condition: '(in plate cupboard)' },
      { name: '2', strategy, owner: 'robby', condition: '(in cup cupboard)' },
    ];
    const lives = await Promise.all(
      minds.map((promptRunner) =>
        live(house, promptRunner, { session: paced(house.session, `${seed} ${promptRunner.name}`) }),
      ),
    );
    expect(lives.flatMap((events) => falseFailures(house, events))).toEqual([]);
    expect(lives.flatMap(codes)).toContain('stale');
    for (const events of lives) {
      const all = codes(events);
      expect(endOf(events)).toMatchObject({
        steps: all.filter((c) => c !== 'stale').length,
        failedSteps: all.filter((c) => c !== 'stale' && c !== 'ok').length,
      });
    }
  });

  it.each(['1', '2', '3'])(
    'leave no false failure where two robots share a kitchen, and both get on (pace %s)',
    async (seed) => {
      const house = await openHouse('dinner-a');
      const [one, two] = house.agents as readonly [string, string];
      const minds: readonly PromptRunner[] = [
        { name: '1', strategy: 'search', owner: one, condition: '(on roast counter)' },
        { name: '2', strategy: 'search', owner: two, condition: '(on plate table)' },
      ];
      const lives = await Promise.all(
        minds.map((promptRunner) =>
          live(house, promptRunner, { session: paced(house.session, `${seed} ${promptRunner.name}`) }),
        ),
      );
      expect(lives.flatMap((events) => falseFailures(house, events))).toEqual([]);
      expect(lives.map((events) => endOf(events).outcome)).toEqual(['done', 'done']);
    },
  );

  // react.10
  it('are taken again where the world has changed while a slow mind thought: no step, no failure, nothing learned', async () => {
    const house = await openHouse('dishes-a');
    const told: {
      readonly facts: readonly string[];
      readonly failures: readonly unknown[];
      readonly done: readonly string[];
    }[] = [];
    const propose: Handlers['propose'] = async ({ context }) => {
      const { state, failures, memory } = context as unknown as {
        state: { facts: string[] };
        failures: unknown[];
        memory: { done: string[] };
      };
      told.push({ facts: state.facts, failures, done: memory.done });
      const [from, to] = state.facts.includes('(at robby hall)') ? ['hall', 'kitchen'] : ['study', 'hall'];
      // Somebody else sends the robot away while this is thought about.
      if (told.length === 1) await house.session.act(move('robby', 'hall', 'study'), 'another mind');
      return { candidates: [act('move', { r: 'robby', from: from!, to: to! })], note: '' };
    };
    const events = await live(
      house,
      { name: '1', strategy: 'react', owner: 'robby', condition: '(at robby kitchen)' },
      { propose },
    );
    expect(codes(events)).toEqual(['stale', 'ok', 'ok']);
    expect(observed(events)[0]).toMatchObject({
      spent: { steps: 0, calls: 1 },
      change: { added: ['(at robby study)'], removed: ['(at robby hall)'] },
    });
    expect(endOf(events)).toMatchObject({ outcome: 'done', steps: 2, failedSteps: 0, replans: 0, failures: [] });
    expect(events.some((e) => e.type === 'checkpointed')).toBe(false);
    expect(told[1]).toMatchObject({
      facts: expect.arrayContaining(['(at robby study)']),
      failures: [],
      done: ['(move robby hall kitchen) -> not done, since meanwhile: (at robby study), no longer (at robby hall)'],
    });
  });

  it('are done all the same where others have changed something else (staleness.1), and what others did is not said of them', async () => {
    const house = await openHouse('dishes-a');
    const told: (readonly string[])[] = [];
    const propose: Handlers['propose'] = async ({ context }) => {
      told.push((context as unknown as { memory: { done: string[] } }).memory.done);
      if (told.length === 1)
        await house.session.act({ skill: 'open', args: { r: 'robby', c: 'cabinet', p: 'hall' } }, 'another mind');
      const moves = [
        ['hall', 'study'],
        ['study', 'hall'],
      ] as const;
      const [from, to] = moves[(told.length - 1) % 2]!;
      return { candidates: [act('move', { r: 'robby', from, to })], note: '' };
    };
    const events = await live(
      house,
      { name: '1', strategy: 'react', owner: 'robby', condition: '(holding robby plate)', steps: 2 },
      { propose },
    );
    expect(observed(events)[0]).toMatchObject({
      result: { ok: true },
      others: { added: ['(open cabinet)'], removed: [] },
      change: { added: expect.arrayContaining(['(open cabinet)', '(at robby study)']) },
    });
    expect(told[1]).toEqual(['(move robby hall study) -> ok: (at robby study), no longer (at robby hall)']);
  });

  it('end by the limit of steps where another agent always comes first (staleness.4, react.11)', async () => {
    const house = await openHouse('dishes-a');
    let n = 0;
    // Whatever is decided, the robot is elsewhere by then.
    const propose: Handlers['propose'] = async ({ context }) => {
      const at = (context as unknown as { state: { facts: string[] } }).state.facts
        .find((f) => f.startsWith('(at robby '))!
        .slice('(at robby '.length, -1);
      await house.session.act(
        at === 'hall' ? move('robby', 'hall', n % 2 === 0 ? 'study' : 'bedroom') : move('robby', at, 'hall'),
        `away ${n++}`,
      );
      return { candidates: [act('move', { r: 'robby', from: at, to: at === 'hall' ? 'kitchen' : 'hall' })], note: '' };
    };
    const events = await live(
      house,
      { name: '1', strategy: 'react', owner: 'robby', condition: '(clean plate)', steps: 3 },
      { propose },
    );
    expect(endOf(events)).toMatchObject({ outcome: 'failed', steps: 3, failedSteps: 3, failures: [] });
    expect(codes(events)).toEqual(
      Array.from({ length: 3 }, () => [...Array.from({ length: MOST_STALE }, () => 'stale'), 'not-applicable']).flat(),
    );
  });
});
