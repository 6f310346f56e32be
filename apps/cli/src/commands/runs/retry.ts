import { loginName } from '../../input/answer-input.js';
import { withServices } from '../../compose/clients.js';
import { defineVerb } from '../../verb.js';
import { count } from '../../view/words.js';

/** `praxis retry`: attempts at once what waits for a time, and reopens a run that failed. */
export const retryVerb = defineVerb<{ readonly by?: string }>({
  usage: 'retry <run>',
  summary: 'try again: attempt at once what waits for its next attempt, or reopen a run that failed',
  examples: ['retry r-3f9k2m7q1c', 'retry r-3f9k2m7q1c --by ann --json'],
  options: (command) => command.option('--by <name>', 'who asks for it (default: your login name)'),
  run: async ({ args, options, context: { print }, context }) => {
    const run = args[0]!;
    const retried = await withServices(context, ({ planner }) => planner.retry(run, options.by ?? loginName()));
    if (options.json) print.json({ run, ...retried });
    else if (retried.reopened) print.line(`${run} is reopened; follow it with \`praxis watch ${run}\``);
    else
      print.line(
        retried.woken > 0
          ? `${run}: ${count(retried.woken, 'subgoal')} tried again now`
          : `${run} waits for no next attempt; nothing to try again`,
      );
    return 0;
  },
});
