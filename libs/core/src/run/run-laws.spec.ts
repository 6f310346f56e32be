import * as fc from 'fast-check';
import { answerShortage } from './budget-grants.js';
import { COST_NAMES, NO_COST, UNBOUNDED, addCosts, leftOf, shortOf, type Cost } from '../values/cost.js';
import { goalSchema } from '../goals/goal.js';
import { makeSubgoalId, parseSubgoalId } from '../values/ids.js';
import { next, type Command } from './next.js';
import { diffPlans, type Plan, type PlanNode } from '../goals/plan.js';
import { makeQuestion, questionId, type Answer, type Question } from '../acting/question.js';
import { budgetOf, handedOut } from './run-budget.js';
import { runEvents, type RunEvent } from './run-event.js';
import { fold } from './fold-run.js';
import type { Run } from './run.js';
import { timeLimits, type TimedRunEvent } from './time-limits.js';

const RUN = 'r-1';
const amounts = fc.option(fc.integer({ min: 1, max: 30 }), { nil: null });
const budgets = fc.record({
  steps: fc.integer({ min: 1, max: 40 }),
  replans: fc.integer({ min: 0, max: 4 }),
  calls: amounts,
  tokens: amounts,
  risk: amounts,
  money: fc.option(fc.double({ min: 0.5, max: 20, noNaN: true }), { nil: null }),
  wallMs: fc.option(fc.integer({ min: 50, max: 2000 }), { nil: null }),
  whenSpent: fc.constantFrom('ask', 'ask', 'fail'),
});
const goals = fc.record({ budget: budgets, deadlineMs: fc.option(fc.integer({ min: 50, max: 4000 }), { nil: null }) });
/**
 * Even draws: a stream that fast-check makes and shrinks itself favours its edges, and then nobody but the first ever
 * moves.
 */
const draws = fc.integer().map((seed): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
});

/** A subgoal under way: what it has spent, what it waits for, and how it ended. */
interface Worker {
  readonly node: string;
  readonly attempt: number;
  spent: Cost;
  steps: number;
  parked: Question | null;
  asked: number;
}

/** Who wrote an event: the planner follows from the others, who know nothing of each other. */
type Source = 'planner' | 'people' | `worker ${string}`;

/** Planner, executors, people and the clock, each moving whenever it likes; checks the laws after every event. */
class Play {
  readonly history: TimedRunEvent[] = [];
  readonly sources: Source[] = [];
  readonly dispatches: string[] = [];
  private readonly workers = new Map<string, Worker>();
  private now = 1000;

  constructor(
    goal: object,
    private readonly draw: () => number,
  ) {
    this.write('people', { type: 'accepted', goal: goalSchema.parse({ title: 'g', world: 'w', ...goal }) });
  }

  get events(): readonly RunEvent[] {
    return this.history.map((h) => h.event);
  }

  state!: Run;

  /** At first anybody may do anything; after so many turns people only let things come to an end. */
  run(chaos: number): void {
    for (let turn = 0; turn < 3000; turn++) {
      if (this.state.ended) return;
      const isCalm = turn > chaos;
      const who = this.draw();
      this.now += Math.floor(this.draw() * 20);
      if (who < 0.4) this.plan();
      else if (who < 0.8) this.work();
      else this.meddle(isCalm);
    }
    throw new Error(`the run did not end: ${JSON.stringify(this.events.slice(-5))}`);
  }

  private choice = <T>(list: readonly T[]): T => list[Math.floor(this.draw() * list.length)]!;

  private write(source: Source, event: RunEvent): void {
    this.history.push({ event, at: this.now });
    this.sources.push(source);
    this.state = fold(this.events)!;
    conserves(this.state);
  }

  /** One pass of the planner. */
  private plan(): void {
    const run = this.state;
    const { due } = timeLimits(run, this.history, this.now);
    if (due) return this.write('planner', due);
    const short = [...this.workers.values()].find((w) => w.parked?.kind === 'budget');
    const atWork = [...this.workers.values()].some((w) => w.parked === null);
    const answer =
      short && run.cancelling === null
        ? answerShortage(run, RUN, { node: short.node, question: short.parked! }, atWork)
        : null;
    if (answer) return this.write('planner', answer);
    const commands = next(run);
    if (this.draw() < 0.05)
      expect(next(fold(this.events.map((e) => runEvents.decode(runEvents.encode(e))))!)).toEqual(commands);
    expect(commands.length).toBeLessThanOrEqual(1);
    if (commands[0]) this.obey(run, commands[0]);
  }

