import { standingOf, type ExecutorState, type Overview, type QueueState } from '@praxis/wire';
import { withServices } from '../../compose/clients.js';
import { defineVerb } from '../../verb.js';
import { tableLines } from '../../view/table.js';
import { count, duration } from '../../view/words.js';

/** `praxis cluster`: who is there, what waits, and what there is. */
export const clusterVerb = defineVerb({
  usage: 'cluster',
  summary: 'show the whole cluster: runs, executors, what waits in the queues, and what was learned',
  examples: ['cluster', 'cluster --json'],
  run: async ({ options, context: { print }, context }) => {
    const overview = await withServices(context, ({ planner }) => planner.overview());
    if (options.json) print.json(overview);
    else print.lines(clusterLines(overview, Date.now(), print.columns));
    return 0;
  },
});

/** The cluster as text. */
export function clusterLines(
  { backend, runs, tools, questions, executors, queues }: Overview,
  now: number,
  width: number,
): readonly string[] {
  return [
    `runs    ${tally(runs)}`,
    `tools   ${tally(tools)}`,
    ...(questions === 0 ? [] : [`people  ${count(questions, 'question')} to answer; see \`praxis approvals\``]),
    '',
    ...(executors.length === 0
      ? ['No executor is there; start one with `praxis serve executor`.']
      : executorsTable(executors, now, width)),
    '',
    ...(queues === null
      ? [`The queues (${backend}) do not answer; what waits there is known again when they are back.`]
      : queuesTable(queues, now, width)),
  ];
}

/** `3 waiting, 1 running`; what there is none of is left out. */
function tally(counts: Readonly<Record<string, number>>): string {
  const there = Object.entries(counts).filter(([, n]) => n > 0);
  return there.length === 0 ? 'none yet' : there.map(([word, n]) => `${n} ${word}`).join(', ');
}

const right = 'right' as const;

function executorsTable(executors: readonly ExecutorState[], now: number, width: number): readonly string[] {
  const columns = [
    { head: 'executor' },
    { head: 'state' },
    { head: 'lanes' },
    { head: 'busy with' },
    { head: 'seen', align: right },
    { head: 'up', align: right },
    { head: 'address' },
  ];
  const rows = executors.map((e) => [
    e.name,
    standingOf(e, now),
    e.lanes.map((lane) => `${lane} × ${e.concurrency}`).join(', '),
    e.busy.length === 0 ? '–' : e.busy.join(', '),
    `${duration(now - e.seenAt)} ago`,
    duration(e.seenAt - e.startedAt),
    e.address,
  ]);
  return tableLines(columns, rows, width);
}

function queuesTable(queues: readonly QueueState[], now: number, width: number): readonly string[] {
  const columns = [
    { head: 'queue' },
    { head: 'lane' },
    ...['waiting', 'active', 'delayed', 'oldest'].map((head) => ({ head, align: right })),
  ];
  const rows = queues.map(({ queue, lane, waiting, active, delayed, oldestAt }) => [
    queue,
    lane ?? '–',
    ...[waiting, active, delayed].map(String),
    oldestAt === null ? '–' : duration(now - oldestAt),
  ]);
  return tableLines(columns, rows, width);
}
