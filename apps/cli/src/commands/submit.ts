import type { Command } from 'commander';
import { withServices } from '../clients.js';
import { readGoal, type GoalOptions } from '../goal-input.js';
import { defineVerb, wholeNumber } from '../verb.js';
import { watchToEnd } from '../watch-to-end.js';

interface SubmitOptions extends GoalOptions {
  readonly wait?: boolean;
}

/** `praxis submit`: gives a goal to the planner. */
export const submitVerb = defineVerb<SubmitOptions>({
  usage: 'submit',
  summary: 'submit a goal: a scenario of a world, or a planning problem of your own',
  examples: [
    'submit --world household --goal breakfast-a --wait',
    "submit --world household --scenario dinner-a --goal '(on plate table)'",
    'submit --domain depot.pddl --problem depot-7.pddl --steps 200',
    'submit --world household --goal dishes-b --seed 7 --space experiment --json',
  ],
  options: declareOptions,
  run: async ({ options, context }) => {
    const goal = readGoal(options, context.cwd);
    return withServices(context, async ({ planner }) => {
      const run = await planner.submit(goal, null);
      if (options.wait === true) return watchToEnd({ planner, run, context, isJson: options.json === true });
      if (options.json) context.print.json({ run });
      else context.print.lines([run, context.print.paint(`follow it with: praxis watch ${run}`, 'dim')].slice(0, context.print.isTerminal ? 2 : 1));
      return 0;
    });
  },
});

function declareOptions(command: Command): void {
  command
    .option('--world <name>', 'the world to act in (`praxis worlds` lists them)')
    .option('--goal <goal>', 'a scenario of the world, or a PDDL condition to make true')
    .option('--scenario <name>', 'the situation to begin in, where --goal is a condition (default: the first one of the world)')
    .option('--domain <file>', 'PDDL domain of a problem of your own')
    .option('--problem <file>', 'PDDL problem of your own')
    .option('--title <text>', 'what to call the goal')
    .option('--seed <text>', 'seed of everything random (default: 1)')
    .option('--steps <n>', 'actions that the run may spend (default: 500)', wholeNumber(1))
    .option('--replans <n>', 'plans after the first (default: 12)', wholeNumber(0))
    .option('--evaluated <n>', 'states that one search may evaluate (default: 200000)', wholeNumber(1))
    .option('--space <name>', 'part of the archive to use and to learn into (default: default)')
    .option('--no-archive', 'neither use learned tools nor learn new ones')
    .option('--wait', 'follow the run to its end; exit code 1 when it fails');
}
