import { withServices } from '../../compose/clients.js';
import { defineVerb } from '../../verb.js';
import { watchToEnd } from '../../watch-to-end.js';

/** `praxis watch`: a run from its beginning to its end. */
export const watchVerb = defineVerb({
  usage: 'watch <run>',
  summary: 'follow a run from its beginning to its end; exit code 1 when it fails',
  examples: [
    'watch r-3f9k2m7q1c',
    'watch r-3f9k2m7q1c --json   (one event a line)',
    'watch r-3f9k2m7q1c | cat   (plain lines, with every step)',
  ],
  run: ({ args, options, context }) =>
    withServices(context, ({ planner }) =>
      watchToEnd({ planner, run: args[0]!, context, isJson: options.json === true }),
    ),
});
