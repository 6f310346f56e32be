import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { UNBOUNDED } from '../values/cost.js';
import type { Json } from '../values/json.js';
import { next, type Command } from './next.js';
import { diffPlans, type Plan, type PlanNode } from '../goals/plan.js';
import type { Answer } from '../acting/question.js';
import { budgetQuestion } from './run-budget.js';
import { runEvents, type RunEvent } from './run-event.js';
import { fold, foldOn } from './fold-run.js';
import { constraintsOf } from './run.js';
import { goalSchema } from '../goals/goal.js';
import { scriptStepSchema } from '../acting/script.js';
import type { Outcome } from '../acting/step.js';

const goal = (budget: object = {}) => goalSchema.parse({ title: 'g', world: 'w', budget });
const node = (id: string, after: readonly string[] = [], owner: string | null = id): PlanNode => ({
  id,
  title: id,
  pre: [],
  post: '(done)',
  after: [...after],
  owner,
  lane: 'default',
  steps: [],
  cost: 1,
});

const scripted = (id: string, after: readonly string[] = []): PlanNode => ({
  ...node(id, after, null),
  script: [scriptStepSchema.parse({ id: 'load', do: 'table.load' })],
});

const accepted: RunEvent = { type: 'accepted', goal: goal() };
const tight = (budget: object): RunEvent => ({ type: 'accepted', goal: goal(budget) });
const opened: RunEvent = {
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
};
const planned = (
  nodes: readonly PlanNode[],
  reason: 'first' | 'repair' | 'goal-missed' = 'first',
  before: Plan | null = null,
): RunEvent => {
  const plan = { version: (before?.version ?? 0) + 1, nodes: [...nodes] };
  return {
    type: 'planned',
    plan,
    diff: diffPlans(before, plan) as Extract<RunEvent, { type: 'planned' }>['diff'],
    reason,
    evaluated: 0,
  };
};
const dispatched = (id: string, attempt = 1): RunEvent => ({
  type: 'dispatched',
  node: id,
  attempt,
  allowance: { ...UNBOUNDED, steps: 1 },
});
const settled = (id: string, outcome: Outcome, steps = 1): RunEvent => ({
  type: 'settled',
  node: id,
  attempt: 1,
  outcome,
  reason: `${id} is ${outcome}`,
  steps,
  failedSteps: 0,
  replans: 0,
  toolsUsed: [],
  failures: [],
  spent: { steps, calls: steps, tokens: 0, money: 0, risk: 0 },
});
const done = (id: string): RunEvent[] => [dispatched(id), settled(id, 'done')];
const failed = (id: string): RunEvent[] => [dispatched(id), settled(id, 'failed')];
const cancelling: RunEvent = { type: 'cancelling', reason: 'enough', outcome: 'cancelled' };
const paused: RunEvent = { type: 'paused', by: 'me', reason: 'lunch' };
const resumed: RunEvent = { type: 'resumed', by: 'me' };
const overtime: RunEvent = { type: 'overtime', wallMs: 10 };
const checked = (holds: boolean): RunEvent => ({ type: 'checked', holds });
const asking = (events: readonly RunEvent[]): RunEvent => ({
  type: 'asked',
  question: budgetQuestion(fold(events)!, { steps: 10, calls: 0, tokens: 0, money: 0, risk: 0 }, 'More?'),
});

/** The last question asked, answered. */
function answeredLast(events: readonly RunEvent[], verdict: Answer['verdict'], steps = 0): RunEvent {
  const asked = events.findLast((e) => e.type === 'asked')!;
  return {
    type: 'answered',
    question: (asked as Extract<RunEvent, { type: 'asked' }>).question.id,
    subgoal: null,
    answer: {
      verdict,
      by: 'me',
      reason: '',
      args: null,
      grant: verdict === 'grant' ? { steps, calls: 0, tokens: 0, money: 0, risk: 0 } : null,
      value: null,
    },
  };
}

/** A fork and its join: 1.1 and 1.2 side by side, then 1.3; 1.4 stands alone. */
const four = [node('1.1'), node('1.2'), node('1.3', ['1.1', '1.2']), node('1.4')];
const begun = [accepted, opened, planned(four)];

