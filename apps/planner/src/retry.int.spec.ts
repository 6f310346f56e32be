import {
  makeSubgoalId,
  numberSteps,
  readRecordedRun,
  readRun,
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  type Run,
  type RunId,
  type StepEvent,
} from '@praxis/core';
import { Execute } from '@praxis/executor';
import { replayHistory } from '@praxis/strategy';
import {
  AWAY,
  Outside,
  REFUSED,
  Rehearsal,
  SILENT,
  stopTestPostgres,
  workshopGoal,
  workshopSkills,
} from '@praxis/testing';
import { Advance } from './advance.js';
import { PlannerService } from './api/planner-service.js';
import { ScheduleService } from './schedules/schedule-service.js';
import { Sweep } from './sweep.js';

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
  outside.calls.length = 0;
  rehearsal.jobs = [];
});
afterAll(async () => {
  await rehearsal?.close();
  await stopTestPostgres();
});

const MAKE = '(make ann cup)';
const times = <T>(n: number, what: T): readonly T[] => Array.from({ length: n }, () => what);
const state = async (run: RunId): Promise<Run> => (await readRun(run, parts.store.journal)).state;
const runs: RunId[] = [];
const begin = async (condition: string, more: Parameters<typeof workshopGoal>[1] = {}): Promise<RunId> => {
  runs.push(await api.submit(workshopGoal(condition, more), null));
  return runs.at(-1)!;
};
// Whatever happened, the journal tells it so that it can be replayed (S9).
afterEach(async () => {
  for (const run of runs.splice(0))
    expect(replayHistory({ recorded: await readRecordedRun(run, parts.store.journal) }).divergence).toBeNull();
});
const stepsOf = async (run: RunId): Promise<readonly StepEvent[]> => {
  const { plan, nodes } = await state(run);
  const node = plan!.nodes[0]!.id;
  return (await parts.store.journal.read(subgoalStream(makeSubgoalId(run, node, nodes.get(node)!.attempt)))).map((e) =>
    stepEvents.decode(e),
  );
};
const open = async (run: RunId) => (await api.questions({ run, kind: null }))[0]?.question;
const answer = async (
  question: string,
  verdict: 'approve' | 'reject' | 'edit' | 'happened' | 'not-happened',
  more: object = {},
): Promise<void> =>
  api.answer(question, {
    verdict,
    by: 'ann',
    reason: verdict === 'reject' ? 'too dear' : '',
    args: null,
    grant: null,
    value: null,
    ...more,
  });

