import {
  fold,
  makeSubgoalId,
  numberSteps,
  readRun,
  runEvents,
  runStream,
  subgoalStream,
  type Run,
  type RunHistory,
  type RunId,
} from '@praxis/core';
import { Execute } from '@praxis/executor';
import { Outside, Rehearsal, stopTestPostgres, workshopGoal, workshopSkills } from '@praxis/testing';
import type { ForkRequest } from '@praxis/wire';
import { Advance } from '../advance.js';
import { PlannerService } from '../api/planner-service.js';
import { forkRun } from './fork-run.js';

const never = new AbortController().signal;
const CHANGES = { seed: null, strategy: null, freshArchive: false, action: null } as const;

let outside: Outside;
let rehearsal: Rehearsal;
let parts: ReturnType<Rehearsal['parts']>;
let players: { readonly advance: Advance; readonly execute: Execute };
beforeAll(async () => {
  outside = new Outside();
  rehearsal = await Rehearsal.open(workshopSkills(outside));
  parts = rehearsal.parts();
  players = { advance: new Advance(parts), execute: new Execute(parts) };
});
beforeEach(() => {
  outside.did.length = 0;
  rehearsal.jobs = [];
});
afterAll(async () => {
  await rehearsal?.close();
  await stopTestPostgres();
});

const read = (run: RunId): Promise<RunHistory> => readRun(run, parts.store.journal);
const state = async (run: RunId): Promise<Run> => (await read(run)).state;
const fork = (run: RunId, at: ForkRequest['at'], changes: Partial<ForkRequest> = {}): Promise<RunId> =>
  forkRun({ run, at, ...CHANGES, ...changes }, parts);
const facts = async (run: RunId): Promise<readonly string[]> => {
  const world = await parts.worlds.get('pddl');
  return (await (await world.resume((await state(run)).opened!.session)).observe()).facts.filter(
    (f) => !f.startsWith('(owns'),
  );
};
/** Without the name of its stream. */
const shared = async (stream: string): Promise<readonly object[]> =>
  (await parts.store.journal.read(stream)).map((event) => ({ ...event, stream: '' }));

/** A run in which ann's steps are done while bob's first one is under way. */
async function parentRun(): Promise<{ readonly run: RunId; readonly ann: string; readonly bob: string }> {
  const run = await new PlannerService(parts).submit(workshopGoal('(and (packed cup) (packed jug))'), null);
  rehearsal.jobs = [];
  await players.advance.pass(run, never);
  const { plan } = await state(run);
  const [ann, bob] = ['ann', 'bob'].map((owner) =>
    makeSubgoalId(run, plan!.nodes.find((n) => n.owner === owner)!.id, 1),
  ) as [string, string];
  const making = outside.hold('(make bob jug)');
  const bobsWork = players.execute.work(bob, never);
  await making.arrived;
  await players.execute.work(ann, never);
  making.letGo();
  await bobsWork;
  await rehearsal.play(players);
  expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
  return { run, ann, bob };
}

