import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PraxisError, divergenceText } from '@praxis/core';
import type { Context } from '../../context.js';
import { readLines } from '../../replay/read-lines.js';
import { checkExpectation, readRegression, writeRegression } from '../../replay/regression-file.js';
import { replayRecorded, type ReplayReport } from '../../replay/replay-recorded.js';
import { withVerifyParts } from '../../replay/with-verify-parts.js';
import { defineVerb } from '../../verb.js';

interface RegressOptions {
  readonly out?: string;
  readonly check?: boolean;
}

/** `praxis regress`: turns a run into a test that needs no service, and runs such tests. */
export const regressVerb = defineVerb<RegressOptions>({
  usage: 'regress <run...>',
  summary:
    'make a regression test of a run, or check such files with the code of this release, with no service running. Exit code 1: one diverged',
  examples: [
    'regress r-3f9k2m7q1c --out breakfast.jsonl',
    'regress --check breakfast.jsonl dinner.jsonl',
    'regress --check e2e/histories/own-problem.jsonl --json',
  ],
  options: (command) =>
    command
      .option('--out <file>', 'where to write the test; without it, to the standard output')
      .option('--check', 'check files that were written before'),
  run: async ({ args, options, context }) => {
    const names = args.flat();
    if (options.check === true) return check(names, context, options.json === true);
    if (names.length > 1)
      throw new PraxisError('invalid', 'A test is made of one run; with --check, several files can be checked.');
    return write(names[0]!, options, context);
  },
});

async function write(
  run: string,
  { out, json }: RegressOptions & { readonly json?: boolean },
  context: Context,
): Promise<number> {
  const { print, cwd } = context;
  const lines = await writeRegression(await readLines(context, run));
  if (out === undefined) {
    print.lines(lines);
    return 0;
  }
  try {
    writeFileSync(resolve(cwd, out), `${lines.join('\n')}\n`);
  } catch (cause) {
    throw new PraxisError('invalid', `Cannot write ${out}: ${(cause as Error).message}.`, { cause });
  }
  if (json === true) print.json({ file: out, lines: lines.length });
  else print.lines([`${out} holds ${run} as a test; run it with: praxis regress --check ${out}`]);
  return 0;
}

async function check(files: readonly string[], context: Context, isJson: boolean): Promise<number> {
  const reports = await withVerifyParts(context, async (parts) => {
    const all: (Omit<ReplayReport, 'run'> & { readonly file: string })[] = [];
    for (const file of files) {
      const regression = await readRegression(await readLines(context, file));
      const { run: _, ...report } = await replayRecorded(regression.recorded, 'verify', parts);
      all.push({ file, ...report, divergence: report.divergence ?? checkExpectation(regression) });
    }
    return all;
  });
  if (isJson) context.print.json(reports);
  else
    context.print.lines(
      reports.flatMap(({ file, divergence, left }) => [
        divergence ? `✗ ${file} ${divergenceText(divergence)}` : `✓ ${file}`,
        ...left.map((what) => `    not done again: ${what}`),
      ]),
    );
  return reports.some((r) => r.divergence) ? 1 : 0;
}
