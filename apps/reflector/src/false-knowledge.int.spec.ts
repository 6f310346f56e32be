import {
  UNBOUNDED,
  goalSchema,
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  systemClock,
  snapshotsOf,
  type Action,
  type Logger,
  type RunEvent,
  type StepEvent,
  type Tool,
  type ToolBody,
  type WorldSession,
} from '@praxis/core';
import { SkillRegistry, worldSkills } from '@praxis/actions';
import { MemoryArtifacts, openCatalog } from '@praxis/environments';
import { solve, type PlanRequest } from '@praxis/search';
import { migrate, openStore, type Store } from '@praxis/store';
import { MOST_STALE, findPreset, interpret } from '@praxis/strategy';
import { stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import type { ReflectorParts } from './parts.js';
import { Reflect } from './reflect.js';

const log: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  store = await openStore({ url: database.url, log, clock: systemClock, poolSize: 4 });
});
afterAll(async () => {
  await store?.close();
  await database?.drop();
  await stopTestPostgres();
});

const worlds = () => openCatalog({ artifacts: new MemoryArtifacts(), sessions: store.sessions, remotes: {}, log });
const CONDITION = '(holding robby saucer)';

/** One thing that a mind does, and what others do between its decision and its action. */
interface Turn {
  readonly action: Action;
  readonly meanwhile?: readonly Action[];
}

const move = (from: string, to: string): Action => ({ skill: 'move', args: { r: 'robby', from, to } });
const take = (i: string, c: string, p: string): Action => ({ skill: 'take-from', args: { r: 'robby', i, c, p } });
const open = (c: string, p: string): Action => ({ skill: 'open', args: { r: 'robby', c, p } });
const TAKE = take('saucer', 'cabinet', 'hall');

interface Story {
  readonly run: string;
  readonly space: string;
  readonly turns: readonly Turn[];
  /** As a release recorded it that took every refusal for a failure. */
  readonly isOld?: boolean;
}

/** Lives a subgoal of a run through in a world of its own, as an executor would, and gives what it wrote. */
async function live({ run, space, turns, isOld = false }: Story): Promise<readonly StepEvent[]> {
  const goal = goalSchema.parse({ title: run, world: 'household', scenario: 'dishes-a', archive: { space } });
  const world = await worlds().get('household');
  const session = await world.open({ scenario: 'dishes-a', problem: null, seed: goal.seed, sessionId: run });
  const info = await world.describe();
  const { domain, problem } = (await session.briefing()).rules!;
  const node = {
    id: '1.1',
    title: 'x',
    pre: [],
    post: CONDITION,
    after: [],
    owner: null,
    lane: 'default',
    steps: [],
    cost: 1,
  };
  const events: readonly RunEvent[] = [
    { type: 'accepted', goal },
    {
      type: 'opened',
      session: run,
      domainName: info.domain,
      domain,
      problem,
      condition: CONDITION,
      agents: ['robby'],
      tools: [],
      approvals: [],
      versions: { planning: 1, acting: 1 },
    },
    {
      type: 'planned',
      plan: { version: 1, nodes: [node] },
      diff: { kept: [], added: ['1.1'], dropped: [] },
      reason: 'first',
      evaluated: 1,
    },
    { type: 'dispatched', node: '1.1', attempt: 1, allowance: UNBOUNDED },
  ];
  await store.journal.append(
    runStream(run),
    0,
    events.map((e) => runEvents.encode(e)),
  );
  await act(run, session, turns, isOld);
  return (await store.journal.read(subgoalStream(subgoalOf(run)))).map((e) => stepEvents.decode(e));
}

const subgoalOf = (run: string): string => `${run}.1.1.1`;

