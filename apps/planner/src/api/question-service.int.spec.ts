import { numberSteps, readRun, runEvents, runStream, type Answer, type Run, type RunId } from '@praxis/core';
import { Execute } from '@praxis/executor';
import { Outside, Rehearsal, stopTestPostgres, workshopGoal, workshopSkills } from '@praxis/testing';
import type { OpenQuestion } from '@praxis/wire';
import { Advance } from '../advance.js';
import { PlannerService } from './planner-service.js';
import { Sweep } from '../sweep.js';

const MINUTE = 60_000;

let outside: Outside;
let rehearsal: Rehearsal;
let parts: ReturnType<Rehearsal['parts']>;
let players: { readonly advance: Advance; readonly execute: Execute };
let api: PlannerService;
let sweep: Sweep;
beforeAll(async () => {
  outside = new Outside();
  rehearsal = await Rehearsal.open(workshopSkills(outside));
  parts = rehearsal.parts();
  players = { advance: new Advance(parts), execute: new Execute(parts) };
  api = new PlannerService(parts);
  sweep = new Sweep(parts, api.scheduling);
});
beforeEach(() => {
  outside.did.length = 0;
  rehearsal.jobs = [];
});
afterAll(async () => {
  await rehearsal?.close();
  await stopTestPostgres();
});

const says = (verdict: Answer['verdict'], more: Partial<Answer> = {}): Answer => ({
  verdict,
  by: 'ann',
  reason: '',
  args: null,
  grant: null,
  value: null,
  ...more,
});
const state = async (run: RunId): Promise<Run> => (await readRun(run, parts.store.journal)).state;
const open = (run: RunId): Promise<readonly OpenQuestion[]> => api.questions({ run, kind: null });
const reminders = async (run: RunId): Promise<number> =>
  (await parts.store.journal.read(runStream(run))).map((e) => runEvents.decode(e)).filter((e) => e.type === 'reminded')
    .length;
/** A run that waits for approvals of making. */
async function asking(condition: string, more: Parameters<typeof workshopGoal>[1] = {}): Promise<RunId> {
  const run = await api.submit(
    workshopGoal(condition, { approvals: [{ decision: 'ask', skill: 'make' }], budget: { replans: 0 }, ...more }),
    null,
  );
  await rehearsal.play(players);
  return run;
}