  private obey(run: Run, command: Command): void {
    mayBegin(run, command);
    switch (command.kind) {
      case 'open':
        return this.write('planner', {
          type: 'opened',
          session: 's',
          domainName: 'd',
          domain: '',
          problem: '',
          condition: '',
          agents: [],
          tools: [],
          approvals: [],
          versions: { planning: 1, acting: 1 },
        });
      case 'plan':
        return this.write('planner', this.planned(run.plan, command));
      case 'dispatch':
        this.dispatches.push(`${command.node.id}#${command.attempt}`);
        this.workers.set(command.node.id, {
          node: command.node.id,
          attempt: command.attempt,
          spent: NO_COST,
          steps: 0,
          parked: null,
          asked: 0,
        });
        return this.write('planner', {
          type: 'dispatched',
          node: command.node.id,
          attempt: command.attempt,
          allowance: command.allowance,
        });
      case 'check':
        return this.write('planner', { type: 'checked', holds: this.draw() < 0.6 });
      case 'ask':
        return this.write('planner', { type: 'asked', question: command.question });
      case 'end':
        expect(this.workers.size).toBe(0);
        return this.write('planner', { type: 'ended', outcome: command.outcome, reason: command.reason });
    }
  }

  private planned(before: Plan | null, { keep, reason }: Extract<Command, { kind: 'plan' }>): RunEvent {
    const version = (before?.version ?? 0) + 1;
    const kept = (before?.nodes ?? []).filter((n) => keep.includes(n.id));
    const fresh = Array.from({ length: Math.floor(this.draw() * 5) }, (_, i): PlanNode => {
      const after = Array.from({ length: i }, (_, k) => `${version}.${k + 1}`).filter(() => this.draw() < 0.4);
      return {
        id: `${version}.${i + 1}`,
        title: '',
        pre: [],
        post: '',
        after,
        owner: this.choice(['ann', 'bob', 'cid', null]),
        lane: 'default',
        steps: [],
        cost: 1,
      };
    });
    const plan = { version, nodes: [...kept, ...fresh] };
    return {
      type: 'planned',
      plan,
      diff: diffPlans(before, plan) as Extract<RunEvent, { type: 'planned' }>['diff'],
      reason,
      evaluated: 0,
    };
  }

  /** One subgoal spends something, asks for something, or ends. */
  private work(): void {
    const run = this.state;
    if (this.workers.size === 0) return;
    const worker = this.choice([...this.workers.values()]);
    if (run.cancelling) return this.settle(worker, 'cancelled');
    if (run.paused !== null || run.overtime) return;
    const { parked } = worker;
    const answer = parked && run.answers.get(parked.id);
    if (parked && !answer) return;
    worker.parked = null;
    if (answer && answer.verdict !== 'grant' && answer.verdict !== 'approve') return this.settle(worker, 'failed');
    if (this.draw() < 0.25) return this.settle(worker, this.choice(['done', 'done', 'done', 'failed', 'cancelled']));
    this.spend(worker, run);
  }

  private spend(worker: Worker, run: Run): void {
    const price: Cost = {
      steps: 1,
      calls: 1,
      tokens: Math.floor(this.draw() * 8),
      money: this.draw(),
      risk: this.choice([0, 0, 1, 5]),
    };
    const left = leftOf(run.nodes.get(worker.node)!.allowance, worker.spent);
    const needs = shortOf(left, price);
    const id = questionId(makeSubgoalId(RUN, worker.node, worker.attempt), worker.asked++);
    if (needs) worker.parked = makeQuestion({ id, kind: 'budget', text: 'More?', needs });
    else if (this.draw() < 0.1) worker.parked = makeQuestion({ id, kind: 'approval', text: 'May I?' });
    else {
      worker.spent = addCosts(worker.spent, price);
      worker.steps++;
    }
  }

  private settle({ node, attempt, steps, spent }: Worker, outcome: 'done' | 'failed' | 'cancelled'): void {
    expect(shortOf(this.state.nodes.get(node)!.allowance, spent)).toBeNull();
    this.workers.delete(node);
    this.write(`worker ${node}`, {
      type: 'settled',
      node,
      attempt,
      outcome,
      reason: outcome,
      steps,
      failedSteps: 0,
      replans: 0,
      toolsUsed: [],
      failures: [],
      spent,
    });
  }

