import { jest } from '@jest/globals';
import {
  addCosts,
  boundedCost,
  budgetOf,
  fold,
  handedOut,
  makeSubgoalId,
  numberSteps,
  readRun,
  runEvents,
  runStream,
  shortOf,
  stepEvents,
  subgoalStream,
  PraxisError,
  type Answer,
  type ErrorCode,
  type Run,
  type RunId,
} from '@praxis/core';
import { Execute } from '@praxis/executor';
import { Outside, Rehearsal, stopTestPostgres, workshopGoal, workshopSkills } from '@praxis/testing';
import { Advance } from './advance.js';
import { PlannerService } from './api/planner-service.js';
import { Sweep } from './sweep.js';

const never = new AbortController().signal;
const BOTH = '(and (packed cup) (packed jug))';

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
const grant = (more: Partial<NonNullable<Answer['grant']>>): Answer =>
  says('grant', { grant: { steps: 0, calls: 0, tokens: 0, money: 0, risk: 0, ...more } });
const state = async (run: RunId): Promise<Run> => (await readRun(run, parts.store.journal)).state;
const submit = (condition: string, more: Parameters<typeof workshopGoal>[1] = {}): Promise<RunId> =>
  api.submit(workshopGoal(condition, more), null);
const begun = async (condition: string, more: Parameters<typeof workshopGoal>[1] = {}): Promise<RunId> => {
  const run = await submit(condition, more);
  await rehearsal.play(players);
  return run;
};
const open = async (run: RunId) => (await api.questions({ run, kind: null })).map((q) => q.question);
const pass = (run: RunId): Promise<void> => players.advance.pass(run, never);
const executes = (): readonly string[] =>
  rehearsal.jobs.flatMap((j) => (j.queue === 'execute' && 'subgoal' in j.payload ? [j.payload.subgoal] : []));
const sweep = async (): Promise<void> => {
  rehearsal.later(10_000);
  await new Sweep(parts, api.scheduling).once(1_000);
};
/** run-budget.1, at every moment of a run. */
async function neverTooMuch(run: RunId): Promise<void> {
  const events = (await parts.store.journal.read(runStream(run))).map((e) => runEvents.decode(e));
  for (let length = 1; length <= events.length; length++) {
    const at = fold(events.slice(0, length))!;
    expect(shortOf(budgetOf(at), addCosts(at.spent, handedOut(at)))).toBeNull();
  }
}

describe('a subgoal that waits for people', () => {
  // execute.5
  it('gets no job, from no pass and no sweep, until one of its questions is answered (advance.5)', async () => {
    const run = await begun(BOTH, { approvals: [{ decision: 'ask', skill: 'pack' }] });
    expect(await open(run)).toHaveLength(2);
    await pass(run);
    await sweep();
    await rehearsal.play({
      ...players,
      execute: { work: (subgoal) => Promise.reject(new Error(`${subgoal} has a job`)) },
    });
    const [first] = await api.questions({ run, kind: null });
    await api.answer(first!.question.id, says('approve'));
    rehearsal.jobs = [];
    await pass(run);
    expect(executes()).toEqual([first!.subgoal]);
    await rehearsal.play(players);
    expect(outside.did.filter((d) => d.startsWith('(pack'))).toHaveLength(1);
  });

  it('ends when its run is cancelled, unanswered and with nothing more done (execute.5)', async () => {
    const run = await begun(BOTH, { approvals: [{ decision: 'ask', skill: 'pack' }] });
    const did = [...outside.did];
    await api.cancel(run, 'enough');
    await rehearsal.play(players);
    expect((await state(run)).ended).toEqual({ outcome: 'cancelled', reason: 'enough' });
    expect([outside.did, await open(run), executes()]).toEqual([did, [], []]);
  });

  it('is not held up by others that wait, nor holds them up', async () => {
    const run = await begun(BOTH, { approvals: [{ decision: 'ask', skill: 'make' }] });
    const about = (await open(run)).find((q) => q.text.includes('jug'))!;
    await api.answer(about.id, says('approve'));
    await rehearsal.play(players);
    expect(outside.did).toEqual(['(make bob jug)', '(pack bob jug)']);
  });
});

describe('a run that is paused', () => {
  it('gets no jobs until it is resumed, and then goes on where it was (execute.1)', async () => {
    const run = await submit(BOTH);
    rehearsal.jobs = [];
    await pass(run);
    await api.pause(run, 'lunch');
    await api.pause(run, 'lunch');
    rehearsal.jobs = [];
    await pass(run);
    await sweep();
    expect(executes().filter((s) => s.startsWith(run))).toEqual([]);
    // A job that was there already does nothing either.
    await players.execute.work(makeSubgoalId(run, (await state(run)).plan!.nodes[0]!.id, 1), never);
    expect(outside.did).toEqual([]);
    await api.resume(run);
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
    await expect(api.pause(run, '')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('ended'),
    });
  });

  it('can be cancelled, parked subgoals and all', async () => {
    const run = await begun(BOTH, { approvals: [{ decision: 'ask', skill: 'pack' }] });
    await api.pause(run, '');
    await rehearsal.play(players);
    await api.cancel(run, '');
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'cancelled' });
  });
});

