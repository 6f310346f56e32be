import { diffRuns } from '@praxis/core';
import { readLines } from '../../replay/read-lines.js';
import { readRegression } from '../../replay/regression-file.js';
import { defineVerb } from '../../verb.js';
import { diffLines } from '../../view/diff-lines.js';

/** `praxis diff`: what one run has otherwise than another. */
export const diffVerb = defineVerb({
  usage: 'diff <run> <other>',
  summary:
    'compare two runs, or files of runs: plans, steps up to the first that differs, outcome and costs. Exit code 1: they differ',
  examples: ['diff r-3f9k2m7q1c r-8c1x5t0w4z', 'diff breakfast.jsonl r-8c1x5t0w4z --json'],
  run: async ({ args, options, context }) => {
    const [a, b] = [
      await readRegression(await readLines(context, args[0]!)),
      await readRegression(await readLines(context, args[1]!)),
    ];
    const diff = diffRuns(a.recorded, b.recorded);
    if (options.json) context.print.json(diff);
    else context.print.lines(diffLines(diff));
    return diff.isSame ? 0 : 1;
  },
});