  /** What people do; where they are asked too often, they say no. */
  private meddle(isCalm: boolean): void {
    const run = this.state;
    if (!isCalm && run.cancelling === null && this.draw() < 0.03)
      return this.write('people', { type: 'cancelling', reason: 'enough', outcome: 'cancelled' });
    if (run.paused !== null) return this.write('people', { type: 'resumed', by: 'me' });
    if (!isCalm && run.cancelling === null && this.draw() < 0.1)
      return this.write('people', { type: 'paused', by: 'me', reason: '' });
    this.answer(run);
  }

  private answer(run: Run): void {
    const approval = [...this.workers.values()].find(
      (w) => w.parked?.kind === 'approval' && !run.answers.has(w.parked.id),
    );
    if (approval)
      return this.write('people', {
        type: 'answered',
        question: approval.parked!.id,
        subgoal: makeSubgoalId(RUN, approval.node, approval.attempt),
        answer: say(this.choice(['approve', 'approve', 'reject'])),
      });
    const open = run.asked.find((q) => q.answer === null)?.question;
    if (!open) return;
    const needs = open.needs ?? NO_COST;
    const verdict = run.asked.length > 6 ? 'reject' : this.choice(['grant', 'grant', 'reject'] as const);
    this.write('people', {
      type: 'answered',
      question: open.id,
      subgoal: null,
      answer: say(verdict, verdict === 'grant' ? addCosts(needs, this.draw() < 0.5 ? needs : NO_COST) : null),
    });
  }
}

/** next.2, next.4, next.6, next.7: what is told has to be possible now. */
function mayBegin(run: Run, command: Command): void {
  if (run.cancelling !== null) expect(command.kind).toBe('end');
  if (command.kind !== 'end') expect(run.paused ?? run.asked.find((q) => q.answer === null) ?? null).toBeNull();
  if (command.kind !== 'dispatch') return;
  for (const id of command.node.after) expect(run.nodes.get(id)?.status).toBe('done');
  const atWork = run.plan!.nodes.filter((n) => run.nodes.get(n.id)?.status === 'dispatched').map((n) => n.owner);
  expect(
    command.node.owner === null ? atWork : atWork.filter((owner) => owner === null || owner === command.node.owner),
  ).toEqual([]);
}

const say = (verdict: Answer['verdict'], grant: Cost | null = null): Answer => ({
  verdict,
  by: 'me',
  reason: '',
  args: null,
  grant,
  value: null,
});

/** run-budget.1: what is spent and handed out never exceeds the budget and what people granted. */
function conserves(run: Run): void {
  const bound = budgetOf(run);
  const used = addCosts(run.spent, handedOut(run));
  for (const name of COST_NAMES)
    if (bound[name] !== null && used[name] > bound[name] * (1 + 1e-9) + 1e-9)
      throw new Error(`${name}: ${String(used[name])} of ${String(bound[name])}`);
}

const play = (goal: object, drawn: () => number): Play => {
  const played = new Play(goal, drawn);
  played.run(150);
  return played;
};

