import { builtinSkills, skill } from '@praxis/actions';
import {
  goalSchema,
  readRecordedRun,
  readRun,
  type Goal,
  type GoalInput,
  type Json,
  type Run,
  type RunId,
} from '@praxis/core';
import { Execute } from '@praxis/executor';
import { replayHistory } from '@praxis/strategy';
import { Rehearsal, stopTestPostgres } from '@praxis/testing';
import { z } from 'zod';
import { Advance } from '../advance.js';
import { PlannerService } from '../api/planner-service.js';
import { checkPlan } from '../planning/check-plan.js';

/** What the skills found, did, and are to fail at. */
const shop = { overdue: [] as Json, reminded: [] as string[], noted: 0, failing: new Set<string>() };
const mustWork = (name: string): void => {
  if (shop.failing.has(name)) throw new Error(`${name} is out of order`);
};

const listOverdue = skill({
  name: 'billing.list-overdue',
  summary: 'lists customers with an overdue invoice',
  input: z.object({}),
  ensures: ['(have ?overdue)', '(overdue-list ?overdue)'],
  run: () => ({ value: shop.overdue }),
});
const remind = (name: string) =>
  skill({
    name,
    summary: 'reminds a customer',
    input: z.object({ customer: z.string() }),
    effect: 'irreversible',
    keyed: true,
    requires: ['(overdue-list ?list)', '(each ?customer ?list)'],
    ensures: ['(reminded ?list)'],
    run: ({ customer }) => {
      mustWork(name);
      shop.reminded.push(`${name} ${customer}`);
      return { value: customer };
    },
  });
const note = skill({
  name: 'billing.note',
  summary: 'notes who was reminded',
  input: z.object({ list: z.array(z.string()) }),
  effect: 'irreversible',
  keyed: true,
  requires: ['(reminded ?list)'],
  ensures: ['(noted ?list)'],
  run: ({ list }) => {
    shop.noted += 1;
    return { value: list.length };
  },
});

let rehearsal: Rehearsal;
let parts: ReturnType<Rehearsal['parts']>;
let api: PlannerService;
beforeAll(async () => {
  const calc = (await builtinSkills().list()).find((s) => s.manifest.name === 'calc')!;
  const skills = [listOverdue, remind('billing.remind'), remind('billing.write-to'), note, calc];
  rehearsal = await Rehearsal.open(skills.map((s) => ({ skill: s, performs: null })));
  parts = rehearsal.parts();
  api = new PlannerService(parts);
});
beforeEach(() => {
  Object.assign(shop, { overdue: ['ada', 'bob', 'cy'], reminded: [], noted: 0, failing: new Set() });
  rehearsal.jobs = [];
});
afterAll(async () => {
  await rehearsal?.close();
  await stopTestPostgres();
});

const GOAL = '(and (reminded overdue) (noted overdue))';
const goalOf = (condition: string, more: Partial<GoalInput> = {}): Goal =>
  goalSchema.parse({ title: 'overdue invoices', condition, archive: { use: false, learn: false }, ...more });
async function play(goal: Goal): Promise<{ readonly run: RunId; readonly state: Run }> {
  const run = await api.submit(goal, null);
  await rehearsal.playOut({ advance: new Advance(parts), execute: new Execute(parts) });
  // Whatever happened, the journal tells it so that it can be replayed (S9).
  expect(replayHistory({ recorded: await readRecordedRun(run, parts.store.journal) }).divergence).toBeNull();
  return { run, state: (await readRun(run, parts.store.journal)).state };
}

describe('a goal over declared skills, without rules and without a model', () => {
  it('is planned in three nodes that pass the check, and reached: each customer is reminded once', async () => {
    const { state } = await play(goalOf(GOAL));
    expect(state.ended).toMatchObject({ outcome: 'done' });
    expect(state.plan!.nodes.map((n) => n.script![0]!.do)).toEqual([
      'billing.list-overdue',
      expect.stringMatching(/^billing\.(remind|write-to)$/),
      'billing.note',
    ]);
    const from = { facts: [], numbers: {} };
    const anew = { ...state, nodes: new Map() };
    expect(await checkPlan(state.plan!, { run: anew, from, executor: parts.executor, isExact: true })).toEqual([]);
    expect(shop.reminded.map((r) => r.split(' ')[1])).toEqual(['ada', 'bob', 'cy']);
    expect(shop.noted).toBe(1);
  });

  it('is reached where the list is empty', async () => {
    shop.overdue = [];
    const { state } = await play(goalOf(GOAL));
    expect(state.ended).toMatchObject({ outcome: 'done' });
    expect([shop.reminded, shop.noted]).toEqual([[], 1]);
  });

  it('is planned again with what is there by another skill, where one fails (search-skills.2, search-skills.3)', async () => {
    shop.failing.add('billing.remind');
    const first = await play(goalOf(GOAL));
    expect(first.state.ended).toMatchObject({ outcome: 'done' });
    shop.failing = new Set(['billing.write-to']);
    const second = await play(goalOf(GOAL));
    expect(second.state.ended).toMatchObject({ outcome: 'done' });
    // One of the two runs met the skill that fails, and did not list the customers again.
    const replanned = [first, second].filter(({ state }) => state.replans > 0);
    expect(replanned).toHaveLength(1);
    expect(replanned[0]!.state.plan!.nodes.filter((n) => n.script![0]!.do === 'billing.list-overdue')).toHaveLength(1);
  });

  it('ends by the reason where a step fails before any call, and is not planned again and again (search-skills.4)', async () => {
    Object.assign(shop, { overdue: { customers: ['ada'] } });
    const { state } = await play(goalOf(GOAL));
    expect(state.ended).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('is an object; there is a list in it: customers') as string,
    });
    expect(state.replans).toBeLessThan(3);
    expect(shop.reminded).toEqual([]);
  });

  it('uses no skill that the rules deny, and ends with that reason where there is no other (search-skills.1)', async () => {
    const deny = (match: string) => ({ skill: match, decision: 'deny' as const });
    const { state } = await play(goalOf(GOAL, { approvals: [deny('billing.remind')] }));
    expect(state.ended).toMatchObject({ outcome: 'done' });
    expect(shop.reminded.every((r) => r.startsWith('billing.write-to'))).toBe(true);
    const none = await play(goalOf(GOAL, { approvals: [deny('billing.note')] }));
    expect(none.state.ended).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/no skill declares that it ensures \(noted \?x\).*billing\.note/) as string,
    });
  });

  it('is refused at submit where no skill ensures what it wants, with the nearest that one does (workable.3)', async () => {
    await expect(api.submit(goalOf('(remindet overdue)'), null)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(
        'no skill declares that it ensures (remindet ?x); did you mean (reminded ?x)?',
      ) as string,
    });
    await expect(api.submit(goalOf('(and)'), null)).rejects.toMatchObject({ code: 'invalid' });
  });
});
