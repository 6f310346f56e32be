import type { GcReport } from '@praxis/wire';
import { withServices } from '../../compose/clients.js';
import { parseDuration, parseSize } from '../../input/quantity.js';
import { defineVerb, reading } from '../../verb.js';
import { bytes, count } from '../../view/words.js';

interface GcOptions {
  readonly olderThan?: number;
  readonly keep?: number;
  readonly dryRun?: boolean;
}

/** `praxis gc`: clears ended runs away. */
export const gcVerb = defineVerb<GcOptions>({
  usage: 'gc',
  summary:
    'clear away ended runs: those past an age, and the oldest beyond a size (default: the settings of the planner)',
  examples: ['gc --older-than 30d --dry-run', 'gc --keep 500MB', 'gc --json'],
  options: (command) =>
    command
      .option('--older-than <duration>', 'runs that ended longer ago, such as 30d', reading(parseDuration))
      .option('--keep <size>', 'the oldest runs until all take no more than this, such as 500MB', reading(parseSize))
      .option('--dry-run', 'only tell what would go'),
  run: async ({ options, context: { print }, context }) => {
    const { olderThan = null, keep = null, dryRun = false } = options;
    const report = await withServices(context, ({ planner }) =>
      planner.collectGarbage({ maxAgeMs: olderThan, maxBytes: keep, dryRun }),
    );
    if (options.json) print.json(report);
    else print.lines(gcLines(report, dryRun));
    return 0;
  },
});

/** What went or would go, as text. */
export function gcLines(
  { runs, kept, events, blobs, artifacts, sessions, bytesBefore, bytesAfter }: GcReport,
  dryRun: boolean,
): readonly string[] {
  const verb = dryRun ? 'would go' : runs.length === 1 ? 'has gone' : 'have gone';
  return [
    runs.length === 0
      ? `no run ${dryRun ? 'would go' : 'had to go'}`
      : `${count(runs.length, 'run')} ${verb}: ${runs.join(', ')}`,
    `${count(events, 'event')}, ${count(blobs, 'text')}, ${count(artifacts, 'artifact')}, ${count(sessions, 'world')}; ${bytes(bytesBefore)} before, ${bytes(bytesAfter)} after`,
    ...(kept.length === 0
      ? []
      : [
          `${count(kept.length, 'run')} ${kept.length === 1 ? 'stays' : 'stay'} for a fork that lives: ${kept.join(', ')}`,
        ]),
  ];
}
