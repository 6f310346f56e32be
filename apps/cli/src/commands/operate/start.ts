import type { AllInOne } from '../../compose/all-in-one.js';
import type { Context } from '../../context.js';
import { exitOf, withLife } from '../../compose/process-life.js';
import { defineVerb } from '../../verb.js';

/** `praxis start`: everything in one process, until it is stopped. */
export const startVerb = defineVerb({
  usage: 'start',
  summary:
    'start planner, executors, reflector and dashboard in one process and stay; without a database, an embedded one',
  examples: ['start', 'start --json'],
  run: async ({ context, options }) => {
    const { allInOne } = await import('../../compose/all-in-one.js');
    return withLife(context, async (life) => {
      const all = await allInOne({ context, ports: 'free', dashboard: true }, life);
      if (options.json)
        context.print.json({
          ...all.addresses,
          executors: all.executors,
          dashboard: all.dashboard,
          pid: process.pid,
          database: all.database,
        });
      else tellAddresses(context, all);
      await life.stopped;
      return exitOf(life);
    });
  },
});

/** Prints where everything is, and what to type next. */
export function tellAddresses(
  { print }: Pick<Context, 'print'>,
  { addresses, executors, dashboard, database }: AllInOne,
): void {
  print.lines([
    'Praxis is running.',
    `  planner    ${addresses.planner}`,
    `  executors  ${executors.join('  ')}`,
    `  archive    ${addresses.archive}`,
    ...(dashboard === null ? [] : [`  dashboard  ${dashboard}`]),
    `  database   ${database}`,
    '',
    'In another terminal, in the same folder:',
    '  npx praxis submit --world household --goal breakfast-a --wait',
    '  npx praxis runs',
    '  npx praxis tools',
    'Ctrl-C stops everything.',
  ]);
}
