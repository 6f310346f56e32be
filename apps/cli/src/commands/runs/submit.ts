import { withServices } from '../../compose/clients.js';
import { readGoal, type GoalOptions } from '../../input/goal-input.js';
import { declareGoalOptions } from '../../input/goal-options.js';
import { parseInput, readInputs, type TypedInput } from '../../input/goal-inputs.js';
import { defineVerb, readingEach } from '../../verb.js';
import { watchToEnd } from '../../watch-to-end.js';

interface SubmitOptions extends GoalOptions {
  readonly key?: string;
  readonly wait?: boolean;
  readonly in?: readonly TypedInput[];
}

/** `praxis submit`: gives a goal to the planner. */
export const submitVerb = defineVerb<SubmitOptions>({
  usage: 'submit',
  summary:
    'submit a goal: a scenario of a world, a condition, a request in plain words, or a planning problem of your own',
  examples: [
    'submit --world household --goal breakfast-a --wait',
    "submit --world household --scenario dinner-a --goal '(on plate table)'",
    'submit --world household --request "the table is set for breakfast" --strategy hybrid --wait',
    'submit --request "write the sum of every column of sales.csv to sums.md" --in file=sales.csv --wait',
    'submit --domain depot.pddl --problem depot-7.pddl --steps 200',
    'submit --world household --goal dishes-b --seed 7 --space experiment --json',
    'submit --world household --goal dishes-b --key dishes-2026-11-21   (one run, however often it is typed)',
    "submit --world household --goal dishes-b --deadline 10m --money 2 --rule 'ask effect=irreversible'",
  ],
  options: (command) => {
    declareGoalOptions(command);
    command
      .option(
        '--in <name=value>',
        'an input of the goal; the name of a file hands the file in; may be given several times',
        readingEach(parseInput),
      )
      .option('--key <text>', 'name the request: one key is one run, however often it is submitted')
      .option('--wait', 'follow the run to its end; exit code 1 when it fails');
  },
  run: async ({ options, context }) => {
    const goal = readGoal(options, context.cwd, (warning) => context.print.note(`praxis: warning: ${warning}`));
    return withServices(context, async ({ planner, artifacts }) => {
      const note = (text: string): void => context.print.note(text);
      const inputs = await readInputs(options.in ?? [], { cwd: context.cwd, artifacts, note });
      const run = await planner.submit({ ...goal, inputs }, options.key ?? null);
      if (options.wait === true) return watchToEnd({ planner, run, context, isJson: options.json === true });
      if (options.json) context.print.json({ run });
      else
        context.print.lines(
          [run, context.print.paint(`follow it with: praxis watch ${run}`, 'dim')].slice(
            0,
            context.print.isTerminal ? 2 : 1,
          ),
        );
      return 0;
    });
  },
});