/** Four subgoals of one robot that wait for nothing, as a model plans them. */
const alone = ['1.1', '1.2', '1.3', '1.4'].map((id) => node(id, [], 'robby'));
const shared = [accepted, opened, planned(alone)];
/** The check carried 1.1 and 1.3 out first, then 1.2, which waits for another robot. */
const checkedOrder = [
  accepted,
  opened,
  planned([node('1.1', [], 'ruby'), node('1.2', ['1.1'], 'robby'), node('1.3', [], 'robby')]),
];
/** Nobody says which robot 1.2 needs. */
const anyRobot = [
  accepted,
  opened,
  planned([node('1.1', [], 'ruby'), node('1.2', [], null), node('1.3', [], 'robby')]),
];

/** A command in a few words. */
function words(command: Command): string {
  switch (command.kind) {
    case 'dispatch':
      return `dispatch ${command.node.id} #${command.attempt}`;
    case 'plan':
      return `plan ${command.reason} keep ${command.keep.join(' ')}`.trim();
    case 'end':
      return `end ${command.outcome}: ${command.reason}`;
    case 'ask':
      return `ask ${command.question.text}`;
    default:
      return command.kind;
  }
}

const told = (events: readonly RunEvent[]): string[] => next(fold(events)!).map(words);

describe('next', () => {
  const histories: readonly [string, readonly RunEvent[], readonly string[]][] = [
    ['opens the world first', [accepted], ['open']],
    ['plans once the world is open', [accepted, opened], ['plan first keep']],
    ['dispatches one node at a time, since each takes its share of what is left (next.2)', begun, ['dispatch 1.1 #1']],
    [
      'dispatches the next one then, though its own predecessors are not done (next.2)',
      [...begun, dispatched('1.1')],
      ['dispatch 1.2 #1'],
    ],
    ['dispatches nothing twice (next.2)', [...begun, dispatched('1.1'), dispatched('1.2')], ['dispatch 1.4 #1']],
    ['waits for what is under way', [...begun, dispatched('1.1'), dispatched('1.2'), dispatched('1.4')], []],
    [
      'holds a join back until all before it is done (next.2)',
      [...begun, ...done('1.1'), ...done('1.4'), dispatched('1.2')],
      [],
    ],
    ['lets the join go then (next.2)', [...begun, ...done('1.1'), ...done('1.2'), ...done('1.4')], ['dispatch 1.3 #1']],
    ['goes on beside a failure (next.3)', [...begun, ...failed('1.1'), ...done('1.2')], ['dispatch 1.4 #1']],
    [
      'plans again only when nothing else is left (next.3)',
      [...begun, ...failed('1.1'), ...done('1.2'), dispatched('1.4')],
      [],
    ],
    [
      'keeps what does not wait for the failed node (next.3)',
      [...begun, ...failed('1.1'), ...done('1.2'), ...done('1.4')],
      ['plan repair keep 1.2 1.4'],
    ],
    [
      'treats a subgoal cancelled elsewhere as a failed one (next.3)',
      [accepted, opened, planned([node('1.1')]), dispatched('1.1'), settled('1.1', 'cancelled')],
      ['plan repair keep'],
    ],
    ['asks the world once all nodes are done', [accepted, opened, planned([node('1.1')]), ...done('1.1')], ['check']],
    ['asks the world at once where there is nothing to do', [accepted, opened, planned([])], ['check']],
    ['ends when the goal holds', [accepted, opened, planned([]), checked(true)], ['end done: the goal holds']],
    [
      'plans again when the goal was missed',
      [accepted, opened, planned([node('1.1')]), ...done('1.1'), checked(false)],
      ['plan goal-missed keep 1.1'],
    ],
    ['dispatches nothing after cancelling (next.4)', [...begun, cancelling], ['end cancelled: enough']],
    ['opens and plans nothing after cancelling (next.4)', [accepted, cancelling], ['end cancelled: enough']],
    ['waits for what is under way before it ends as cancelled (next.4)', [...begun, dispatched('1.1'), cancelling], []],
    [
      'ends as cancelled then (next.4)',
      [...begun, dispatched('1.1'), cancelling, settled('1.1', 'cancelled')],
      ['end cancelled: enough'],
    ],
    ['is cancelled though it is paused (next.4)', [...begun, paused, cancelling], ['end cancelled: enough']],
    [
      'ends as failed where a deadline stopped it (next.4)',
      [...begun, { type: 'cancelling', reason: 'too late', outcome: 'failed' }],
      ['end failed: too late'],
    ],
    ['does nothing after the end (next.5)', [...begun, { type: 'ended', outcome: 'failed', reason: 'x' }], []],
    [
      'does nothing after the end, not even for a cancel (next.5)',
      [...begun, { type: 'ended', outcome: 'done', reason: 'x' }, cancelling],
      [],
    ],
    ['begins nothing while it is paused (next.6)', [...begun, paused], []],
    ['begins nothing while it is paused, not even the world (next.6)', [accepted, paused], []],
    ['goes on where it was when it is resumed (next.6)', [...begun, paused, resumed], ['dispatch 1.1 #1']],
    ['begins nothing while a question is open (next.6)', [...begun, asking(begun)], []],
    [
      'goes on when it is answered (next.6)',
      [...begun, asking(begun), answeredLast([asking(begun)], 'grant', 10)],
      ['dispatch 1.1 #1'],
    ],
    [
      'ends when it was refused (next.6)',
      [...begun, asking(begun), answeredLast([asking(begun)], 'reject')],
      ['end failed: the budget is spent and no more was granted; submit again with a larger one'],
    ],
    [
      'lets what is under way come to its end before (next.6)',
      [...begun, dispatched('1.1'), asking(begun), answeredLast([asking(begun)], 'reject')],
      [],
    ],
  ];
  const scripts = [accepted, opened, planned([scripted('1.1'), scripted('1.2'), node('1.3', [], null)])];
  const owners: readonly [string, readonly RunEvent[], readonly string[]][] = [
    ['gives an owner its first subgoal (next.7)', shared, ['dispatch 1.1 #1']],
    ['gives an owner no second subgoal while it is at work (next.7)', [...shared, dispatched('1.1')], []],
    ['gives it the next one then (next.7)', [...shared, ...done('1.1')], ['dispatch 1.2 #1']],
    [
      'passes over what failed, which holds no other subgoal of its owner back (next.7)',
      [...shared, ...failed('1.1')],
      ['dispatch 1.2 #1'],
    ],
    ['keeps the order in which the plan was checked (next.7)', [...checkedOrder, ...done('1.1')], ['dispatch 1.3 #1']],
    [
      'keeps that order also where the later one stands first (next.7)',
      [...checkedOrder, ...done('1.1'), dispatched('1.3')],
      [],
    ],
    ['begins a subgoal without owner after those before it (next.7)', [...anyRobot, dispatched('1.1')], []],
    ['begins a subgoal without owner alone (next.7)', [...anyRobot, ...done('1.1')], ['dispatch 1.2 #1']],
    ['begins nothing beside a subgoal without owner (next.7)', [...anyRobot, ...done('1.1'), dispatched('1.2')], []],
    ['goes on after it (next.7)', [...anyRobot, ...done('1.1'), ...done('1.2')], ['dispatch 1.3 #1']],
    [
      'begins a subgoal with a script beside another one (next.7)',
      [...scripts, dispatched('1.1')],
      ['dispatch 1.2 #1'],
    ],
    ['begins nothing without a script beside them (next.7)', [...scripts, ...done('1.1'), dispatched('1.2')], []],
    ['goes on when all scripts are done (next.7)', [...scripts, ...done('1.1'), ...done('1.2')], ['dispatch 1.3 #1']],
  ];
  it.each(owners)('%s', (_name, events, commands) => expect(told(events)).toEqual(commands));

  it.each(histories)('%s', (_name, events, commands) => expect(told(events)).toEqual(commands));

  it('gives up after as many repairs as the budget allows, and says what failed last', () => {
    const events = [
      tight({ replans: 1 }),
      opened,
      planned([node('1.1')]),
      ...failed('1.1'),
      planned([node('2.1')], 'repair'),
      ...failed('2.1'),
    ];
    expect(told(events)).toEqual(['end failed: gave up after 1 repairs of the plan; last: 2.1 is failed']);
    expect(told([tight({ replans: 0 }), opened, planned([]), checked(false)])).toEqual([
      'end failed: the goal still does not hold after 0 repairs of the plan',
    ]);
  });

  it('begins a kept node that was pending as a first attempt', () => {
    const repaired = planned([node('1.2', ['2.1']), node('2.1')], 'repair');
    expect(
      told([accepted, opened, planned([node('1.1'), node('1.2')]), ...failed('1.1'), repaired, ...done('2.1')]),
    ).toEqual(['dispatch 1.2 #1']);
  });
});