describe('a run', () => {
  // next.1–6, run-budget.1–2
  it('comes to an end, whatever is planned, spent, said and done, and keeps its budget all the way', () => {
    fc.assert(
      fc.property(goals, draws, (goal, drawn) => {
        const played = play(goal, drawn);
        expect(new Set(played.dispatches).size).toBe(played.dispatches.length);
        const { state } = played;
        expect([...state.nodes.values()].some((n) => n.status === 'dispatched')).toBe(false);
        expect(handedOut(state)).toEqual(NO_COST);
        expect(state.replans).toBeLessThanOrEqual(state.goal.budget.replans);
        expect(next(state)).toEqual([]);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  it('is the same in whatever order events were written that knew nothing of each other', () => {
    fc.assert(
      fc.property(goals, draws, (goal, drawn) => {
        const played = play(goal, drawn);
        const other = shuffle(played, drawn);
        for (let i = 1; i <= other.length; i++) conserves(fold(other.slice(0, i))!);
        expect(unordered(fold(other)!)).toEqual(unordered(played.state));
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  it('is not held by a lost or repeated answer to a subgoal that is over', () => {
    fc.assert(
      fc.property(goals, draws, (goal, drawn) => {
        const played = play(goal, drawn);
        const late: RunEvent = {
          type: 'answered',
          question: 'q-late',
          subgoal: makeSubgoalId(RUN, '1.1', 1),
          answer: say('grant', { ...NO_COST, steps: 99 }),
        };
        const settledAt = played.events.findIndex((e) => e.type === 'settled' && e.node === '1.1');
        if (settledAt === -1) return;
        const events = [...played.events.slice(0, settledAt + 1), late, ...played.events.slice(settledAt + 1)];
        for (let i = settledAt + 1; i <= events.length; i++) conserves(fold(events.slice(0, i))!);
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });
});

/** Between two events of the planner, those of the others in another order; each source keeps its own. */
function shuffle({ events, sources }: Play, drawn: () => number): readonly RunEvent[] {
  const result: RunEvent[] = [];
  let pending: { source: Source; event: RunEvent }[] = [];
  const flush = (): void => {
    while (pending.length > 0) {
      const names = [...new Set(pending.map((p) => p.source))];
      const source = names[Math.floor(drawn() * names.length)];
      const [taken] = pending.splice(
        pending.findIndex((p) => p.source === source),
        1,
      );
      result.push(taken!.event);
    }
  };
  for (const [i, event] of events.entries()) {
    if (sources[i] !== 'planner' && i > 0) pending.push({ source: sources[i]!, event });
    else {
      flush();
      pending = [];
      result.push(event);
    }
  }
  flush();
  return result;
}

const rounded = (cost: Cost) => Object.fromEntries(COST_NAMES.map((n) => [n, Math.round(cost[n] * 1e6) / 1e6]));
const unordered = (run: Run) => ({
  ...run,
  toolsUsed: [...run.toolsUsed].sort(),
  nodes: new Map([...run.nodes].sort(([a], [b]) => (a < b ? -1 : 1))),
  answers: new Map([...run.answers].sort(([a], [b]) => (a < b ? -1 : 1))),
  spent: rounded(run.spent),
});

describe('answerShortage', () => {
  const question = makeQuestion({
    id: 'q-1',
    kind: 'budget',
    text: '(go) needs 2 steps more than is left.',
    needs: { ...NO_COST, steps: 2 },
  });
  const plan = {
    version: 1,
    nodes: ['1.1', '1.2'].map((id): PlanNode => ({
      id,
      title: '',
      pre: [],
      post: '',
      after: [],
      owner: null,
      lane: 'default',
      steps: [],
      cost: 1,
    })),
  };
  const begin = (budget: object, handed: readonly number[]): Run =>
    fold([
      { type: 'accepted', goal: goalSchema.parse({ title: 'g', world: 'w', budget }) },
      { type: 'planned', plan, diff: { kept: [], added: [], dropped: [] }, reason: 'first', evaluated: 0 },
      ...handed.map((steps, i): RunEvent => ({
        type: 'dispatched',
        node: `1.${i + 1}`,
        attempt: 1,
        allowance: { ...UNBOUNDED, steps },
      })),
    ])!;
  const short = { node: '1.1', question };

  it('grants from what is free', () => {
    expect(answerShortage(begin({ steps: 10 }, [3, 3]), RUN, short, true)).toMatchObject({
      type: 'answered',
      question: 'q-1',
      subgoal: 'r-1.1.1.1',
      answer: { verdict: 'grant', grant: { steps: 4 } },
    });
    expect(parseSubgoalId('r-1.1.1.1')).toMatchObject({ node: '1.1', attempt: 1 });
  });

  it('waits for others to give back', () =>
    expect(answerShortage(begin({ steps: 7 }, [3, 3]), RUN, short, true)).toBeNull());

  it('asks a person where nobody else can give back, once', () => {
    const run = begin({ steps: 7 }, [3, 3]);
    const asked = answerShortage(run, RUN, short, false) as Extract<RunEvent, { type: 'asked' }>;
    expect(asked).toMatchObject({ type: 'asked', question: { kind: 'budget', needs: { steps: 2 } } });
    expect(
      answerShortage({ ...run, asked: [{ question: asked.question, answer: null }] }, RUN, short, false),
    ).toBeNull();
    expect(
      answerShortage({ ...run, asked: [{ question: asked.question, answer: say('reject') }] }, RUN, short, false),
    ).toMatchObject({ type: 'answered', answer: { verdict: 'reject' } });
  });

  it('refuses where the goal says so', () => {
    expect(answerShortage(begin({ steps: 7, whenSpent: 'fail' }, [3, 3]), RUN, short, false)).toMatchObject({
      answer: { verdict: 'reject', reason: expect.stringContaining('submit again') },
    });
  });
});
