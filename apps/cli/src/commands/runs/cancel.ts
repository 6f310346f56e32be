import { withServices } from '../../compose/clients.js';
import { defineVerb } from '../../verb.js';

/** `praxis cancel`: ends a run before its time. */
export const cancelVerb = defineVerb<{ readonly reason: string }>({
  usage: 'cancel <run>',
  summary: 'cancel a run; what is under way is stopped',
  examples: ['cancel r-3f9k2m7q1c', 'cancel r-3f9k2m7q1c --reason "wrong seed"'],
  options: (command) =>
    command.option('--reason <text>', 'why, for whoever looks at the run later', 'cancelled by the user'),
  run: async ({ args, options, context: { print }, context }) => {
    await withServices(context, ({ planner }) => planner.cancel(args[0]!, options.reason));
    if (options.json) print.json({ run: args[0], cancelling: true });
    else print.line(`${args[0]} is being cancelled`);
    return 0;
  },
});
