import {
  NO_COST,
  checkText,
  costText,
  goalSchema,
  orderNodes,
  type Check,
  type ConstraintView,
  type Goal,
} from '@praxis/core';
import type { RunView } from '@praxis/wire';
import { withServices } from '../../compose/clients.js';
import { readSteps } from '../../read-steps.js';
import { defineVerb } from '../../verb.js';
import { inputText } from '../../view/input-text.js';
import { resultLines } from '../../view/result-lines.js';
import { stepLines } from '../../view/step-lines.js';
import { count, duration, moment, visible } from '../../view/words.js';

const MARKS = { done: '✓', dispatched: '▶', pending: '·', failed: '✗', cancelled: '✗' } as const;

const DEFAULT_STRATEGY = goalSchema.shape.strategy.def.defaultValue;

/** `praxis show`: one run, with its plan. */
export const showVerb = defineVerb<{ readonly steps?: boolean }>({
  usage: 'show <run>',
  summary: 'show a run: how it stands, its plan, and the learned tools it may use; or its steps',
  examples: [
    'show r-3f9k2m7q1c',
    'show r-3f9k2m7q1c --steps   (numbered, as `praxis fork` wants them)',
    'show r-3f9k2m7q1c --json',
  ],
  options: (command) => command.option('--steps', 'every step until now with its number, subgoal, action and outcome'),
  run: async ({ args, options, context: { print }, context }) => {
    if (options.steps === true) {
      const steps = await withServices(context, ({ planner }) => readSteps(planner, args[0]!));
      if (options.json) print.json(steps);
      else if (steps.length === 0) print.note('Nothing has been decided yet.');
      else print.lines(stepLines(steps, print.columns));
      return 0;
    }
    const view = await withServices(context, ({ planner }) => planner.get(args[0]!));
    if (options.json) print.json(view);
    else print.lines(viewLines(view, Date.now()));
    return 0;
  },
});

/** One line: its name and what it says. */
type Fact = readonly [name: string, value: string];

/** How it is planned and acted, and with which models, where the goal says so. */
function strategyFacts({ strategy, models }: Goal): readonly Fact[] {
  const chains = Object.entries(models).map(([role, names]) => `${role} ${names.join(', else ')}`);
  return [
    ...(strategy === DEFAULT_STRATEGY ? [] : [['strategy', strategy] as const]),
    ...(chains.length === 0 ? [] : [['models', chains.join('; ')] as const]),
  ];
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** A constraint of the request, and what came of it. */
function constraintText({ text, verdict, why }: ConstraintView, hasEnded: boolean): string {
  const pending = hasEnded ? 'not judged: the goal was not reached' : 'judged at the end';
  const said = { pending, kept: 'kept', broken: 'BROKEN', unchecked: 'not checked' }[verdict];
  return `${text} (${said}${why === '' ? '' : `: ${why}`})`;
}

/** What the goal is checked by: its own checks, which a playbook may have brought. */
const checksOf = ({ checks, playbook }: Goal): readonly Check[] => {
  const own = Object.values(checks);
  return own.length > 0 ? own : (playbook?.done ?? []);
};

/** What is wanted: in the person's words, as what it was understood, and what came of each constraint. */
function goalFacts({ goal, constraints, summary }: RunView): readonly Fact[] {
  return [
    ['goal', goal.title],
    ['world', goal.scenario === '' ? goal.world : `${goal.world}, scenario ${goal.scenario}`],
    ...(goal.request === '' ? [] : [['request', oneLine(goal.request)] as const]),
    ...(goal.playbook === null ? [] : [['playbook', goal.playbook.playbook] as const]),
    ...Object.entries(goal.inputs).map(([name, value]) => ['input', `${name}: ${inputText(value)}`] as const),
    ...(goal.condition === '' || goal.playbook !== null ? [] : [['condition', goal.condition] as const]),
    ...checksOf(goal).map((check) => ['done when', visible(checkText(check))] as const),
    ...constraints.map((c) => ['constraint', constraintText(c, summary.endedAt !== null)] as const),
    ...strategyFacts(goal),
  ];
}

/** What models have cost; nothing where none was asked. */
function spentFacts({ spent, summary }: RunView): readonly Fact[] {
  if (spent.tokens + spent.money === 0) return [];
  const sum = costText({ ...NO_COST, tokens: spent.tokens, money: Number(spent.money.toPrecision(4)) });
  return [
    [
      'spent',
      `${sum}${summary.endedAt === null ? ' so far, without the subgoals that are under way' : ''}; calls that led to nothing included`,
    ],
  ];
}

/** A run as text. */
export function viewLines(view: RunView, now: number): readonly string[] {
  const { summary, goal, plan, nodes, tools, postponed } = view;
  const facts: readonly Fact[] = [
    ['run', summary.id],
    ...goalFacts(view),
    ['status', summary.reason === '' ? summary.status : `${summary.status}: ${summary.reason}`],
    ...(summary.questions === 0
      ? []
      : [['asks', `${count(summary.questions, 'question')}; see \`praxis approvals --run ${summary.id}\``] as const]),
    ...postponed.map(
      (each) =>
        [
          'waits',
          `${each.node} until ${moment(each.until)}${each.attempt > 0 ? ` (${count(each.attempt, 'attempt')} failed)` : ''}: ${each.reason}; \`praxis retry ${summary.id}\` tries now`,
        ] as const,
    ),
    [
      'accepted',
      `${moment(summary.acceptedAt)}, ${duration((summary.endedAt ?? now) - summary.acceptedAt)} ${summary.endedAt === null ? 'ago' : 'to the end'}`,
    ],
    [
      'steps',
      `${summary.steps}, of which ${summary.failedSteps} failed; ${count(summary.replans, 'replan')}; ${count(summary.modelCalls, 'model call')}`,
    ],
    ...spentFacts(view),
    [
      'archive',
      goal.archive.use
        ? `space ${goal.archive.space}, ${tools.length} tools at hand, ${summary.toolsUsed.length} used`
        : 'not used',
    ],
  ];
  const planned =
    plan === null
      ? [summary.endedAt === null ? 'no plan yet' : 'no plan was made']
      : [`plan ${plan.version}, ${summary.subgoalsDone} of ${summary.subgoals} subgoals done`];
  const order = plan === null ? [] : (orderNodes(plan.nodes) ?? plan.nodes);
  const subgoals = order.map((node) => {
    const { status = 'pending', reason = '' } = nodes[node.id] ?? {};
    const after = node.after.length > 0 ? `  after ${node.after.join(' ')}` : '';
    return `  ${MARKS[status]} ${node.id} ${node.owner === null ? '' : `${node.owner} `}${node.title}${after}${reason === '' || status === 'done' ? '' : `  (${reason})`}`;
  });
  const learned = tools.map((t) => `  ${summary.toolsUsed.includes(t.id) ? '✓' : '·'} ${t.title}`);
  return [
    ...facts.map(([name, value]) => `${name.padEnd(9)} ${value}`),
    '',
    ...planned,
    ...subgoals,
    ...(learned.length > 0 ? ['', 'tools', ...learned] : []),
    ...resultLines(view.result),
  ];
}