describe('next, over budget', () => {
  const spent = (budget: object) => [
    tight({ steps: 3, ...budget }),
    opened,
    planned([node('1.1'), node('1.2', ['1.1'])]),
    dispatched('1.1'),
    settled('1.1', 'done', 3),
  ];

  it('asks whether the goal holds all the same, and then for more', () => {
    expect(told(spent({}))).toEqual(['check']);
    expect(told([...spent({}), checked(true)])).toEqual(['end done: the goal holds']);
    expect(told([...spent({}), checked(false)])).toEqual([
      expect.stringMatching(/^ask The budget of 3 steps is spent.* It needs 10 steps more/),
    ]);
  });

  it('ends instead where the goal says so', () => {
    expect(told([...spent({ whenSpent: 'fail' }), checked(false)])).toEqual([
      'end failed: the budget of 3 steps is spent; submit again with a larger one',
    ]);
  });

  it('goes on with what was granted, and asks the world anew when that is done', () => {
    const before = [...spent({}), checked(false)];
    const asked = [...before, asking(before)];
    const granted = [...asked, answeredLast(asked, 'grant', 5)];
    expect(told(granted)).toEqual(['dispatch 1.2 #1']);
    expect(told([...granted, ...done('1.2')])).toEqual(['check']);
  });

  it('asks again, under another name, when that is spent too', () => {
    const before = [...spent({}), checked(false)];
    const asked = [...before, asking(before)];
    const again = [
      ...asked,
      answeredLast(asked, 'grant', 5),
      dispatched('1.2'),
      settled('1.2', 'failed', 5),
      checked(false),
    ];
    const [command] = next(fold(again)!);
    expect(command).toMatchObject({
      kind: 'ask',
      question: { text: expect.stringContaining('The budget of 8 steps') },
    });
    expect((command as Extract<Command, { kind: 'ask' }>).question.id).not.toBe(
      (asked.at(-1) as Extract<RunEvent, { type: 'asked' }>).question.id,
    );
  });

  it('asks for time when that is over; granted, it goes on, refused, it ends when nothing is under way', () => {
    const over = [...begun, dispatched('1.1'), overtime];
    expect(told(over)).toEqual([expect.stringMatching(/^ask The time that the budget allows is over/)]);
    const asked = [...over, asking(over)];
    expect(told([...asked, answeredLast(asked, 'grant')])).toEqual(['dispatch 1.2 #1']);
    expect(fold([...asked, answeredLast(asked, 'grant')])).toMatchObject({ overtime: false, extensions: 1 });
    expect(told([...asked, answeredLast(asked, 'reject')])).toEqual([]);
  });

  it('leaves what is under way to the clock where it fails at once (next.4)', () => {
    const over = [tight({ wallMs: 10, whenSpent: 'fail' }), opened, planned(four), dispatched('1.1'), overtime];
    expect(told(over)).toEqual([]);
    expect(told([...over, settled('1.1', 'cancelled')])).toEqual([
      'end failed: the time that the budget allows is over; submit again with a larger one',
    ]);
  });
});

