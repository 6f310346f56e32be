import { withServices } from '../../compose/clients.js';
import { defineVerb } from '../../verb.js';

/** `praxis pause`: holds a run back. */
export const pauseVerb = defineVerb<{ readonly reason: string }>({
  usage: 'pause <run>',
  summary: 'hold a run back: nothing new begins until `praxis resume`',
  examples: ['pause r-3f9k2m7q1c', 'pause r-3f9k2m7q1c --reason "the machine is needed elsewhere"'],
  options: (command) =>
    command.option('--reason <text>', 'why, for whoever looks at the run later', 'paused by the user'),
  run: async ({ args, options, context: { print }, context }) => {
    await withServices(context, ({ planner }) => planner.pause(args[0]!, options.reason));
    if (options.json) print.json({ run: args[0], paused: true });
    else print.line(`${args[0]} is paused; it goes on with: praxis resume ${args[0]}`);
    return 0;
  },
});
