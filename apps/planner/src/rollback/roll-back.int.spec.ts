import { makeSubgoalId, numberSteps, readRun, type Run, type RunId } from '@praxis/core';
import { Execute } from '@praxis/executor';
import { Outside, Rehearsal, stopTestPostgres, workshopGoal, workshopSkills } from '@praxis/testing';
import { Advance } from '../advance.js';
import { PlannerService } from '../api/planner-service.js';

let outside: Outside;
let rehearsal: Rehearsal;
let parts: ReturnType<Rehearsal['parts']>;
let players: { readonly advance: Advance; readonly execute: Execute };
let api: PlannerService;
beforeAll(async () => {
  outside = new Outside();
  rehearsal = await Rehearsal.open(workshopSkills(outside));
  parts = rehearsal.parts();
  players = { advance: new Advance(parts), execute: new Execute(parts) };
  api = new PlannerService(parts);
});
beforeEach(() => {
  outside.did.length = 0;
  outside.refuses.clear();
  rehearsal.jobs = [];
});
afterAll(async () => {
  await rehearsal?.close();
  await stopTestPostgres();
});

const state = async (run: RunId): Promise<Run> => (await readRun(run, parts.store.journal)).state;
async function done(condition: string, more: Parameters<typeof workshopGoal>[1] = {}): Promise<RunId> {
  const run = await api.submit(workshopGoal(condition, more), null);
  await rehearsal.play(players);
  return run;
}
const open = async (run: RunId): Promise<string | undefined> =>
  (await api.questions({ run, kind: null }))[0]?.question.id;
const answer = async (question: string, verdict: 'approve' | 'reject'): Promise<void> =>
  api.answer(question, { verdict, by: 'ann', reason: 'because', args: null, grant: null, value: null });

describe('a roll back', () => {
  it('takes back what was done, latest first, and says what is left and why', async () => {
    const run = await done('(and (sent cup) (packed jug))');
    const steps = numberSteps((await readRun(run, parts.store.journal)).subgoals);
    outside.did.length = 0;
    const told = await api.rollback(run);
    expect(told.left).toEqual([
      { action: { skill: 'send', args: { a: 'ann', i: 'cup' } }, why: expect.stringContaining('irreversible') },
    ]);
    const undo = { make: 'unmake', pack: 'unpack' } as const;
    const expected = [...steps]
      .reverse()
      .filter((s) => s.action.skill !== 'send')
      .map(
        (s) => `(${undo[s.action.skill as 'make']} ${s.action.args['a'] as string} ${s.action.args['i'] as string})`,
      );
    await rehearsal.play(players);
    expect(await state(told.run)).toMatchObject({ ended: { outcome: 'done' }, goal: { undoes: run } });
    expect(outside.did).toEqual(expected);
    expect(await api.rollback(run)).toEqual(told);
    await rehearsal.play(players);
    expect(outside.did).toEqual(expected);
  });

  it('goes on where an undo failed, and undoes nothing twice', async () => {
    const run = await done('(and (packed cup) (packed plate))');
    outside.did.length = 0;
    outside.refuses.add('(unmake ann cup)');
    const told = await api.rollback(run);
    // The outside comes round while the roll back tries again.
    const { advance } = players;
    const mending = {
      pass: async (id: RunId, signal: AbortSignal) => {
        if ((await state(id)).replans > 0) outside.refuses.clear();
        await advance.pass(id, signal);
      },
    };
    await rehearsal.play({ ...players, advance: mending });
    const ended = await state(told.run);
    expect(ended.ended).toMatchObject({ outcome: 'done' });
    expect(ended.replans).toBeGreaterThan(0);
    expect([...outside.did].sort()).toEqual([
      '(unmake ann cup)',
      '(unmake ann plate)',
      '(unpack ann cup)',
      '(unpack ann plate)',
    ]);
  });

  it('ends as failed, and says where, when an undo keeps failing', async () => {
    const run = await done('(packed cup)');
    outside.refuses.add('(unpack ann cup)');
    const told = await api.rollback(run);
    await rehearsal.playOut(players);
    expect((await state(told.run)).ended).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('(unpack ann cup)'),
    });
  });

  it('is refused where nothing can be taken back, with the reason for each step', async () => {
    const idle = await done('(owns ann cup)');
    await expect(api.rollback(idle)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('it changed nothing'),
    });
    const run = await api.submit(workshopGoal('(made jug)'), null);
    const making = outside.hold('(make bob jug)');
    const work = rehearsal.play(players);
    await making.arrived;
    await api.cancel(run, 'enough');
    await work;
    making.letGo();
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'cancelled' });
    await expect(api.rollback(run)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/\(make bob jug\): nobody knows/),
    });
  });

  it('passes the same gate, and what a person does not allow is not asked again', async () => {
    const run = await done('(made cup)', { approvals: [{ decision: 'ask', skill: 'unmake' }] });
    outside.did.length = 0;
    const told = await api.rollback(run);
    await rehearsal.play(players);
    expect(outside.did).toEqual([]);
    await answer((await open(told.run))!, 'reject');
    await rehearsal.play(players);
    expect(await open(told.run)).toBeUndefined();
    expect((await state(told.run)).ended).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('because'),
    });
    expect(outside.did).toEqual([]);
    const other = await done('(made plate)', { approvals: [{ decision: 'ask', skill: 'unmake' }] });
    const { run: undoing } = await api.rollback(other);
    await rehearsal.play(players);
    await answer((await open(undoing))!, 'approve');
    await rehearsal.play(players);
    expect(outside.did).toEqual(['(make ann plate)', '(unmake ann plate)']);
    expect((await state(undoing)).ended).toMatchObject({ outcome: 'done' });
  });

  it('of a fork leaves to its parent what the parent did', async () => {
    const run = await done('(packed cup)');
    const forked = await api.fork({
      run,
      at: { subgoal: makeSubgoalId(run, (await state(run)).plan!.nodes[0]!.id, 1), step: 1 },
      seed: null,
      strategy: null,
      freshArchive: false,
      action: null,
    });
    await rehearsal.play(players);
    outside.did.length = 0;
    const told = await api.rollback(forked);
    expect(told.left).toMatchObject([{ action: { skill: 'make' }, why: expect.stringContaining(run) }]);
    await rehearsal.play(players);
    expect(outside.did).toEqual(['(unpack ann cup)']);
    expect((await state(told.run)).ended).toMatchObject({ outcome: 'done' });
  });

  it('is refused for a run that goes on, that never was, and that takes back itself; such a one cannot be forked either', async () => {
    const running = await api.submit(workshopGoal('(made bowl)'), null);
    await expect(api.rollback(running)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('praxis cancel'),
    });
    await rehearsal.play(players);
    const { run: undoing } = await api.rollback(running);
    await rehearsal.play(players);
    await expect(api.rollback(undoing)).rejects.toMatchObject({ code: 'invalid' });
    await expect(
      api.fork({ run: undoing, at: { step: 0 }, seed: null, strategy: null, freshArchive: false, action: null }),
    ).rejects.toMatchObject({ code: 'invalid' });
    await expect(api.rollback('r-0000000000')).rejects.toMatchObject({ code: 'missing' });
  });
});
