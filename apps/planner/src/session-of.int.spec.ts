import { makeSubgoalId, readRun, type Run, type RunId } from '@praxis/core';
import { Execute } from '@praxis/executor';
import { Outside, Rehearsal, stopTestPostgres, workshopGoal, workshopSkills } from '@praxis/testing';
import { Advance } from './advance.js';
import { PlannerService } from './api/planner-service.js';
import { sessionOf } from './session-of.js';

const never = new AbortController().signal;

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

const api = (): PlannerService => new PlannerService(parts);
const state = async (run: RunId): Promise<Run> => (await readRun(run, parts.store.journal)).state;
const facts = async (run: RunId): Promise<readonly string[]> =>
  (await (await sessionOf(run, await state(run), parts)).observe()).facts.filter((f) => !f.startsWith('(owns'));
const lose = async (run: RunId): Promise<void> => parts.store.sessions.remove((await state(run)).opened!.session);
/** A run of two subgoals that are dispatched and have no jobs but those that a test gives them. */
async function dispatched(): Promise<{ readonly run: RunId; readonly ann: string; readonly bob: string }> {
  const run = await api().submit(workshopGoal('(and (packed cup) (packed jug))'), null);
  rehearsal.jobs = [];
  await players.advance.pass(run, never);
  const { plan } = await state(run);
  const [ann, bob] = ['ann', 'bob'].map((owner) =>
    makeSubgoalId(run, plan!.nodes.find((n) => n.owner === owner)!.id, 1),
  ) as [string, string];
  return { run, ann, bob };
}
const ALL = ['(make ann cup)', '(make bob jug)', '(pack ann cup)', '(pack bob jug)'];

describe('the world of a run', () => {
  it('comes back with equal facts where it was lost between two subgoals, and the run goes on to its end', async () => {
    const { run, ann } = await dispatched();
    await players.execute.work(ann, never);
    const before = await facts(run);
    await lose(run);
    expect(await facts(run)).toEqual(before);
    await lose(run);
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
    expect([...outside.did].sort()).toEqual(ALL);
  });

  it('comes back where it was lost under the hands of an executor, and what was really done then is not done again', async () => {
    const { run, bob } = await dispatched();
    const packing = outside.hold('(pack bob jug)');
    const work = players.execute.work(bob, never).catch((error: unknown) => error);
    await packing.arrived;
    await lose(run);
    packing.letGo();
    expect(await work).toMatchObject({ code: 'unavailable' });
    await rehearsal.play(players);
    expect(await state(run)).toMatchObject({ ended: { outcome: 'done' }, replans: 0 });
    expect([...outside.did].sort()).toEqual(ALL);
  });

  it('comes back for a fork that has another seed and began its subgoals anew', async () => {
    const { run, ann } = await dispatched();
    await rehearsal.play(players);
    const forked = await api().fork({
      run,
      at: { subgoal: ann, step: 1 },
      seed: 'other',
      strategy: 'search',
      freshArchive: false,
      action: null,
    });
    const before = await facts(forked);
    expect(before).toContain('(made cup)');
    await lose(forked);
    expect(await facts(forked)).toEqual(before);
    await rehearsal.play(players);
    const after = await facts(forked);
    await lose(forked);
    expect(await facts(forked)).toEqual(after);
    expect((await state(forked)).ended).toMatchObject({ outcome: 'done' });
  });

  it('comes back for a run that takes another one back', async () => {
    const { run } = await dispatched();
    await rehearsal.play(players);
    await lose(run);
    const { run: undoing } = await api().rollback(run);
    await players.advance.pass(undoing, never);
    await lose(run);
    await rehearsal.play(players);
    expect((await state(undoing)).ended).toMatchObject({ outcome: 'done' });
    expect(await facts(undoing)).toEqual([]);
    await lose(run);
    expect(await facts(undoing)).toEqual([]);
  });
});
