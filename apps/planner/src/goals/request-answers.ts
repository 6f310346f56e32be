import {
  PraxisError,
  clipText,
  costText,
  makeQuestion,
  questionId,
  shortOf,
  type Cost,
  type Goal,
  type KeptThought,
  type Run,
  type RunEvent,
  type RunId,
} from '@praxis/core';

/** So many questions are worth a person's time; after that the model has to make do. */
export const QUESTIONS = 3;

export const NO_MORE = 'no more questions are answered; decide with what is known, or say "cannot" and why';

const shortly = (request: string): string => clipText(request, 200);

/** What models said in vain, and what it cost. */
export interface InVain {
  readonly call: KeptThought;
  readonly spent: Cost;
}

/** What an error cost and under which hashes the conversation is kept, for whoever ends the run. */
const detailsOf = ({ call, spent: { calls, tokens, money } }: InVain): Record<string, number | string> => ({
  calls,
  tokens,
  money,
  ...call,
});

export function unusable({ request }: Goal, why: string, inVain: InVain): PraxisError {
  return new PraxisError(
    'invalid',
    `No condition could be made of "${shortly(request)}": ${why}. Say it in other words, or in PDDL (--goal).`,
    { details: detailsOf(inVain) },
  );
}

/** The error that ends a run whose request cannot be done, in the words of the model that says so. */
export const impossible = ({ request }: Goal, why: string, inVain: InVain): PraxisError =>
  new PraxisError('invalid', `What was asked for cannot be done here: ${why.trim()} (request: "${shortly(request)}")`, {
    details: detailsOf(inVain),
  });

/** A model's question for the person who asked for the goal; asked a second time, it leads nowhere. */
export function askPerson(
  { run, goal, asked }: { readonly run: RunId; readonly goal: Goal; readonly asked: Run['asked'] },
  said: string,
  inVain: InVain,
): readonly RunEvent[] {
  const text = said.trim();
  if (asked.some((q) => q.question.text === text)) throw unusable(goal, `it was asked again: ${text}`, inVain);
  return [
    { type: 'asked', question: makeQuestion({ id: questionId(`goal of ${run}`, text), kind: 'question', text }) },
  ];
}

/** A goal's budget holds before its run has begun, too; there is no run yet that could ask for more. */
export function refuseTooDear({ budget }: Goal, price: Cost): void {
  const missing = shortOf(budget, price);
  if (missing !== null)
    throw new PraxisError(
      'invalid',
      `To understand the request may need ${costText(missing)} more than the budget has; submit it again with a larger one, or say it in PDDL (--goal).`,
    );
}
