import * as fc from 'fast-check';
import { goalSchema } from './goal.js';
import { diffPlans, type Plan, type PlanNode } from './plan.js';
import { fold, next, runEvents, type Command, type Run, type RunEvent } from './run.js';
import type { Outcome } from './step.js';

const goal = (budget: object = {}) => goalSchema.parse({ title: 'g', world: 'w', budget });
const node = (id: string, after: readonly string[] = []): PlanNode => ({ id, title: id, pre: [], post: '(done)', after: [...after], owner: null, lane: 'default', steps: [], cost: 1 });

const accepted: RunEvent = { type: 'accepted', goal: goal() };
const tight = (budget: object): RunEvent => ({ type: 'accepted', goal: goal(budget) });
const opened: RunEvent = { type: 'opened', session: 's', domainName: 'd', domain: '', problem: '', condition: '', agents: [], tools: [] };
const planned = (nodes: readonly PlanNode[], reason: 'first' | 'repair' | 'goal-missed' = 'first', before: Plan | null = null): RunEvent => {
  const plan = { version: (before?.version ?? 0) + 1, nodes: [...nodes] };
  return { type: 'planned', plan, diff: diffPlans(before, plan) as Extract<RunEvent, { type: 'planned' }>['diff'], reason, evaluated: 0 };
};
const dispatched = (id: string, attempt = 1): RunEvent => ({ type: 'dispatched', node: id, attempt });
const settled = (id: string, outcome: Outcome, more: Partial<Extract<RunEvent, { type: 'settled' }>> = {}): RunEvent => ({
  type: 'settled', node: id, attempt: 1, outcome, reason: `${id} is ${outcome}`, steps: 1, failedSteps: 0, replans: 0, toolsUsed: [], failures: [], ...more,
});
const done = (id: string): RunEvent[] => [dispatched(id), settled(id, 'done')];
const failed = (id: string): RunEvent[] => [dispatched(id), settled(id, 'failed')];
const cancelling: RunEvent = { type: 'cancelling', reason: 'enough' };
const checked = (holds: boolean): RunEvent => ({ type: 'checked', holds });

/** A fork and its join: 1.1 and 1.2 side by side, then 1.3; 1.4 stands alone. */
const four = [node('1.1'), node('1.2'), node('1.3', ['1.1', '1.2']), node('1.4')];
const begun = [accepted, opened, planned(four)];

/** A command in a few words. */
function words(command: Command): string {
  switch (command.kind) {
    case 'dispatch':
      return `dispatch ${command.node.id} #${command.attempt}`;
    case 'plan':
      return `plan ${command.reason} keep ${command.keep.join(' ')}`.trim();
    case 'end':
      return `end ${command.outcome}: ${command.reason}`;
    default:
      return command.kind;
  }
}

const told = (events: readonly RunEvent[]): string[] => next(fold(events)!).map(words);

