import { checkWorld, connectWorld, GOAL_LAW, type LawResult } from '@praxis/environments';
import { readText } from '../../input/goal-input.js';
import { defineVerb, wholeNumber } from '../../verb.js';
import { count } from '../../view/words.js';
import { readActions } from './read-actions.js';

interface CheckOptions {
  readonly scenario?: string;
  readonly seed?: string;
  readonly steps?: number;
  readonly actions?: string;
}

/** Nothing is broken, and nothing shows that the scenario's goal can be reached. */
const GOAL_NOT_SHOWN = 9;

/** `praxis check-world`: tries a world, written in whatever language, against the laws of worlds. */
export const checkWorldVerb = defineVerb<CheckOptions>({
  usage: 'check-world <address>',
  summary: `check a world that is served over gRPC against the laws of worlds, and drive a scenario to its goal; exit code 1 when a law is broken, ${GOAL_NOT_SHOWN} when none is and the goal is not shown to be reached`,
  examples: [
    'check-world 127.0.0.1:50070',
    'check-world 127.0.0.1:50070 --scenario two-rooms --seed 7 --json',
    'check-world 127.0.0.1:50070 --actions way-to-the-goal.txt',
  ],
  options: (command) =>
    command
      .option('--scenario <name>', "in which situation (default: the world's first)")
      .option('--seed <text>', 'seed of what is random (default: 1)')
      .option('--steps <n>', 'actions in a walk (default: 12)', wholeNumber(1))
      .option(
        '--actions <file>',
        'actions that reach the goal, one `(skill argument …)` a line, or a JSON list of {"skill", "args"}; for a world that tells neither rules nor legal actions',
      ),
  run: async ({ args, options: { json, scenario, seed, steps, actions }, context: { print } }) => {
    const world = connectWorld(args[0]!);
    const results: LawResult[] = [];
    try {
      const choice = {
        ...(scenario === undefined ? {} : { scenario }),
        ...(seed === undefined ? {} : { seed }),
        ...(steps === undefined ? {} : { steps }),
        ...(actions === undefined
          ? {}
          : { actions: readActions(readText(process.cwd(), actions), (await world.describe()).skills) }),
      };
      for await (const result of checkWorld(world, choice)) {
        results.push(result);
        if (!json)
          print.lines(lawLines(result).map((line) => (result.outcome === 'broken' ? print.paint(line, 'red') : line)));
      }
    } finally {
      world.close();
    }
    const code = exitCode(results);
    if (json) print.json({ ok: code === 0, goal: outcomeOfGoal(results), results });
    else print.line(checkSummary(results));
    return code;
  },
});

const outcomeOfGoal = (results: readonly LawResult[]): LawResult['outcome'] =>
  results.find((r) => r.law === GOAL_LAW)?.outcome ?? 'not-shown';

function exitCode(results: readonly LawResult[]): number {
  if (results.some((r) => r.outcome === 'broken')) return 1;
  return outcomeOfGoal(results) === 'holds' ? 0 : GOAL_NOT_SHOWN;
}

/** The last line: how many laws hold or are broken, what could not be seen, and whether the goal was reached. */
export function checkSummary(results: readonly LawResult[]): string {
  const of = (outcome: LawResult['outcome']): number => results.filter((r) => r.outcome === outcome).length;
  const broken = of('broken');
  const [absent, notShown] = [of('absent'), of('not-shown')];
  const held = `${count(of('holds'), 'law')} ${of('holds') === 1 ? 'holds' : 'hold'}`;
  const goal = { holds: 'The goal was reached.', broken: 'The goal was not reached.' };
  const outcome = outcomeOfGoal(results);
  return [
    broken > 0 ? `${count(broken, 'law')} broken; ${held}.` : `${held}, and none is broken.`,
    ...(absent > 0 ? [`${count(absent, 'law')} about parts that this world does not have.`] : []),
    ...(notShown > 0 ? [`${count(notShown, 'law')} could not be shown; the reasons are above.`] : []),
    outcome === 'holds' || outcome === 'broken' ? goal[outcome] : 'That the goal can be reached is not shown.',
  ].join(' ');
}

const MARKS = { holds: '✓', broken: '✗', absent: '–', 'not-shown': '?' } as const;
const NOTES = { holds: '', broken: '', absent: 'absent: ', 'not-shown': 'not shown: ' } as const;

function lawLines({ law, outcome, detail }: LawResult): readonly string[] {
  return [`${MARKS[outcome]} ${law}`, ...(detail === '' ? [] : [`    ${NOTES[outcome]}${detail}`])];
}
