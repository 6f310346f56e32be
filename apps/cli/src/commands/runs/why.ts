import { PraxisError } from '@praxis/core';
import type { ExplainRequest } from '@praxis/wire';
import { withServices } from '../../compose/clients.js';
import { parsePoint } from '../../input/fork-input.js';
import { defineVerb, wholeNumber } from '../../verb.js';
import { whyLines } from '../../view/why-lines.js';

interface WhyOptions {
  /** True without a version: the latest. */
  readonly plan?: number | true;
  readonly prompt?: boolean;
}

/** Where there is no terminal, text is laid out for one of this width. */
const COLUMNS = 80;

/** `praxis why`: why a step was decided, or how a plan was made. */
export const whyVerb = defineVerb<WhyOptions>({
  usage: 'why <run> [step]',
  summary:
    'tell why a step was decided: who was asked what, the candidates and their scores, and why each call of a model went to its node',
  examples: [
    'why r-3f9k2m7q1c 4   (as `praxis show RUN --steps` numbers them)',
    'why r-3f9k2m7q1c r-3f9k2m7q1c.1.2.1:0   (a step of a subgoal)',
    'why r-3f9k2m7q1c --plan   (the latest plan; --plan 1 the first one)',
    'why r-3f9k2m7q1c 4 --prompt   (with the whole conversation)',
  ],
  options: (command) =>
    command
      .option(
        '--plan [version]',
        'how a plan was made, instead of a step: the latest one, or that of this version',
        wholeNumber(1),
      )
      .option('--prompt', 'the whole conversations with models, and their answers whole'),
  run: async ({ args, options, context, context: { print } }) => {
    const run = args[0]!;
    const request: ExplainRequest = {
      run,
      at: readPlace(args[1], options.plan, run),
      prompts: options.prompt === true,
    };
    const explanation = await withServices(context, ({ planner }) => planner.explain(request));
    if (options.json) print.json(explanation);
    else
      print.lines(
        whyLines(explanation, {
          run,
          isWhole: request.prompts,
          width: Number.isFinite(print.columns) ? print.columns : COLUMNS,
        }),
      );
    return 0;
  },
});

function readPlace(step: string | undefined, plan: number | true | undefined, run: string): ExplainRequest['at'] {
  if (step !== undefined && plan !== undefined)
    throw new PraxisError('invalid', 'Ask for a step or for a plan; one at a time.');
  if (plan !== undefined) return { plan: plan === true ? null : plan };
  if (step === undefined)
    throw new PraxisError(
      'invalid',
      `Say which step; \`praxis show ${run} --steps\` numbers them, and --plan tells of the plan instead.`,
    );
  return parsePoint(step);
}