async function act(run: string, session: WorldSession, turns: readonly Turn[], isOld: boolean): Promise<void> {
  const info = await (await worlds().get('household')).describe();
  const skills = await SkillRegistry.gather([worldSkills(session, info)]);
  const { facts, numbers } = await session.observe();
  let turn = 0;
  await interpret({
    stream: subgoalStream(subgoalOf(run)),
    subgoal: subgoalOf(run),
    journal: store.journal,
    strategy: findPreset('react').acting,
    signal: new AbortController().signal,
    opening: async () => ({
      type: 'opened',
      by: 'spec',
      strategy: 'react',
      state: { facts: [...facts], numbers: { ...numbers } },
      condition: CONDITION,
      owner: 'robby',
      limits: { steps: 60, replans: 9, ...(!isOld && { stale: MOST_STALE }) },
      allowance: UNBOUNDED,
      suggested: [],
      avoid: [],
      domain: info.domain,
    }),
    handlers: {
      async propose() {
        const now = turns[turn++];
        if (!now) return { candidates: [{ kind: 'stuck', why: 'that is all', times: 1 }], note: '' };
        for (const [i, other] of (now.meanwhile ?? []).entries()) await session.act(other, `other ${turn} ${i}`);
        return {
          candidates: [{ kind: 'act', action: { ...now.action }, why: '', times: 1, origin: 'model', taint: [] }],
          note: '',
        };
      },
      evaluate: async ({ candidates }) => ({ scores: candidates.map(() => 0.5) }),
      verify: async ({ candidate }) => ({ violations: (await session.check(String(candidate))).problems }),
      execute: {
        manifest: (a) => skills.manifest(a),
        run: (a, key, signal, decidedOn) => skills.run(a, key, signal, decidedOn),
        look: () => session.observe(),
      },
      checkpoint: () => snapshotsOf(session).take(),
    },
  });
}

async function reflect(run: string): Promise<void> {
  const parts = {
    address: '',
    log,
    store,
    worlds: worlds(),
    search: async (request: PlanRequest) => solve(request),
    clock: systemClock,
  } as unknown as ReflectorParts;
  await new Reflect(parts).on(subgoalOf(run), new AbortController().signal);
}

const bodies = (tools: readonly Tool[]): readonly ToolBody[] =>
  tools.map((t) => t.body).sort((a, b) => (a.kind < b.kind ? -1 : 1));
const active = async (space: string): Promise<readonly Tool[]> => store.archive.find({ space, domain: 'household' });
const GUARD = { kind: 'guard', action: 'take-from', requires: '(open ?c)' };
const codes = (events: readonly StepEvent[]): readonly string[] =>
  events.flatMap((e) => (e.type === 'observed' ? [e.result.ok ? 'ok' : e.result.code] : []));

/** What one mind alone meets: the cabinet is shut, which nobody told it. */
const ALONE: readonly Turn[] = [
  { action: TAKE },
  { action: open('cabinet', 'hall') },
  { action: TAKE },
  { action: TAKE },
];

/** The same, while another mind sends the robot away three times before it takes anything. */
const AWAY = { action: TAKE, meanwhile: [move('hall', 'study')] };
const DISTURBED: readonly Turn[] = [
  AWAY,
  { action: move('study', 'hall') },
  AWAY,
  { action: move('study', 'hall') },
  AWAY,
  { action: move('study', 'hall') },
  ...ALONE,
];

/** Actions that fail only since the robot is elsewhere by then. */
const LOST: readonly Turn[] = [0, 1, 2].flatMap(() => [
  { action: move('hall', 'kitchen'), meanwhile: [move('hall', 'study')] },
  { action: move('study', 'hall') },
]);

