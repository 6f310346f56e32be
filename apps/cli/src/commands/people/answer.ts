import { PraxisError, validationError, type Answer, type RunId } from '@praxis/core';
import type { PlannerApi } from '@praxis/wire';
import { withServices } from '../../compose/clients.js';
import { parseEdit, parseValue, readAnswer, type AnswerOptions } from '../../input/answer-input.js';
import { parseAmounts } from '../../input/quantity.js';
import { defineVerb, reading } from '../../verb.js';

/** `praxis answer`: a person's answer to what was asked. */
export const answerVerb = defineVerb<AnswerOptions>({
  usage: 'answer <question>',
  summary:
    'answer a question that waits for a person (`praxis approvals` lists them), in exactly one way; the id of a run stands for all its questions that are open now and that the answer fits',
  examples: [
    'answer q-0c1f2e3d4b5a6978 --approve',
    'answer q-0c1f2e3d4b5a6978 --reject "the amount is wrong"',
    `answer q-0c1f2e3d4b5a6978 --edit '{"args":{"to":"acme","amount":12}}'`,
    'answer q-0c1f2e3d4b5a6978 --not-happened --by ann',
    'answer q-0c1f2e3d4b5a6978 --grant steps=100,money=2',
    'answer q-0c1f2e3d4b5a6978 --text "the blue one"',
    'answer r-3f9k2m7q1c --approve   (all that this run asks approval for now)',
    `answer q-0c1f2e3d4b5a6978 --value '{"colour":"blue"}'`,
  ],
  options: (command) =>
    command
      .option('--approve', 'approval: it may be done')
      .option('--reject [why]', 'approval, budget, question: no')
      .option('--edit <json>', 'approval: it may be done with these arguments instead', reading(parseEdit))
      .option('--happened', 'uncertain: it was done before the crash')
      .option('--not-happened', 'uncertain: it was not done; it is done now')
      .option(
        '--grant [amounts]',
        'budget: so much more may be spent, such as steps=100,money=2; without amounts, only as much time again',
        reading(parseAmounts),
      )
      .option('--text <words>', 'question: the answer, in words')
      .option('--value <json>', 'question: the answer, as JSON', reading(parseValue))
      .option('--reason <text>', 'why, for whoever looks at the run later')
      .option('--by <name>', 'who answers (default: your login name)'),
  run: async ({ args, options, context: { print }, context }) => {
    const answer = readAnswer(options);
    await withServices(context, async ({ planner }) => {
      for (const question of await questionsNamed(args[0]!, answer, planner)) {
        await planner.answer(question, answer);
        if (options.json) print.json({ question, answer });
        else print.line(`${question} is answered: ${answer.verdict}, by ${answer.by}`);
      }
    });
    return 0;
  },
});

/** The question, or of a run all that are open and that the answer fits; `missing` where there is none. */
async function questionsNamed(
  id: string,
  answer: Answer,
  planner: Pick<PlannerApi, 'questions'>,
): Promise<readonly string[]> {
  if (!id.startsWith('r-')) return [id];
  const open = await planner.questions({ run: id as RunId, kind: null });
  const fitting = open.filter(({ question }) => validationError(question, answer, Date.now()) === null);
  if (fitting.length > 0) return fitting.map(({ question }) => question.id);
  const why = open.length === 0 ? 'asks nothing now' : `asks ${open.length} questions, none of which takes that answer`;
  throw new PraxisError('missing', `The run ${id} ${why}; \`praxis approvals --run ${id}\` lists what is open.`);
}