describe('the constraints of a request (next.8)', () => {
  const judged = (...verdicts: readonly ('kept' | 'broken' | 'unchecked')[]): RunEvent => ({
    type: 'checked',
    holds: true,
    constraints: verdicts.map((verdict, i) => ({ text: `rule ${i + 1}`, verdict, why: `why ${i + 1}` })),
  });
  const end = (...verdicts: readonly ('kept' | 'broken' | 'unchecked')[]) =>
    told([accepted, opened, planned([]), judged(...verdicts)]);

  it('fail a run that broke one, although its goal holds, and are named where they could not be checked', () => {
    expect(end('kept', 'kept')).toEqual(['end done: the goal holds']);
    expect(end('kept', 'broken')).toEqual([
      'end failed: the goal holds, but the run broke what was asked for: "rule 2" (why 2)',
    ]);
    expect(end('unchecked', 'kept')).toEqual(['end done: the goal holds; not checked: "rule 1" (why 1)']);
    expect(end('unchecked', 'broken')).toEqual([
      'end failed: the goal holds, but the run broke what was asked for: "rule 2" (why 2); not checked: "rule 1" (why 1)',
    ]);
  });

  it('end no run as plainly done that did not keep all of them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('kept', 'broken', 'unchecked'), { maxLength: 6 }), (verdicts) => {
        const isPlain =
          end(...(verdicts as readonly ('kept' | 'broken' | 'unchecked')[]))[0] === 'end done: the goal holds';
        expect(isPlain).toBe(verdicts.every((v) => v === 'kept'));
      }),
    );
  });

  it('are judged anew when more was done', () => {
    const missed = [accepted, opened, planned([node('1.1')]), ...done('1.1'), judged('broken')];
    expect(fold([...missed, dispatched('1.1', 2)])!.checked).toBeNull();
    expect(
      constraintsOf(
        fold([accepted, { ...opened, constraints: ['rule 1', 'rule 2'] } as RunEvent, planned([]), judged('kept')])!,
      ),
    ).toEqual([
      { text: 'rule 1', verdict: 'kept', why: 'why 1' },
      { text: 'rule 2', verdict: 'pending', why: '' },
    ]);
  });
});

