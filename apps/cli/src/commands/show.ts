import { orderNodes } from '@praxis/core';
import type { RunView } from '@praxis/wire';
import { withServices } from '../clients.js';
import { defineVerb } from '../verb.js';
import { duration, moment } from '../view/words.js';

const MARKS = { done: '✓', dispatched: '▶', pending: '·', failed: '✗', cancelled: '✗' } as const;

/** `praxis show`: one run, with its plan. */
export const showVerb = defineVerb({
  usage: 'show <run>',
  summary: 'show a run: how it stands, its plan, and the learned tools it may use',
  examples: ['show r-3f9k2m7q1c', 'show r-3f9k2m7q1c --json'],
  run: async ({ args, options, context: { print }, context }) => {
    const view = await withServices(context, ({ planner }) => planner.get(args[0]!));
    if (options.json) print.json(view);
    else print.lines(viewLines(view, Date.now()));
    return 0;
  },
});

/** A run as text. */
export function viewLines({ summary, goal, plan, nodes, tools }: RunView, now: number): readonly string[] {
  const facts: readonly (readonly [string, string])[] = [
    ['run', summary.id],
    ['goal', goal.title],
    ['world', goal.scenario === '' ? goal.world : `${goal.world}, scenario ${goal.scenario}`],
    ...(goal.condition === '' ? [] : [['condition', goal.condition] as const]),
    ['status', summary.reason === '' ? summary.status : `${summary.status}: ${summary.reason}`],
    ['accepted', `${moment(summary.acceptedAt)}, ${duration((summary.endedAt ?? now) - summary.acceptedAt)} ${summary.endedAt === null ? 'ago' : 'to the end'}`],
    ['steps', `${summary.steps}, of which ${summary.failedSteps} failed; ${summary.replans} replans; ${summary.modelCalls} model calls`],
    ['archive', goal.archive.use ? `space ${goal.archive.space}, ${tools.length} tools at hand, ${summary.toolsUsed.length} used` : 'not used'],
  ];
  const planned = plan === null ? ['no plan yet'] : [`plan ${plan.version}, ${summary.subgoalsDone} of ${summary.subgoals} subgoals done`];
  const order = plan === null ? [] : (orderNodes(plan.nodes) ?? plan.nodes);
  const subgoals = order.map((node) => {
    const { status = 'pending', reason = '' } = nodes[node.id] ?? {};
    const after = node.after.length > 0 ? `  after ${node.after.join(' ')}` : '';
    return `  ${MARKS[status]} ${node.id} ${node.owner === null ? '' : `${node.owner} `}${node.title}${after}${reason === '' || status === 'done' ? '' : `  (${reason})`}`;
  });
  const learned = tools.map((t) => `  ${summary.toolsUsed.includes(t.id) ? '✓' : '·'} ${t.title}`);
  return [...facts.map(([name, value]) => `${name.padEnd(10)}${value}`), '', ...planned, ...subgoals, ...(learned.length > 0 ? ['', 'tools', ...learned] : [])];
}
