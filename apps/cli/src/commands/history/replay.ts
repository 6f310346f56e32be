import { PraxisError, diffRuns, divergenceText, type RecordedRun } from '@praxis/core';
import { Option } from 'commander';
import { withServices } from '../../compose/clients.js';
import type { Context } from '../../context.js';
import { readLines } from '../../replay/read-lines.js';
import { checkExpectation, readRegression } from '../../replay/regression-file.js';
import { replayRecorded, type ReplayMode, type ReplayReport } from '../../replay/replay-recorded.js';
import { withVerifyParts } from '../../replay/with-verify-parts.js';
import { defineVerb } from '../../verb.js';
import { diffLines } from '../../view/diff-lines.js';
import { count } from '../../view/words.js';
import { watchToEnd } from '../../watch-to-end.js';

interface ReplayOptions {
  readonly mode: ReplayMode | 'live';
}

/** `praxis replay`: goes through a recorded run with today's code. */
export const replayVerb = defineVerb<ReplayOptions>({
  usage: 'replay <run>',
  summary: 'go through a recorded run, or a file of one, with the code of this release. Exit code 1: it diverged',
  examples: ['replay r-3f9k2m7q1c', 'replay breakfast.jsonl --mode verify', 'replay r-3f9k2m7q1c --mode live'],
  options: (command) =>
    command.addOption(
      new Option(
        '--mode <mode>',
        'reuse: do nothing, check every decision; verify: search again, and act again in a simulated world of its own; live: a new run of the same goal, then a diff',
      )
        .choices(['reuse', 'verify', 'live'])
        .default('reuse'),
    ),
  run: async ({ args, options, context }) => {
    const regression = await readRegression(await readLines(context, args[0]!));
    const { mode } = options;
    if (mode === 'live') return replayLive(regression.recorded, context, options.json === true);
    const replayed = await withVerifyParts(context, (parts) => replayRecorded(regression.recorded, mode, parts));
    const report = { ...replayed, divergence: replayed.divergence ?? checkExpectation(regression) };
    if (options.json) context.print.json(report);
    else context.print.lines(reportLines(report));
    return report.divergence ? 1 : 0;
  },
});

/** What a replay found, as text. */
export function reportLines({ run, mode, events, decisions, left, divergence }: ReplayReport): readonly string[] {
  const how = mode === 'reuse' ? 'nothing was done again' : 'searches and world were done again';
  const head = divergence
    ? `${run} ${divergenceText(divergence)}`
    : `${run} replays: ${count(events, 'event')}, ${count(decisions, 'decision')}; ${how}`;
  return [head, ...left.map((what) => `  not done again: ${what}`)];
}

async function replayLive(recorded: RecordedRun, context: Context, isJson: boolean): Promise<number> {
  const { goal } = recorded.state;
  if (goal.undoes !== null)
    throw new PraxisError('invalid', 'A run that takes another one back cannot be done again; use --mode reuse.');
  const run = await withServices(context, async ({ planner }) => {
    const fresh = await planner.submit(goal, null);
    context.print.note(`the same goal again: ${fresh}`);
    if (isJson) for await (const _ of planner.watch(fresh, {}, new AbortController().signal));
    else await watchToEnd({ planner, run: fresh, context, isJson });
    return fresh;
  });
  const { recorded: again } = await readRegression(await readLines(context, run));
  const diff = diffRuns(recorded, again);
  if (isJson) context.print.json({ run, ...diff });
  else context.print.lines(['', ...diffLines(diff)]);
  return diff.isSame ? 0 : 1;
}