describe('next', () => {
  const histories: readonly [string, readonly RunEvent[], readonly string[]][] = [
    ['opens the world first', [accepted], ['open']],
    ['plans once the world is open', [accepted, opened], ['plan first keep']],
    ['dispatches all that waits for nothing (R2)', begun, ['dispatch 1.1 #1', 'dispatch 1.2 #1', 'dispatch 1.4 #1']],
    ['dispatches nothing twice (R2)', [...begun, dispatched('1.1'), dispatched('1.2')], ['dispatch 1.4 #1']],
    ['waits for what is under way', [...begun, dispatched('1.1'), dispatched('1.2'), dispatched('1.4')], []],
    ['holds a join back until all before it is done (R2)', [...begun, ...done('1.1'), ...done('1.4'), dispatched('1.2')], []],
    ['lets the join go then (R2)', [...begun, ...done('1.1'), ...done('1.2'), ...done('1.4')], ['dispatch 1.3 #1']],
    ['goes on beside a failure (R3)', [...begun, ...failed('1.1'), ...done('1.2')], ['dispatch 1.4 #1']],
    ['plans again only when nothing else is left (R3)', [...begun, ...failed('1.1'), ...done('1.2'), dispatched('1.4')], []],
    ['keeps what does not wait for the failed node (R3)', [...begun, ...failed('1.1'), ...done('1.2'), ...done('1.4')], ['plan repair keep 1.2 1.4']],
    ['treats a subgoal cancelled elsewhere as a failed one (R3)', [accepted, opened, planned([node('1.1')]), dispatched('1.1'), settled('1.1', 'cancelled')], ['plan repair keep']],
    ['asks the world once all nodes are done', [accepted, opened, planned([node('1.1')]), ...done('1.1')], ['check']],
    ['asks the world at once where there is nothing to do', [accepted, opened, planned([])], ['check']],
    ['ends when the goal holds', [accepted, opened, planned([]), checked(true)], ['end done: the goal holds']],
    ['plans again when the goal was missed', [accepted, opened, planned([node('1.1')]), ...done('1.1'), checked(false)], ['plan goal-missed keep 1.1']],
    ['dispatches nothing after cancelling (R4)', [...begun, cancelling], ['end cancelled: enough']],
    ['opens and plans nothing after cancelling (R4)', [accepted, cancelling], ['end cancelled: enough']],
    ['waits for what is under way before it ends as cancelled (R4)', [...begun, dispatched('1.1'), cancelling], []],
    ['ends as cancelled then (R4)', [...begun, dispatched('1.1'), cancelling, settled('1.1', 'cancelled')], ['end cancelled: enough']],
    ['does nothing after the end (R5)', [...begun, { type: 'ended', outcome: 'failed', reason: 'x' }], []],
    ['does nothing after the end, not even for a cancel (R5)', [...begun, { type: 'ended', outcome: 'done', reason: 'x' }, cancelling], []],
  ];
  it.each(histories)('%s', (_name, events, commands) => expect(told(events)).toEqual(commands));

  it('gives up after as many repairs as the budget allows, and says what failed last', () => {
    const events = [tight({ replans: 1 }), opened, planned([node('1.1')]), ...failed('1.1'), planned([node('2.1')], 'repair'), ...failed('2.1')];
    expect(told(events)).toEqual(['end failed: gave up after 1 repairs of the plan; last: 2.1 is failed']);
    expect(told([tight({ replans: 0 }), opened, planned([]), checked(false)])).toEqual(['end failed: the goal still does not hold after 0 repairs of the plan']);
  });

  it('stops when the steps are spent, but asks whether the goal holds all the same', () => {
    const spent = [tight({ steps: 3 }), opened, planned([node('1.1'), node('1.2', ['1.1'])]), dispatched('1.1'), settled('1.1', 'done', { steps: 3 })];
    expect(told(spent)).toEqual(['check']);
    expect(told([...spent, checked(true)])).toEqual(['end done: the goal holds']);
    expect(told([...spent, checked(false)])).toEqual(['end failed: the budget of 3 steps is spent; submit again with a larger one']);
  });

  it('begins a kept node that was pending as a first attempt', () => {
    const repaired = planned([node('1.2', ['2.1']), node('2.1')], 'repair');
    expect(told([accepted, opened, planned([node('1.1'), node('1.2')]), ...failed('1.1'), repaired, ...done('2.1')])).toEqual(['dispatch 1.2 #1']);
  });
});

describe('fold', () => {
  it('knows nothing before the goal was accepted', () => {
    expect(fold([])).toBeNull();
    expect(fold([opened])).toBeNull();
  });

  it('adds up what the subgoals report', () => {
    const failure = { action: '(a)', code: 'not-applicable' as const, facts: [] };
    const run = fold([
      ...begun,
      dispatched('1.1'), settled('1.1', 'done', { steps: 4, failedSteps: 1, replans: 2, toolsUsed: ['t1', 't2'], failures: [failure] }),
      dispatched('1.2'), settled('1.2', 'failed', { steps: 2, failedSteps: 2, replans: 1, toolsUsed: ['t2'] }),
      planned([node('2.1')], 'repair'),
    ])!;
    expect(run).toMatchObject({ steps: 6, failedSteps: 3, localReplans: 3, replans: 1, toolsUsed: ['t1', 't2'], failures: [failure] });
    expect([...run.nodes]).toEqual([['2.1', { status: 'pending', attempt: 0, reason: '' }]]);
  });
});