describe('an outage', () => {
  it('is waited out under one key, with growing pauses, and costs no step and no plan (execute.5)', async () => {
    outside.script(MAKE, ...times(8, AWAY));
    const run = await begin('(made cup)');
    await rehearsal.playOut(players);
    expect(await state(run)).toMatchObject({
      ended: { outcome: 'done' },
      steps: 1,
      failedSteps: 0,
      replans: 0,
      localReplans: 0,
    });
    expect(outside.calls).toHaveLength(9);
    expect(new Set(outside.calls.map((c) => c.key)).size).toBe(1);
    const pauses = (await stepsOf(run)).flatMap((e) => (e.type === 'postponed' ? [e.attempt] : []));
    expect(pauses).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('that lasts for an hour leads to few requests, and does not fail the run', async () => {
    outside.script(MAKE, ...times(200, AWAY));
    const run = await begin('(made cup)');
    await rehearsal.playOut(players, 600_000);
    // 1 + log2(300) doublings, then one every five minutes at most.
    expect(outside.calls.length).toBeLessThan(14);
    await rehearsal.playOut(players, 3_000_000);
    expect(outside.calls.length).toBeLessThan(14 + 25);
    expect((await state(run)).ended).toBeNull();
    outside.script(MAKE);
  });

  it('is told: what waits, for what, and until when', async () => {
    outside.script(MAKE, AWAY);
    const run = await begin('(made cup)');
    await rehearsal.play(players);
    const { postponed } = await api.get(run);
    expect(postponed).toEqual([
      { node: expect.any(String), attempt: 1, until: expect.any(Number), reason: `${MAKE}: nobody is there` },
    ]);
    expect(postponed[0]!.until).toBeGreaterThan(rehearsal.now());
    await rehearsal.playOut(players);
    expect((await api.get(run)).postponed).toEqual([]);
  });

  it('is over at once for who says so', async () => {
    outside.script(MAKE, ...times(20, AWAY));
    const run = await begin('(made cup)');
    await rehearsal.playOut(players, 100_000);
    rehearsal.jobs = [];
    outside.script(MAKE);
    const before = outside.calls.length;
    expect(await api.retry(run, 'ann')).toEqual({ reopened: false, woken: 1 });
    await rehearsal.play(players);
    expect(outside.calls.length).toBe(before + 1);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
  });

  it('is found by the sweep where the wake-up was lost, and not before it is due', async () => {
    outside.script(MAKE, AWAY);
    const run = await begin('(made cup)');
    await rehearsal.play(players);
    rehearsal.jobs = [];
    const sweep = new Sweep(parts, new ScheduleService(parts, api.submit.bind(api)));
    await sweep.once(0);
    expect(rehearsal.jobs.filter((j) => j.queue === 'execute')).toEqual([]);
    rehearsal.jobs = [];
    rehearsal.later(2_000);
    await sweep.once(0);
    expect(rehearsal.jobs.filter((j) => j.queue === 'execute')).toHaveLength(1);
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
  });
});

describe('a clock that was ahead and is right again', () => {
  it('holds back nothing that was postponed meanwhile', async () => {
    outside.script(MAKE, AWAY);
    rehearsal.later(86_400_000);
    const run = await begin('(made cup)');
    await rehearsal.play(players);
    expect((await api.get(run)).postponed).toHaveLength(1);
    rehearsal.later(-86_400_000);
    rehearsal.jobs = [];
    const sweep = new Sweep(parts, new ScheduleService(parts, api.submit.bind(api)));
    await sweep.once(0);
    expect(rehearsal.jobs.filter((j) => j.queue === 'execute')).toHaveLength(1);
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
  });

  it('holds back nothing whose job was lost meanwhile', async () => {
    rehearsal.later(86_400_000);
    const run = await begin('(made plate)');
    rehearsal.later(-86_400_000);
    rehearsal.jobs = [];
    const sweep = new Sweep(parts, new ScheduleService(parts, api.submit.bind(api)));
    await sweep.once(0);
    expect(rehearsal.jobs.map((j) => j.queue)).toContain('advance');
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
  });
});

describe('an outcome that nobody tells', () => {
  it('is asked for three times under one key, then a person is asked, and it is done once', async () => {
    outside.script(MAKE, ...times(10, SILENT));
    const run = await begin('(made cup)');
    await rehearsal.playOut(players);
    expect(outside.calls).toHaveLength(3);
    expect(new Set(outside.calls.map((c) => c.key)).size).toBe(1);
    const question = await open(run);
    expect(question).toMatchObject({ kind: 'uncertain', key: outside.calls[0]!.key });
    await answer(question!.id, 'happened');
    await rehearsal.playOut(players);
    expect(await state(run)).toMatchObject({ ended: { outcome: 'done' }, steps: 1, replans: 0 });
    expect(outside.did).toEqual([MAKE]);
    outside.script(MAKE);
  });

  it('keeps its key in a run that failed meanwhile and was reopened: another plan, another subgoal, the same request', async () => {
    outside.script(MAKE, ...times(10, SILENT));
    const run = await begin('(made cup)', { deadlineMs: 20_000 });
    await rehearsal.playOut(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('deadline') });
    outside.script(MAKE);
    expect(await api.retry(run, 'ann')).toEqual({ reopened: true, woken: 0 });
    await rehearsal.play(players);
    expect(await state(run)).toMatchObject({ ended: { outcome: 'done' } });
    expect(new Set(outside.calls.map((c) => c.key)).size).toBe(1);
    expect(outside.did).toEqual([MAKE]);
    expect(numberSteps((await readRun(run, parts.store.journal)).subgoals).map((s) => s.key)).toEqual([
      outside.calls[0]!.key,
      outside.calls[0]!.key,
    ]);
  });
});

describe('a refusal that lasts', () => {
  // receding-horizon.10
  it('is not asked for again, and ends the run with the reason where there is no other way', async () => {
    outside.script(MAKE, ...times(200, REFUSED));
    const run = await begin('(made cup)');
    await rehearsal.playOut(players);
    expect(outside.calls).toHaveLength(1);
    const { ended, replans } = await state(run);
    expect(ended).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/\(make ann cup\) answered 405; there is no other way/),
    });
    expect(replans).toBeLessThanOrEqual(1);
  });

  it('is asked for again after the run was reopened, under a key of its own, with plans to spare', async () => {
    outside.script(MAKE, REFUSED);
    const run = await begin('(made cup)', { budget: { replans: 0 } });
    await rehearsal.playOut(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'failed' });
    await api.retry(run, 'ann');
    await rehearsal.playOut(players);
    expect(await state(run)).toMatchObject({ ended: { outcome: 'done' }, retries: 1 });
    expect((await api.get(run)).summary).toMatchObject({ status: 'done' });
    const told: string[] = [];
    for await (const { kind, event } of api.watch(run, {}, new AbortController().signal))
      if (kind === 'run') told.push(event.type);
    expect(told.filter((type) => type === 'ended')).toHaveLength(2);
    expect(told.at(-1)).toBe('ended');
  });
});

