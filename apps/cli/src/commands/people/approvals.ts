import { PraxisError, questionKindSchema } from '@praxis/core';
import { withServices } from '../../compose/clients.js';
import { defineVerb } from '../../verb.js';
import { questionLines } from '../../view/question-lines.js';

interface ApprovalsOptions {
  readonly run?: string;
  readonly kind?: string;
}

/** `praxis approvals`: what waits for a person. */
export const approvalsVerb = defineVerb<ApprovalsOptions>({
  usage: 'approvals',
  summary: 'list what waits for a person: approvals, budgets, and whatever else was asked, oldest first',
  examples: ['approvals', 'approvals --kind budget', 'approvals --run r-3f9k2m7q1c --json'],
  options: (command) =>
    command
      .option('--run <run>', 'only what this run asks')
      .option('--kind <kind>', questionKindSchema.options.join(', ')),
  run: async ({ options, context: { print }, context }) => {
    const kind = options.kind === undefined ? null : readKind(options.kind);
    const open = await withServices(context, ({ planner }) => planner.questions({ run: options.run ?? null, kind }));
    if (options.json) print.json(open);
    else if (open.length === 0) print.note('Nothing waits for a person.');
    else print.lines(open.flatMap((question, i) => [...(i === 0 ? [] : ['']), ...questionLines(question, Date.now())]));
    return 0;
  },
});

function readKind(text: string) {
  const kind = questionKindSchema.safeParse(text);
  if (!kind.success)
    throw new PraxisError(
      'invalid',
      `There is no kind "${text}"; choose one of ${questionKindSchema.options.join(', ')}.`,
    );
  return kind.data;
}
