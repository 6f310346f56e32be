import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEFAULT_EVALUATED, PraxisError, type ProblemText } from '@praxis/core';
import {
  checkPlan,
  parseDomain,
  parseProblem,
  PlanPool,
  printPlan,
  type SearchConfig,
  type SearchResult,
  type SearchStats,
  type SolvedResult,
} from '@praxis/search';
import { Option } from 'commander';
import type { Context } from '../../context.js';
import { readProblem } from '../../input/goal-input.js';
import { defineVerb, wholeNumber } from '../../verb.js';
import { planSummary } from '../../view/plan-summary.js';
import { duration } from '../../view/words.js';

const ENGINES: readonly SearchConfig['engine'][] = ['greedy', 'astar', 'weighted-astar', 'qstar'];

interface PlanOptions {
  readonly out?: string;
  readonly engine: SearchConfig['engine'];
  readonly evaluated: number;
}

/** `praxis plan`: a plan for a problem of the user's, with no service running. */
export const planVerb = defineVerb<PlanOptions>({
  usage: 'plan <domain> <problem>',
  summary:
    'print a plan for a PDDL problem; needs no service. Exit code 1: proved unsolvable; 5: budget spent, nothing proved',
  examples: [
    'plan domain.pddl problem.pddl',
    'plan domain.pddl problem.pddl --engine astar --out problem.plan',
    'plan domain.pddl problem.pddl --evaluated 5000000 --json',
  ],
  options: (command) =>
    command
      .option('--out <file>', 'write the plan to a file instead')
      .addOption(new Option('--engine <engine>', 'how to search').choices(ENGINES).default('greedy'))
      .option('--evaluated <n>', 'states that the search may evaluate', wholeNumber(1), DEFAULT_EVALUATED),
  run: async ({ args, options, context }) => {
    const problem = readProblem(context.cwd, args[0]!, args[1]!);
    const { print } = context;
    for (const warning of problem.warnings) print.note(`praxis: warning: ${warning}`);
    const found = await search(problem, options, context);
    const result = found.kind === 'solved' ? checked(problem, found) : found;
    if (options.json) print.json(problem.warnings.length === 0 ? result : { ...result, warnings: problem.warnings });
    else tell(result, options, context);
    if (result.kind === 'solved' && options.out !== undefined)
      write(context, options.out, printPlan(result.steps, result.cost));
    return { solved: 0, unsolvable: 1, spent: 5, cancelled: 130 }[result.kind];
  },
});

async function search(
  { domain, problem }: ProblemText,
  { engine, evaluated }: PlanOptions,
  { settings }: Context,
): Promise<SearchResult> {
  const pool = new PlanPool({ workers: 1, memoryMb: settings.search.memoryMb });
  try {
    return await pool.plan({ domain, problem, budget: { evaluated }, config: { engine } });
  } finally {
    await pool.close();
  }
}

/**
 * The plan with the cost that the checker, which shares no code with the search, found when it carried the plan out.
 */
function checked({ domain, problem }: ProblemText, result: SolvedResult): SolvedResult {
  const readDomain = parseDomain(domain);
  const found = checkPlan(readDomain, parseProblem(problem, readDomain), result.steps);
  if (found.valid) return { ...result, cost: found.cost };
  throw new PraxisError('bug', `The plan that was found does not hold at step ${found.step + 1}: ${found.reason}`);
}

function tell(result: SearchResult, { out, evaluated }: PlanOptions, { print }: Context): void {
  switch (result.kind) {
    case 'solved':
      if (out === undefined) print.raw(printPlan(result.steps, result.cost));
      print.note(`${planSummary(result)}; ${statsText(result.stats)}`);
      break;
    case 'unsolvable':
      print.note(`praxis: proved unsolvable: ${result.reason}; ${statsText(result.stats)}`);
      break;
    case 'spent':
      print.note(
        `praxis: no plan within ${result.budget === 'evaluated' ? `${evaluated} evaluated states (raise that with --evaluated)` : `the budget of ${result.budget}`}, and nothing is proved; ${statsText(result.stats)}`,
      );
      break;
    case 'cancelled':
      print.note('praxis: the search was cancelled');
  }
}

function statsText(stats: SearchStats): string {
  return `${stats.evaluated} states evaluated, ${stats.expanded} expanded, ${stats.operators} ground actions, ${duration(stats.milliseconds)}`;
}

function write({ cwd }: Context, file: string, text: string): void {
  try {
    writeFileSync(resolve(cwd, file), text);
  } catch (cause) {
    throw new PraxisError('invalid', `Cannot write ${file}: ${(cause as Error).message}.`, { cause });
  }
}
