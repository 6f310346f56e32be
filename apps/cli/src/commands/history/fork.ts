import { PraxisError, type Action, type NumberedStep, type RunId } from '@praxis/core';
import type { ForkPoint } from '@praxis/wire';
import { parseAction } from '../../input/action-input.js';
import { withServices, type Services } from '../../compose/clients.js';
import { parseChange, parsePoint, readChanges, type ForkChanges } from '../../input/fork-input.js';
import { readSteps } from '../../read-steps.js';
import { defineVerb, reading, readingEach } from '../../verb.js';
import { watchToEnd } from '../../watch-to-end.js';

interface ForkOptions {
  readonly at: ForkPoint;
  readonly set?: readonly ReturnType<typeof parseChange>[];
  readonly wait?: boolean;
}

/** `praxis fork`: what would have come of it otherwise. */
export const forkVerb = defineVerb<ForkOptions>({
  usage: 'fork <run>',
  summary: 'begin a run that shares another one up to a step and goes on otherwise from there, in a world of its own',
  examples: [
    'fork r-3f9k2m7q1c --at 12 --set seed=7',
    "fork r-3f9k2m7q1c --at 12 --set action='(open robby fridge)' --wait",
    `fork r-3f9k2m7q1c --at r-3f9k2m7q1c.1.2.1:3 --set args='{"r":"robby","c":"oven"}'`,
    'fork r-3f9k2m7q1c --at 0 --set archive=now --json',
  ],
  options: (command) =>
    command
      .requiredOption(
        '--at <step>',
        'the first step that may differ: its number as `praxis show RUN --steps` gives it, or SUBGOAL:STEP',
        reading(parsePoint),
      )
      .option(
        '--set <change>',
        "what differs: seed=7, strategy=search, archive=now, action='(move a b)' or args='{…}'; may be given several times",
        readingEach(parseChange),
      )
      .option('--wait', 'follow the fork to its end; exit code 1 when it fails'),
  run: async ({ args, options, context }) => {
    const changes = readChanges(options.set ?? []);
    return withServices(context, async (services) => {
      const { planner } = services;
      const { seed, strategy, freshArchive } = changes;
      const action = await chooseAction(args[0]!, options.at, changes, services);
      const run = await planner.fork({ run: args[0]!, at: options.at, seed, strategy, freshArchive, action });
      if (options.wait === true) return watchToEnd({ planner, run, context, isJson: options.json === true });
      if (options.json) context.print.json({ run });
      else context.print.line(run);
      return 0;
    });
  },
});

/** The action that is to be decided at the step, in full; null where that is left to the strategy. */
async function chooseAction(
  run: RunId,
  at: ForkPoint,
  { action, args }: ForkChanges,
  { planner, executor }: Pick<Services, 'planner' | 'executor'>,
): Promise<Action | null> {
  if (action !== null) {
    const [{ goal }, { worlds, skills }] = await Promise.all([planner.get(run), executor.describe()]);
    return parseAction(action, [...(worlds.find((w) => w.name === goal.world)?.skills ?? []), ...skills]);
  }
  if (args === null) return null;
  return { skill: stepAt(await readSteps(planner, run), at, run).action.skill, args };
}

function stepAt(steps: readonly NumberedStep[], at: ForkPoint, run: RunId): NumberedStep {
  const step = steps.find((s) =>
    'subgoal' in at ? s.subgoal === at.subgoal && s.step === at.step : s.number === at.step,
  );
  if (!step)
    throw new PraxisError('missing', `The run ${run} has no such step; see them with \`praxis show ${run} --steps\`.`);
  return step;
}
