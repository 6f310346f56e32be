import type { Goal, Json } from '@praxis/core';
import { bindInputs } from '@praxis/playbooks';
import { withServices } from '../../compose/clients.js';
import { followGoal } from '../../follow-goal.js';
import { playbookMeant } from '../../input/choose-by-words.js';
import { readGoal, type GoalOptions } from '../../input/goal-input.js';
import { declareGoalOptions } from '../../input/goal-options.js';
import { parseInput, readInputs, type TypedInput } from '../../input/goal-inputs.js';
import { playbookFolders } from '../../input/playbook-folders.js';
import { playbookGoal } from '../../input/playbook-goal.js';
import { defineVerb, readingEach } from '../../verb.js';

interface SubmitOptions extends GoalOptions {
  readonly key?: string;
  readonly wait?: boolean;
  readonly in?: readonly TypedInput[];
  readonly save?: string;
  readonly force?: boolean;
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
    'submit --request "write the sum of every column of sales.csv to sums.md" --in file=sales.csv --save out',
    'submit --request "profile sales.csv" --in file=sales.csv --wait   (these words mean the playbook profile-csv)',
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
      .option('--wait', 'follow the run to its end, and print its result; exit code 1 when it fails')
      .option('--save <folder>', 'wait, and save the files of the run there')
      .option('--force', 'with --save: replace files that are there already');
  },
  run: async ({ options, context }) => {
    const { print, cwd } = context;
    const note = (text: string): void => print.note(text);
    const playbook = playbookMeant(options, { folders: playbookFolders(context), note });
    const typed = options.in ?? [];
    const types = playbook?.inputs;
    const goalWith = (inputs: Readonly<Record<string, Json>>): Goal =>
      playbook === null
        ? { ...readGoal(options, cwd, (warning) => note(`praxis: warning: ${warning}`)), inputs }
        : playbookGoal(playbook, inputs, options);
    // Whatever does not fit is said before a file is stored.
    const draft = goalWith(await readInputs(typed, { cwd, artifacts: null, note, ...(types && { types }) }));
    return withServices(context, async (services) => {
      const { artifacts } = services;
      const stored = await readInputs(typed, { cwd, artifacts, note: () => undefined, ...(types && { types }) });
      const goal = { ...draft, inputs: playbook === null ? stored : bindInputs(playbook, stored) };
      return followGoal(
        goal,
        { ...options, wait: options.wait === true || options.save !== undefined },
        services,
        context,
      );
    });
  },
});
