import { actionText } from '@praxis/core';
import type { Rollback } from '@praxis/wire';
import { withServices } from '../../compose/clients.js';
import { defineVerb } from '../../verb.js';
import { watchToEnd } from '../../watch-to-end.js';

/** `praxis rollback`: takes back what an ended run did. */
export const rollbackVerb = defineVerb<{ readonly wait?: boolean }>({
  usage: 'rollback <run>',
  summary: 'take back what an ended run did, latest first, as a run of its own; what cannot be taken back is listed',
  examples: ['rollback r-3f9k2m7q1c --wait', 'rollback r-3f9k2m7q1c --json'],
  options: (command) => command.option('--wait', 'follow it to its end; exit code 1 when it fails'),
  run: async ({ args, options, context }) => {
    const { print } = context;
    return withServices(context, async ({ planner }) => {
      const rollback = await planner.rollback(args[0]!);
      if (options.json) print.json(rollback);
      else print.lines(rollbackLines(rollback));
      return options.wait === true
        ? watchToEnd({ planner, run: rollback.run, context, isJson: options.json === true })
        : 0;
    });
  },
});

/** What is undone and what is left, as text. */
export function rollbackLines({ run, undone, left }: Rollback): readonly string[] {
  return [
    run,
    undone.length === 0 ? 'nothing can be undone' : 'undone, in this order:',
    ...undone.map(({ action, by }) => `  ${actionText(action)}  by  ${actionText(by)}`),
    ...(left.length === 0
      ? []
      : ['left as it is:', ...left.map(({ action, why }) => `  ${actionText(action)}: ${why}`)]),
  ];
}