describe('a "no"', () => {
  it('is heard: one question, at most one more plan, and the run says who said it and why', async () => {
    const run = await begin('(made cup)', { approvals: [{ decision: 'ask', skill: 'make' }] });
    await rehearsal.playOut(players);
    await answer((await open(run))!.id, 'reject');
    await rehearsal.playOut(players);
    expect(await open(run)).toBeUndefined();
    const { ended, replans } = await state(run);
    expect(ended).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('denied by ann: too dear') });
    expect(replans).toBeLessThanOrEqual(1);
    expect(outside.calls).toEqual([]);
  });

  it('of a rule is known before the first plan', async () => {
    const run = await begin('(made cup)', { approvals: [{ decision: 'deny', skill: 'make' }] });
    await rehearsal.playOut(players);
    expect(await state(run)).toMatchObject({
      plan: null,
      ended: { outcome: 'failed', reason: expect.stringContaining('denied by a rule: make is not allowed here') },
    });
    expect(outside.calls).toEqual([]);
  });

  it('leaves other ways open', async () => {
    const run = await begin('(exists (?i - item) (made ?i))', { approvals: [{ decision: 'ask', skill: 'make' }] });
    await rehearsal.playOut(players);
    const first = (await open(run))!;
    await answer(first.id, 'reject');
    await rehearsal.playOut(players);
    const second = (await open(run))!;
    expect(second.action).not.toEqual(first.action);
    await answer(second.id, 'approve');
    await rehearsal.playOut(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
  });
});

