import { checkWorld, type LawResult } from '@praxis/environments';
import { connectEnvironment } from '@praxis/wire';
import { defineVerb, wholeNumber } from '../../verb.js';
import { count } from '../../view/words.js';

interface CheckOptions {
  readonly scenario?: string;
  readonly seed?: string;
  readonly steps?: number;
}

/** `praxis check-world`: tries a world, written in whatever language, against the laws of worlds. */
export const checkWorldVerb = defineVerb<CheckOptions>({
  usage: 'check-world <address>',
  summary: 'check a world that is served over gRPC against the laws of worlds; exit code 1 when one is broken',
  examples: ['check-world 127.0.0.1:50070', 'check-world 127.0.0.1:50070 --scenario two-rooms --seed 7 --json'],
  options: (command) =>
    command
      .option('--scenario <name>', "in which situation (default: the world's first)")
      .option('--seed <text>', 'seed of what is random (default: 1)')
      .option('--steps <n>', 'actions in a walk (default: 12)', wholeNumber(1)),
  run: async ({ args, options: { json, scenario, seed, steps }, context: { print } }) => {
    const world = connectEnvironment(args[0]!);
    const results: LawResult[] = [];
    try {
      const choice = {
        ...(scenario === undefined ? {} : { scenario }),
        ...(seed === undefined ? {} : { seed }),
        ...(steps === undefined ? {} : { steps }),
      };
      for await (const result of checkWorld(world, choice)) {
        results.push(result);
        if (!json) print.lines(lawLines(result).map((line) => (result.ok ? line : print.paint(line, 'red'))));
      }
    } finally {
      world.close();
    }
    const broken = results.filter((r) => !r.ok).length;
    if (json) print.json({ ok: broken === 0, results });
    else print.line(checkSummary(results));
    return broken === 0 ? 0 : 1;
  },
});

/** The last line: how many laws hold, and how many could not be checked in this world. */
export function checkSummary(results: readonly LawResult[]): string {
  const skipped = results.filter((r) => r.skipped === true).length;
  const broken = results.filter((r) => !r.ok).length;
  const checked = results.length - skipped;
  const rest =
    skipped === 0 ? '' : ` ${count(skipped, 'law')} could not be checked in this world; the reasons are above.`;
  if (broken > 0) return `${broken} of ${count(checked, 'checked law')} broken.${rest}`;
  return `All ${count(checked, skipped === 0 ? 'law' : 'checked law')} hold.${rest}`;
}

function lawLines({ law, ok, detail, skipped }: LawResult): readonly string[] {
  const mark = skipped === true ? '·' : ok ? '✓' : '✗';
  return [`${mark} ${law}`, ...(detail === '' ? [] : [`    ${detail}`])];
}
