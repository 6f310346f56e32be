import { withServices } from '../../compose/clients.js';
import { defineVerb } from '../../verb.js';

/** `praxis resume`: lets a paused run go on. */
export const resumeVerb = defineVerb({
  usage: 'resume <run>',
  summary: 'let a paused run go on where it was',
  examples: ['resume r-3f9k2m7q1c', 'resume r-3f9k2m7q1c --json'],
  run: async ({ args, options, context: { print }, context }) => {
    await withServices(context, ({ planner }) => planner.resume(args[0]!));
    if (options.json) print.json({ run: args[0], paused: false });
    else print.line(`${args[0]} goes on`);
    return 0;
  },
});