describe('a budget that subgoals share', () => {
  it('gives one that is short what its siblings give back, and asks nobody', async () => {
    // Ann needs six steps, bob one: shared evenly, she is short.
    const run = await submit('(and (sent cup) (sent plate) (made jug))', { budget: { steps: 8 } });
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
    const events = (await readRun(run, parts.store.journal)).events;
    expect(events.filter((e) => e.type === 'answered').map((e) => e.answer)).toContainEqual(
      expect.objectContaining({ verdict: 'grant', by: 'planner' }),
    );
    expect(events.filter((e) => e.type === 'asked')).toEqual([]);
    await neverTooMuch(run);
  });

  it('waits for those at work before it asks a person, asks once for all, and goes on with a grant', async () => {
    const run = await submit('(and (sent cup) (sent jug))', { budget: { risk: 8 } });
    rehearsal.jobs = [];
    await pass(run);
    const { plan } = await state(run);
    const firsts = plan!.nodes.filter((n) => n.after.length === 0).map((n) => makeSubgoalId(run, n.id, 1));
    expect(firsts).toHaveLength(2);
    const [short] = firsts;
    await players.execute.work(short!, never);
    await pass(run);
    expect(await open(run)).toEqual([]);
    await rehearsal.play(players);
    expect(await open(run)).toMatchObject([{ kind: 'budget' }]);
    await neverTooMuch(run);
    await api.answer((await open(run))[0]!.id, grant({ risk: 20 }));
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
    await neverTooMuch(run);
    expect([...outside.did].filter((d) => d.startsWith('(send'))).toHaveLength(2);
  });

  it('ends the run with what it has where nobody grants more, or it was told to fail', async () => {
    const rejected = await begun('(sent cup)', { budget: { steps: 1 } });
    await api.answer((await open(rejected))[0]!.id, says('reject'));
    await rehearsal.play(players);
    expect((await state(rejected)).ended).toMatchObject({ outcome: 'failed' });
    for (const budget of [{ steps: 2 }, { risk: 2 }, { calls: 1 }] as const) {
      outside.did.length = 0;
      const failing = await begun('(sent plate)', { budget: { ...budget, whenSpent: 'fail' } });
      expect((await state(failing)).ended).toMatchObject({
        outcome: 'failed',
        reason: expect.stringMatching(/budget|steps/),
      });
      expect(await open(failing)).toEqual([]);
      expect(outside.did).not.toContain('(send ann plate)');
      await neverTooMuch(failing);
    }
  });

  it('counts what is done after a fork against the same budget', async () => {
    const run = await begun('(sent cup)', { budget: { steps: 3 } });
    const { subgoals, state: ended } = await readRun(run, parts.store.journal);
    expect(ended.spent.steps).toBe(3);
    const forked = await api.fork({
      run,
      at: { step: numberSteps(subgoals).length - 1 },
      seed: null,
      strategy: null,
      freshArchive: false,
      action: null,
    });
    await rehearsal.play(players);
    const after = await state(forked);
    expect(after).toMatchObject({ ended: { outcome: 'done' }, spent: { steps: 3 } });
    expect(boundedCost(budgetOf(after)).steps).toBe(3);
  });
});