describe('runEvents', () => {
  it('reads its own events back from the journal', () => {
    const asked = asking(begun);
    for (const event of [
      ...begun,
      ...done('1.1'),
      ...failed('1.2'),
      checked(true),
      cancelling,
      paused,
      resumed,
      overtime,
      asked,
      answeredLast([asked], 'grant', 1),
    ])
      expect(runEvents.decode(runEvents.encode(event))).toEqual(event);
  });

  it('counts the steps of what settled before anything else was counted (S9)', () => {
    const { spent: _, ...data } = settled('1.1', 'done', 4) as Extract<RunEvent, { type: 'settled' }>;
    expect(runEvents.decode({ type: 'settled', version: 1, data: data as Json })).toMatchObject({
      steps: 4,
      spent: { steps: 4, calls: 4, tokens: 0, money: 0, risk: 0 },
    });
  });

  it('lets a goal of before people could be asked end when its budget is spent (S9)', () => {
    expect(
      runEvents.decode({
        type: 'accepted',
        version: 1,
        data: { goal: { title: 'g', world: 'w', budget: { steps: 1 } } },
      }),
    ).toMatchObject({ goal: { budget: { steps: 1, whenSpent: 'fail' } } });
  });
});

/** What `work` gives, and how many entries it wrote to maps, those of copies among them. */
function countWrites<T>(work: () => T): readonly [T, number] {
  const writes = jest.spyOn(Map.prototype, 'set');
  try {
    const made = work();
    return [made, writes.mock.calls.length];
  } finally {
    writes.mockRestore();
  }
}

describe('a run of ten thousand subgoals', () => {
  const COUNT = 10_000;

  it('is read and moved on in time linear in its plan, however far it has come', () => {
    let reads = 0;
    const counted = (made: PlanNode): PlanNode =>
      new Proxy(made, { get: (target, key) => (reads++, Reflect.get(target, key) as unknown) });
    const chain = Array.from({ length: COUNT }, (_, i) =>
      counted(node(`1.${i + 1}`, i === 0 ? [] : [`1.${i}`], 'robby')),
    );
    const events = [
      tight({ steps: 3 * COUNT }),
      opened,
      planned(chain),
      ...chain.slice(0, COUNT / 2).flatMap((n) => done(n.id)),
    ];
    reads = 0;
    const [run, writes] = countWrites(() => fold(events)!);
    expect(writes).toBeGreaterThan(COUNT);
    expect(writes).toBeLessThan(10 * events.length);
    expect(next(run).map(words)).toEqual([`dispatch 1.${COUNT / 2 + 1} #1`]);
    expect(reads).toBeLessThan(40 * COUNT);
  });

  it('is left as it is by what is read on top of it', () => {
    const run = fold(begun)!;
    const before = JSON.stringify([...run.nodes]);
    const after = foldOn(run, [dispatched('1.1'), ...failed('1.2'), asking(begun)]);
    expect(JSON.stringify([...run.nodes])).toBe(before);
    expect([run.failures.length, run.asked.length]).toEqual([0, 0]);
    expect(after).toEqual(fold([...begun, dispatched('1.1'), ...failed('1.2'), asking(begun)]));
  });
});