describe('the desk where people answer', () => {
  it('brings each of several answers to what asked, in whatever order they come (question-service.1)', async () => {
    const run = await asking('(and (made cup) (made jug))', { budget: {} });
    const questions = await open(run);
    const about = (item: string): string => questions.find((q) => q.question.text.includes(item))!.question.id;
    expect(questions).toHaveLength(2);
    await api.answer(about('jug'), says('approve'));
    await rehearsal.play(players);
    expect(outside.did).toEqual(['(make bob jug)']);
    expect((await open(run)).map((q) => q.question.id)).toEqual([about('cup')]);
    await api.answer(about('cup'), says('edit', { args: { a: 'ann', i: 'plate' } }));
    await rehearsal.play(players);
    expect(outside.did).toEqual(['(make bob jug)', '(make ann plate)']);
    // An edit is another decision: what the goal wants is asked again.
    await api.answer((await open(run))[0]!.question.id, says('approve'));
    await rehearsal.play(players);
    expect(outside.did).toEqual(['(make bob jug)', '(make ann plate)', '(make ann cup)']);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
  });

  it('takes one answer, of those that come at once as well (question-service.2)', async () => {
    const run = await asking('(made cup)');
    const { id } = (await open(run))[0]!.question;
    const told = await Promise.allSettled([
      api.answer(id, says('approve')),
      api.answer(id, says('reject')),
      api.answer(id, says('approve')),
    ]);
    expect(told.map((t) => t.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    for (const t of told)
      if (t.status === 'rejected')
        expect(t.reason).toMatchObject({ code: 'conflict', message: expect.stringContaining('answered already') });
    await rehearsal.play(players);
    expect((await state(run)).answers.size).toBe(1);
  });

  // question-service.3
  it("changes nothing for an answer that does not fit, that nobody asked for, that is not a person's, or that comes too late", async () => {
    const run = await asking('(made cup)', { approvals: [{ decision: 'ask', skill: 'make', expiresMs: MINUTE }] });
    const before = await parts.store.journal.read(runStream(run));
    const { id } = (await open(run))[0]!.question;
    await expect(api.answer(id, says('happened'))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('approve, reject, edit'),
    });
    await expect(api.answer(id, says('edit'))).rejects.toMatchObject({ code: 'invalid' });
    await expect(api.answer(id, says('expired'))).rejects.toMatchObject({ code: 'invalid' });
    await expect(api.answer('q-0', says('approve'))).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('praxis approvals'),
    });
    rehearsal.later(2 * MINUTE);
    await expect(api.answer(id, says('approve'))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('expired'),
    });
    expect(await parts.store.journal.read(runStream(run))).toEqual(before);
    await api.cancel(run, '');
    await rehearsal.play(players);
    await expect(api.answer(id, says('approve'))).rejects.toMatchObject({ name: 'PraxisError' });
    expect((await state(run)).ended).toMatchObject({ outcome: 'cancelled' });
  });

  it('lets what nobody approved in time be denied, by the sweep alone', async () => {
    const run = await asking('(made cup)', { approvals: [{ decision: 'ask', skill: 'make', expiresMs: MINUTE }] });
    rehearsal.later(MINUTE - 10_000);
    await sweep.once(1_000);
    expect((await state(run)).answers.size).toBe(0);
    rehearsal.later(20_000);
    await sweep.once(1_000);
    await rehearsal.play(players);
    const [step] = numberSteps((await readRun(run, parts.store.journal)).subgoals);
    expect(step).toMatchObject({
      effect: null,
      result: { ok: false, code: 'denied', message: 'denied: nobody approved make in time' },
    });
    expect((await state(run)).ended).toMatchObject({ outcome: 'failed' });
    expect(outside.did).toEqual([]);
    const length = (await parts.store.journal.read(runStream(run))).length;
    await sweep.once(1_000);
    expect(await parts.store.journal.read(runStream(run))).toHaveLength(length);
  });

  it('reminds people of what is open for long, no more often than they want, and of nothing that is answered', async () => {
    const run = await asking('(made cup)');
    await sweep.once(1_000);
    expect(await reminders(run)).toBe(0);
    rehearsal.later(MINUTE);
    await sweep.once(1_000);
    await sweep.once(1_000);
    rehearsal.later(MINUTE / 2);
    await sweep.once(1_000);
    expect(await reminders(run)).toBe(1);
    expect(await open(run)).toMatchObject([{ reminders: 1 }]);
    rehearsal.later(MINUTE);
    await sweep.once(1_000);
    expect(await open(run)).toMatchObject([{ reminders: 2 }]);
    // A reminder moves nothing.
    await rehearsal.play(players);
    expect(await open(run)).toHaveLength(1);
    await api.answer((await open(run))[0]!.question.id, says('approve'));
    rehearsal.later(10 * MINUTE);
    await sweep.once(1_000);
    expect(await reminders(run)).toBe(2);
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
  });

  it('goes on after an answer whose wake-up was lost, by the sweep alone (advance.3)', async () => {
    const run = await asking('(made cup)');
    await api.answer((await open(run))[0]!.question.id, says('approve'));
    rehearsal.jobs = [];
    rehearsal.later(MINUTE);
    await sweep.once(1_000);
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
  });

  it('is not the place to grant a subgoal more than its run has, nor to be reminded of it', async () => {
    const run = await api.submit(workshopGoal('(and (packed cup) (packed plate))', { budget: { risk: 2 } }), null);
    await rehearsal.play(players);
    const all = await parts.store.questions.open({ run });
    const own = all.find((q) => q.subgoal !== null)!.question.id;
    expect(await open(run)).toMatchObject([{ subgoal: null, question: { kind: 'budget' } }]);
    const before = (await parts.store.journal.read(runStream(run))).length;
    await expect(
      api.answer(own, says('grant', { grant: { steps: 0, calls: 0, tokens: 0, money: 0, risk: 99 } })),
    ).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining((await open(run))[0]!.question.id) });
    expect(await parts.store.journal.read(runStream(run))).toHaveLength(before);
    rehearsal.later(2 * MINUTE);
    await sweep.once(1_000);
    expect(await reminders(run)).toBe(1);
    await api.cancel(run, '');
    await rehearsal.play(players);
  });
});