describe('a fork', () => {
  let parent: Awaited<ReturnType<typeof parentRun>>;
  let before: RunHistory;
  beforeAll(async () => {
    parent = await parentRun();
    before = await read(parent.run);
  });
  // fork-run.1: whatever forks do, the parent stays as it is.
  afterEach(async () => expect(await read(parent.run)).toEqual(before));

  // fork-run.1–3
  it('shares the events before its step by reference, cuts no effect in the middle, and goes on in a world that stands where it stood', async () => {
    const { run, ann, bob } = parent;
    const forked = await fork(run, { subgoal: ann, step: 1 });
    expect(outside.did).toEqual([]);
    const [anns, bobs] = [ann, bob].map((subgoal) => subgoalStream(subgoal.replace(run, forked)));
    const decided = (await parts.store.journal.read(subgoalStream(ann))).filter((e) => e.type === 'decided')[1]!;
    expect(await shared(anns!)).toEqual((await shared(subgoalStream(ann))).slice(0, decided.position));
    // Bob's work was under way just then: it begins with his decision.
    const own = await parts.store.journal.read(bobs!);
    expect(own.length).toBeGreaterThan(0);
    expect(own.map((e) => e.type)).not.toContain('decided');
    expect(await shared(bobs!)).toEqual((await shared(subgoalStream(bob))).slice(0, own.length));
    expect(await facts(forked)).toEqual(['(made cup)']);
    await rehearsal.play(players);
    expect((await state(forked)).ended).toMatchObject({ outcome: 'done' });
    expect([...outside.did].sort()).toEqual(['(make bob jug)', '(pack ann cup)', '(pack bob jug)']);
  });

  it('begins at any step of the run, in the state before it, and comes to its end', async () => {
    for (const step of numberSteps(before.subgoals)) {
      const forked = await fork(parent.run, { step: step.number });
      const shares = numberSteps((await read(forked)).subgoals);
      expect(shares.map((s) => s.action)).not.toContainEqual(step.action);
      expect(await facts(forked)).toEqual([...new Set(shares.flatMap((s) => s.change!.added))].sort());
      await rehearsal.play(players);
      expect((await state(forked)).ended).toMatchObject({ outcome: 'done' });
      expect(await facts(forked)).toEqual(await facts(parent.run));
    }
  });

  it('does at its step what it was told to, and copes with what comes of it', async () => {
    const instead = { skill: 'make', args: { a: 'ann', i: 'plate' } };
    const forked = await fork(parent.run, { subgoal: parent.ann, step: 1 }, { action: instead });
    await rehearsal.play(players);
    const own = numberSteps((await read(forked)).subgoals).find((s) => s.origin === 'fork');
    expect(own).toMatchObject({ step: 1, action: instead, result: { ok: true } });
    expect((await state(forked)).ended).toMatchObject({ outcome: 'done' });
  });

  it('begins the subgoals that were under way anew where its strategy changes, without doing again what was done', async () => {
    const forked = await fork(parent.run, { subgoal: parent.ann, step: 1 }, { strategy: 'search' });
    await rehearsal.play(players);
    expect((await state(forked)).ended).toMatchObject({ outcome: 'done' });
    expect([...outside.did].sort()).toEqual(['(make bob jug)', '(pack ann cup)', '(pack bob jug)']);
    await expect(
      fork(parent.run, { step: 0 }, { strategy: 'search', action: { skill: 'make', args: {} } }),
    ).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('two forks') });
    await expect(fork(parent.run, { step: 0 }, { strategy: 'serch' })).rejects.toMatchObject({ code: 'missing' });
    await expect(fork(parent.run, { step: 0 }, { strategy: 'rollback' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('is pinned to the archive as it now is where that is asked for', async () => {
    const { domainName } = (await state(parent.run)).opened!;
    const evidence = { subgoals: [], successes: 0, failures: 0, pairs: 7, wins: 0, losses: 0, eValue: 1 };
    await parts.store.archive.save({
      id: 'careful',
      space: 'default',
      domain: domainName,
      title: 'x',
      body: { kind: 'hint', action: 'make', text: '' },
      trust: 'active',
      createdAt: 1,
      evidence,
    });
    const forked = await fork(parent.run, { step: 1 }, { freshArchive: true });
    expect((await state(forked)).opened!.tools.map((t) => t.id)).toEqual(['careful']);
    expect((await state(await fork(parent.run, { step: 1 }))).opened!.tools).toEqual([]);
  });

  it('can be forked itself, in what it shares and in what is its own, also where seeds differ on the way', async () => {
    const first = await fork(parent.run, { subgoal: parent.ann, step: 1 }, { seed: 'other' });
    await rehearsal.play(players);
    const steps = numberSteps((await read(first)).subgoals);
    outside.did.length = 0;
    for (const step of steps) {
      const second = await fork(first, { step: step.number }, { seed: `${step.number}` });
      expect(outside.did).toEqual([]);
      await rehearsal.play(players);
      expect(await state(second)).toMatchObject({ goal: { seed: `${step.number}` }, ended: { outcome: 'done' } });
      outside.did.length = 0;
    }
  });

  it('of a step that does not exist is refused, and the steps that there are are named', async () => {
    await expect(fork(parent.run, { step: 99 })).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('0 to 3'),
    });
    await expect(fork(parent.run, { subgoal: `${parent.run}.7.7.1`, step: 0 })).rejects.toMatchObject({
      code: 'missing',
    });
    await expect(fork('r-0000000000', { step: 0 })).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('praxis runs'),
    });
    const young = await new PlannerService(parts).submit(workshopGoal('(made cup)'), null);
    await expect(fork(young, { step: 0 })).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('not decided anything'),
    });
  });

  it('of a run in a world that cannot be cloned is refused with the reason', async () => {
    const worlds = {
      ...parts.worlds,
      get: async (name: string) => {
        const world = await parts.worlds.get(name);
        const info = await world.describe();
        return {
          open: world.open.bind(world),
          resume: world.resume.bind(world),
          describe: async () => ({ ...info, offers: { ...info.offers, clones: false } }),
        };
      },
    };
    await expect(forkRun({ run: parent.run, at: { step: 1 }, ...CHANGES }, { ...parts, worlds })).rejects.toMatchObject(
      { code: 'invalid', message: expect.stringContaining('cannot be cloned') },
    );
  });

  it('repeats no refusal of the outside in its own world, in which nobody would refuse', async () => {
    outside.refuses.add('(pack ann plate)');
    const run = await new PlannerService(parts).submit(
      workshopGoal('(packed plate)', { budget: { replans: 1 } }),
      null,
    );
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'failed' });
    outside.refuses.clear();
    const last = numberSteps((await read(run)).subgoals).at(-1)!;
    expect(last).toMatchObject({ action: { skill: 'pack' }, result: { ok: false } });
    const forked = await fork(run, { step: last.number });
    expect(await facts(forked)).toEqual(['(made plate)']);
    await rehearsal.play(players);
    expect((await state(forked)).ended).toMatchObject({ outcome: 'done' });
  });

  // fork-run.2
  it("shares what had settled whole, also where the clock of an executor goes before the planner's", async () => {
    const run = await new PlannerService(parts).submit(workshopGoal('(and (packed cup) (packed jug))'), null);
    rehearsal.jobs = [];
    await players.advance.pass(run, never);
    const nodes = (await state(run)).plan!.nodes;
    const of = (owner: string): string => makeSubgoalId(run, nodes.find((n) => n.owner === owner)!.id, 1);
    rehearsal.later(5_000);
    await players.execute.work(of('bob'), never);
    rehearsal.later(-5_000);
    await players.advance.pass(run, never);
    rehearsal.jobs = [];
    await players.execute.work(of('ann'), never);
    await rehearsal.play(players);
    outside.did.length = 0;
    const forked = await fork(run, { subgoal: of('ann'), step: 1 });
    expect(await facts(forked)).toEqual(['(made cup)', '(made jug)', '(packed jug)']);
    await rehearsal.play(players);
    expect((await state(forked)).ended).toMatchObject({ outcome: 'done' });
    expect(outside.did).toEqual(['(pack ann cup)']);
  });

  it('does not exist for anybody where the planner dies before it is written (fork-run.4)', async () => {
    const { journal } = parts.store;
    const list = async (): Promise<readonly string[]> =>
      (
        await parts.store.runs.list({ status: null, world: null, space: null, text: null }, { size: 200, token: null })
      ).runs.map((r) => r.id);
    const [runs, unborn] = [await list(), 'r-vnb0rn0000'];
    const dying = {
      ...journal,
      read: journal.read.bind(journal),
      fork: journal.fork.bind(journal),
      append: () => Promise.reject(new Error('dead')),
    };
    await expect(
      forkRun(
        { run: parent.run, at: { step: 2 }, ...CHANGES },
        { ...parts, newRunId: () => unborn, store: { ...parts.store, journal: dying } },
      ),
    ).rejects.toThrow('dead');
    expect((await journal.read(runStream(unborn))).length).toBeGreaterThan(0);
    expect([await list(), rehearsal.jobs]).toEqual([runs, []]);
    await expect(new PlannerService(parts).get(unborn)).rejects.toMatchObject({ code: 'missing' });
    rehearsal.later(3_600_000);
    expect(
      [...(await parts.store.work.idleRuns(0)), ...(await parts.store.work.idleSubgoals(0)).map((s) => s.id)].filter(
        (id) => id.startsWith(unborn),
      ),
    ).toEqual([]);
    expect(fold((await journal.read(runStream(parent.run))).map((e) => runEvents.decode(e)))!.ended).not.toBeNull();
  });
});