describe('an edited approval', () => {
  it('is checked against the world before anything is sent, and asked again with the reason', async () => {
    const run = await begin('(packed cup)', { approvals: [{ decision: 'ask', skill: 'pack' }] });
    await rehearsal.playOut(players);
    outside.calls.length = 0;
    // The plate is not made yet.
    await answer((await open(run))!.id, 'edit', { args: { a: 'ann', i: 'plate' } });
    await rehearsal.playOut(players);
    expect(outside.calls).toEqual([]);
    const again = await open(run);
    expect(again).toMatchObject({
      kind: 'approval',
      action: { skill: 'pack', args: { a: 'ann', i: 'plate' } },
      text: expect.stringMatching(/cannot be done as edited: .*Nothing was sent/),
    });
    await answer(again!.id, 'edit', { args: { a: 'ann', i: 'cup' } });
    await rehearsal.playOut(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
    expect(outside.calls.map((c) => c.action)).toEqual(['(pack ann cup)']);
    const edited = numberSteps((await readRun(run, parts.store.journal)).subgoals).filter((s) => s.editedBy === 'ann');
    expect(edited.map((s) => s.action.args['i'])).toEqual(['cup', 'plate']);
  });

  it('is checked against what its skill takes', async () => {
    const run = await begin('(made cup)', { approvals: [{ decision: 'ask', skill: 'make' }] });
    await rehearsal.playOut(players);
    await answer((await open(run))!.id, 'edit', { args: { a: 'ann', thing: 'cup' } });
    await rehearsal.playOut(players);
    expect(outside.calls).toEqual([]);
    expect(await open(run)).toMatchObject({ text: expect.stringContaining('has no parameter thing') });
    await answer((await open(run))!.id, 'reject');
    await rehearsal.playOut(players);
    expect((await state(run)).ended).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('denied by ann'),
    });
  });
});

describe('an approval', () => {
  it('holds for the very same action where it slipped, and asks nobody twice (attempt-log.4)', async () => {
    outside.script(MAKE, {
      isDone: false,
      says: { result: { ok: false, code: 'effect-mismatch', message: 'it slipped' }, state: null },
    });
    const run = await begin('(made cup)', { approvals: [{ decision: 'ask', skill: 'make' }] });
    await rehearsal.playOut(players);
    await answer((await open(run))!.id, 'approve');
    await rehearsal.playOut(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
    expect(outside.calls).toHaveLength(2);
    const asked = (await stepsOf(run)).filter((e) => e.type === 'asked');
    expect(asked).toHaveLength(1);
  });
});

describe('a resume', () => {
  it('begins work again that service after service did not survive, which nobody takes up by itself', async () => {
    const run = await begin('(made cup)');
    await players.advance.pass(run, new AbortController().signal);
    const subgoal = makeSubgoalId(run, (await state(run)).plan!.nodes[0]!.id, 1);
    for (const holder of ['a', 'b', 'c']) await parts.store.leases.begin({ key: subgoal, run, holder, position: 0 });
    await rehearsal.playOut(players);
    expect(await state(run)).toMatchObject({
      ended: null,
      paused: expect.stringMatching(/begun 3 times.*praxis resume/),
    });
    expect(outside.calls).toEqual([]);
    await expect(api.retry(run, 'ann')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`praxis resume ${run}`),
    });
    await api.resume(run);
    await rehearsal.playOut(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
  });
});

describe('a retry', () => {
  it('is refused for a run that was taken back: what it did is undone', async () => {
    const SEND = '(send ann plate)';
    outside.script(SEND, REFUSED);
    const run = await begin('(sent plate)');
    await rehearsal.playOut(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'failed' });
    const { run: undoing } = await api.rollback(run);
    await expect(api.retry(run, 'ann')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(undoing),
    });
    await rehearsal.playOut(players);
    await expect(api.retry(run, 'ann')).rejects.toMatchObject({ code: 'conflict' });
    expect((await state(run)).ended).toMatchObject({ outcome: 'failed' });
  });

  it('is refused for a run that is done or was cancelled, and changes nothing where nothing waits', async () => {
    const run = await begin('(made cup)');
    expect(await api.retry(run, 'ann')).toEqual({ reopened: false, woken: 0 });
    await rehearsal.playOut(players);
    await expect(api.retry(run, 'ann')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('has ended (done)'),
    });
    const other = await begin('(made plate)');
    await api.cancel(other, 'enough');
    await rehearsal.playOut(players);
    await expect(api.retry(other, 'ann')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('cancelled'),
    });
    await expect(api.retry('r-0000000000', 'ann')).rejects.toMatchObject({ code: 'missing' });
    const types = (await parts.store.journal.read(runStream(run))).map((e) => runEvents.decode(e).type);
    expect(types).not.toContain('retried');
  });
});