/** Plays planner, executors and world, and records what `next` asked for. */
class Play {
  readonly events: RunEvent[];
  readonly dispatches: string[] = [];
  ends = 0;

  constructor(
    budget: object,
    private readonly draw: () => number,
    private readonly cancelAt: number,
  ) {
    this.events = [tight(budget)];
  }

  run(): void {
    for (let turn = 0; turn < 2000; turn++) {
      const run = fold(this.events)!;
      const commands = next(run);
      expect(next(fold(JSON.parse(JSON.stringify(this.events)) as RunEvent[])!)).toEqual(commands);
      if (run.ended) return expect(commands).toEqual([]);
      if (turn === this.cancelAt) this.events.push(cancelling);
      else if (commands.length > 0) for (const command of commands) this.obey(run, command);
      else this.settle(run);
    }
    throw new Error('the run did not end');
  }

  private obey(run: Run, command: Command): void {
    if (run.cancelling !== null) expect(command.kind).toBe('end');
    switch (command.kind) {
      case 'open':
        return void this.events.push(opened);
      case 'plan':
        return this.plan(run.plan, command);
      case 'dispatch': {
        for (const id of command.node.after) expect(run.nodes.get(id)?.status).toBe('done');
        this.dispatches.push(`${command.node.id}#${command.attempt}`);
        return void this.events.push(dispatched(command.node.id, command.attempt));
      }
      case 'check':
        return void this.events.push(checked(this.draw() < 0.6));
      case 'end':
        this.ends++;
        return void this.events.push({ type: 'ended', outcome: command.outcome, reason: command.reason });
    }
  }

  private plan(before: Plan | null, { keep, reason }: Extract<Command, { kind: 'plan' }>): void {
    const kept = (before?.nodes ?? []).filter((n) => keep.includes(n.id));
    this.events.push(planned([...kept, ...this.fresh((before?.version ?? 0) + 1)], reason, before));
  }

  private fresh(version: number): readonly PlanNode[] {
    return Array.from({ length: Math.floor(this.draw() * 5) }, (_, i) => node(`${version}.${i + 1}`, Array.from({ length: i }, (_, k) => `${version}.${k + 1}`).filter(() => this.draw() < 0.4)));
  }

  private settle(run: Run): void {
    const busy = [...run.nodes].filter(([, n]) => n.status === 'dispatched');
    const [id, { attempt }] = busy[Math.floor(this.draw() * busy.length)]!;
    const drawn = this.draw();
    this.events.push(settled(id, drawn < 0.6 ? 'done' : drawn < 0.95 ? 'failed' : 'cancelled', { attempt, steps: Math.floor(this.draw() * 6) }));
  }
}

describe('fold and next together', () => {
  it('bring every run to exactly one end, whatever is planned and however it goes (R1 to R5)', () => {
    const budget = fc.record({ steps: fc.integer({ min: 1, max: 40 }), replans: fc.integer({ min: 0, max: 6 }) });
    fc.assert(
      fc.property(budget, fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), fc.option(fc.integer({ min: 0, max: 20 }), { nil: -1 }), (limits, draws, cancelAt) => {
        const play = new Play(limits, () => draws.next().value as number, cancelAt);
        play.run();
        expect(play.ends).toBe(1);
        expect(new Set(play.dispatches).size).toBe(play.dispatches.length);
        const end = fold(play.events)!;
        expect(end.replans).toBeLessThanOrEqual(limits.replans);
        expect([...end.nodes.values()].some((n) => n.status === 'dispatched')).toBe(false);
      }),
    );
  });

  it('read their own events back from the journal', () => {
    for (const event of [...begun, ...done('1.1'), ...failed('1.2'), checked(true), cancelling]) expect(runEvents.decode(runEvents.encode(event))).toEqual(event);
  });
});