describe('what the reflector learns in a world that others change', () => {
  it('is the guard that the world needs, where nobody else acts (reflect.1)', async () => {
    expect(codes(await live({ run: 'r-alone', space: 'clean', turns: ALONE })).slice(0, 3)).toEqual([
      'not-applicable',
      'ok',
      'ok',
    ]);
    await reflect('r-alone');
    expect(bodies(await active('clean'))).toContainEqual(expect.objectContaining(GUARD));
  });

  it('is nothing new where an active guard explains the refusal (reflect.3)', async () => {
    const before = await store.archive.list('clean');
    await live({ run: 'r-known', space: 'clean', turns: ALONE });
    await reflect('r-known');
    expect(await store.archive.list('clean')).toEqual(before);
  });

  it('is the same guard where two minds drive one robot, and nothing else (reflect.6)', async () => {
    const events = await live({ run: 'r-poison', space: 'poison', turns: DISTURBED });
    expect(codes(events)).toEqual(expect.arrayContaining(['stale', 'not-applicable', 'ok']));
    expect(events.at(-1)).toMatchObject({
      result: {
        failedSteps: 1,
        failures: [
          { action: '(take-from robby saucer cabinet hall)', facts: expect.arrayContaining(['(at robby hall)']) },
        ],
      },
    });
    await reflect('r-poison');
    expect(bodies(await active('poison'))).toEqual(bodies(await active('clean')));
    expect(bodies(await store.archive.list('poison')).filter((b) => b.kind === 'hint')).toEqual([]);
  });

  // reflect.6
  it('is the same guard out of what an older release recorded, which took the decisions that came too late for failures', async () => {
    const late = [AWAY, { action: move('study', 'hall') }, ...ALONE.slice(1)];
    expect(codes(await live({ run: 'r-old', space: 'old', turns: late, isOld: true })).slice(0, 3)).toEqual([
      'not-applicable',
      'ok',
      'ok',
    ]);
    await reflect('r-old');
    expect(await store.archive.list('old')).toEqual([]);
    await live({ run: 'r-oldtwo', space: 'old', turns: ALONE });
    await reflect('r-oldtwo');
    expect(bodies(await active('old'))).toEqual(bodies(await active('clean')));
  });

  it('is nothing where all that failed came too late (reflect.6)', async () => {
    await live({ run: 'r-lost', space: 'lost', turns: LOST });
    await live({ run: 'r-lostold', space: 'lost', turns: LOST, isOld: true });
    await reflect('r-lost');
    await reflect('r-lostold');
    expect(await store.archive.list('lost')).toEqual([]);
  });

  // reflect.2
  it('is a candidate and no more where a refusal has no known reason: what was never tried is not used', async () => {
    await live({ run: 'r-hint', space: 'hint', turns: [{ action: TAKE }] });
    await reflect('r-hint');
    expect(await store.archive.list('hint')).toMatchObject([
      { body: { kind: 'hint', action: 'take-from' }, trust: 'candidate', evidence: { pairs: 0 } },
    ]);
    expect(await active('hint')).toEqual([]);
  });

  // reflect.4
  it('brings a guard back that was rejected because of false refusals, and tries none again without new evidence', async () => {
    const [known] = (await active('clean')).filter((t) => t.body.kind === 'guard');
    const { tried: _, ...evidence } = known!.evidence;
    await live({ run: 'r-again', space: 'again', turns: ALONE });
    await reflect('r-again');
    const [guard] = (await active('again')).filter((t) => t.body.kind === 'guard');
    expect(guard!.evidence.tried).toEqual(['r-again.1.1.1#0']);
    // As an older release left it: seven pairs, none of them won, and nobody knows in which refusals.
    await store.archive.save({
      ...guard!,
      trust: 'rejected',
      evidence: { ...evidence, pairs: 7, wins: 0, losses: 0, eValue: 1 },
    });
    await reflect('r-again');
    expect(await store.archive.get(guard!.id)).toMatchObject({
      trust: 'active',
      evidence: { wins: expect.any(Number), losses: 0, tried: ['r-again.1.1.1#0'] },
    });
    // And one that was tried in this very refusal stays as it is.
    await store.archive.save({ ...guard!, trust: 'rejected', evidence: { ...guard!.evidence, wins: 0, eValue: 1 } });
    await reflect('r-again');
    expect(await store.archive.get(guard!.id)).toMatchObject({ trust: 'rejected', evidence: { wins: 0 } });
  });
});