describe('a goal that is submitted under a key', () => {
  it('is one run, however often it is submitted, and no other goal may have its key', async () => {
    const cup = workshopGoal('(made cup)');
    const run = await api.submit(cup, 'order-17');
    expect(
      await Promise.all([api.submit(cup, 'order-17'), api.submit(workshopGoal('(made cup)'), 'order-17')]),
    ).toEqual([run, run]);
    for (const other of [
      workshopGoal('(made jug)'),
      { ...cup, title: 'Another cup' },
      { ...cup, budget: { ...cup.budget, steps: 7 } },
    ]) {
      await expect(api.submit(other, 'order-17')).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(run),
        details: { run },
      });
    }
    await rehearsal.play(players);
    expect(await api.submit(cup, 'order-17')).toBe(run);
    await expect(api.submit(workshopGoal('(made jug)'), 'order-17')).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('the runs of one tenant', () => {
  it('are refused while as many have not ended as the deployment takes, and those of others are not', async () => {
    const caps = { evaluated: 1e9, steps: 1e9, wallMs: null, planNodes: 1e9, openRuns: 2 };
    const capped = new PlannerService({ ...parts, caps });
    const goal = (tenant: string) => workshopGoal('(made cup)', { tenant });
    const [first] = [await capped.submit(goal('acme'), null), await capped.submit(goal('acme'), null)];
    await expect(capped.submit(goal('acme'), null)).rejects.toMatchObject({
      code: 'exhausted',
      message: expect.stringContaining('acme'),
    });
    await capped.submit(goal('other'), null);
    await capped.cancel(first, 'enough');
    await pass(first);
    await capped.submit(goal('acme'), null);
  });

  it('do not stand in the way of a request that came before and has its run', async () => {
    const caps = { evaluated: 1e9, steps: 1e9, wallMs: null, planNodes: 1e9, openRuns: 1 };
    const capped = new PlannerService({ ...parts, caps });
    const goal = workshopGoal('(made cup)', { tenant: 'again' });
    const run = await capped.submit(goal, 'order-18');
    expect(await capped.submit(goal, 'order-18')).toBe(run);
    await expect(capped.submit(goal, 'order-19')).rejects.toMatchObject({ code: 'exhausted' });
  });
});

describe('an error that trying again cannot mend', () => {
  const without = (code: ErrorCode, message: string) => ({
    ...parts,
    worlds: { ...parts.worlds, get: () => Promise.reject(new PraxisError(code, message)) },
  });

  it('ends the run with its message where it cannot be opened; any other leaves it for later (advance.4)', async () => {
    const run = await submit('(made cup)');
    await expect(new Advance(without('unavailable', 'this world is away')).pass(run, never)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect((await state(run)).ended).toBeNull();
    await new Advance(without('invalid', 'this world is no more')).pass(run, never);
    expect((await state(run)).ended).toEqual({ outcome: 'failed', reason: 'this world is no more' });
  });

  it('ends a subgoal as failed, with its message (execute.3)', async () => {
    const run = await submit('(made cup)');
    await pass(run);
    const subgoal = makeSubgoalId(run, (await state(run)).plan!.nodes[0]!.id, 1);
    await new Execute(without('invalid', 'this world is no more')).work(subgoal, never);
    const events = (await parts.store.journal.read(subgoalStream(subgoal))).map((e) => stepEvents.decode(e));
    expect(events.at(-1)).toMatchObject({ type: 'ended', outcome: 'failed', reason: 'this world is no more' });
  });
});

describe('many at the same work', () => {
  it('do it once, and whoever loses the race stops without a trace (advance.2, execute.2)', async () => {
    const run = await submit('(made cup)');
    rehearsal.jobs = [];
    await Promise.allSettled(Array.from({ length: 4 }, () => new Advance(parts).pass(run, never)));
    const { plan } = await state(run);
    const subgoal = makeSubgoalId(run, plan!.nodes[0]!.id, 1);
    // Three that hold it at once count as executors that died of it (execute.7).
    const work = Array.from({ length: 2 }, () => new Execute(parts).work(subgoal, never));
    expect((await Promise.allSettled(work)).map((w) => w.status)).toEqual(work.map(() => 'fulfilled'));
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
    expect(outside.did).toEqual(['(make ann cup)']);
    const types = (await parts.store.journal.read(runStream(run))).map((e) => e.type);
    for (const type of ['opened', 'planned', 'dispatched', 'ended'])
      expect(types.filter((t) => t === type)).toEqual([type]);
  });

  it('are one more round for a run whose pass is under way, however many causes there are (advance.7)', async () => {
    const run = await submit('(made cup)');
    await api.pause(run, 'lunch');
    const reads = jest.spyOn(parts.store.journal, 'read');
    const rounds = async (causes: number): Promise<number> => {
      reads.mockClear();
      await Promise.all(Array.from({ length: causes }, () => players.advance.wake(run, never)));
      return reads.mock.calls.filter(([stream]) => stream === runStream(run)).length;
    };
    const once = await rounds(1);
    expect(await rounds(10)).toBe(2 * once);
    reads.mockRestore();
  });
});

describe('a subgoal that no executor survives', () => {
  // execute.7
  it('is given up after three times without any progress, and pauses its run instead of being planned anew', async () => {
    const run = await submit('(made cup)');
    rehearsal.jobs = [];
    await pass(run);
    const [subgoal] = executes();
    const claim = { key: subgoal!, run, position: 0 };
    for (const holder of ['first', 'second', 'third']) await parts.store.leases.begin({ ...claim, holder });
    await rehearsal.play(players);
    expect(await state(run)).toMatchObject({
      ended: null,
      paused: expect.stringContaining('each time the service that worked on it ended'),
    });
    expect([outside.did, (await state(run)).replans]).toEqual([[], 0]);
  });

  it('goes on where it came further between two ends', async () => {
    const run = await submit('(made cup)');
    rehearsal.jobs = [];
    await pass(run);
    const [subgoal] = executes();
    for (const [nth, holder] of ['first', 'second', 'third'].entries())
      await parts.store.leases.begin({ key: subgoal!, run, position: -3 + nth, holder });
    await rehearsal.play(players);
    expect((await state(run)).ended).toMatchObject({ outcome: 'done' });
    expect(await parts.store.leases.lostBy(run)).toBe(0);
  });
});
