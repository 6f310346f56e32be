import { parseArgs } from 'node:util';
import { PraxisError } from '@praxis/core';

/** How the benchmark is used. */
export const HELP = `Plans every PDDL problem below a folder within fixed budgets and checks each plan independently.

  npm run bench:planning -- --data DIR [options]

  --data DIR          folders with domain.pddl and problems, p01.pddl beside p01-domain.pddl, or
                      domains/domain-1.pddl beside instances/instance-1.pddl
  --plans DIR         write each plan there, one step a line
  --out FILE          write the table into this page's section "planning", e.g. docs/benchmarks.md
  --evaluated N       states that may be evaluated for a problem (200000); what is left unsolved is tried once more
  --retry N           with this many (1000000)
  --workers N         problems planned at once (2)
  --memory MB         bytes for the tables of one search, in megabytes (1000)
  --only TEXT         only problems whose path contains the text
  --resume FILE       go on with the results in this file (default: begin .praxis/bench/planning.jsonl anew)
  --min-solved N      fail where fewer are solved
  --max-ratio X       fail where the median length against the references is greater

Exits with 1 when a plan fails the check or a bar is missed.
`;

/** What the command line asked for. */
export interface Options {
  readonly data: string;
  readonly plans: string | null;
  readonly out: string | null;
  readonly evaluated: number;
  readonly retry: number;
  readonly workers: number;
  readonly memoryMb: number;
  readonly only: string;
  readonly results: string;
  readonly resumes: boolean;
  readonly minSolved: number;
  readonly maxRatio: number;
}

/** Reads the command line; null where help was asked for. */
export function readOptions(args: readonly string[]): Options | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: text, plans: text, out: text, only: text, resume: text, evaluated: text, retry: text, workers: text, memory: text,
      'min-solved': text, 'max-ratio': text, help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  if (values.data === undefined) throw new PraxisError('invalid', 'Say where the problems are with --data DIR; --help lists all options.');
  const evaluated = count('evaluated', values.evaluated, 200_000);
  return {
    data: values.data,
    plans: values.plans ?? null,
    out: values.out ?? null,
    evaluated,
    retry: Math.max(evaluated, count('retry', values.retry, 1_000_000)),
    workers: count('workers', values.workers, 2),
    memoryMb: count('memory', values.memory, 1000),
    only: values.only ?? '',
    results: values.resume ?? '.praxis/bench/planning.jsonl',
    resumes: values.resume !== undefined,
    minSolved: count('min-solved', values['min-solved'], 0),
    maxRatio: values['max-ratio'] === undefined ? Infinity : Number(values['max-ratio']),
  };
}

function count(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new PraxisError('invalid', `--${name} needs a whole number, not "${text}".`);
}
