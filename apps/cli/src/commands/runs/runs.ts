import { PraxisError, type RunStatus, type RunSummary } from '@praxis/core';
import { withServices } from '../../compose/clients.js';
import { defineVerb, wholeNumber } from '../../verb.js';
import { tableLines } from '../../view/table.js';
import { count, duration, moment } from '../../view/words.js';

const STATUSES: readonly RunStatus[] = ['waiting', 'running', 'paused', 'done', 'failed', 'cancelled'];

interface RunsOptions {
  readonly status?: string;
  readonly world?: string;
  readonly space?: string;
  readonly text?: string;
  readonly limit: number;
}

/** `praxis runs`: a list, newest first. */
export const runsVerb = defineVerb<RunsOptions>({
  usage: 'runs',
  summary: 'list runs, newest first',
  examples: ['runs', 'runs --status running', 'runs --text breakfast', 'runs --world household --limit 100 --json'],
  options: (command) =>
    command
      .option('--status <status>', STATUSES.join(', '))
      .option('--world <name>', 'only runs in this world')
      .option('--space <name>', 'only runs that use this part of the archive')
      .option('--text <words>', 'only runs with these words in the title, or whose id begins so')
      .option('--limit <n>', 'at most so many', wholeNumber(1), 20),
  run: async ({ options, context: { print }, context }) => {
    const { status = null, world = null, space = null, text = null, limit } = options;
    if (status !== null && !isStatus(status))
      throw new PraxisError('invalid', `There is no status "${status}"; choose one of ${STATUSES.join(', ')}.`);
    const runs = await withServices(context, async ({ planner }) => {
      const found: RunSummary[] = [];
      for (let token: string | null = null; ;) {
        const page = await planner.list(
          { status, world, space, text },
          { size: Math.min(500, limit - found.length), token },
        );
        found.push(...page.runs);
        token = page.next;
        if (token === null || found.length >= limit) return found;
      }
    });
    if (options.json) print.json(runs);
    else if (runs.length === 0) print.note('There are no such runs yet; submit a goal with `praxis submit`.');
    else print.lines(runsTable(runs, Date.now(), print.columns));
    return 0;
  },
});

function isStatus(text: string): text is RunStatus {
  return (STATUSES as readonly string[]).includes(text);
}

/** The list as a table. */
export function runsTable(runs: readonly RunSummary[], now: number, width: number): readonly string[] {
  const columns = [
    { head: 'run' },
    { head: 'status' },
    { head: 'title' },
    { head: 'subgoals', align: 'right' as const },
    { head: 'steps', align: 'right' as const },
    { head: 'failed', align: 'right' as const },
    { head: 'time', align: 'right' as const },
    { head: 'accepted' },
  ];
  const rows = runs.map((r) => [
    r.id,
    r.questions === 0 ? r.status : `${r.status}, ${count(r.questions, 'question')}`,
    r.title,
    `${r.subgoalsDone}/${r.subgoals}`,
    String(r.steps),
    String(r.failedSteps),
    duration((r.endedAt ?? now) - r.acceptedAt),
    moment(r.acceptedAt),
  ]);
  return tableLines(columns, rows, width);
}
