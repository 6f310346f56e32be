import { PraxisError, costText, makeQuestion, questionId, runStream, shortOf, type Briefing, type Cost, type Goal, type KeptThought, type Run, type RunEvent, type RunId, type WorldInfo, type WorldState } from '@praxis/core';
import { answerLine, factLines, noModel, readCondition, type ModelAccess, type ThoughtOrder } from '@praxis/inference';
import { PlanningModel } from '@praxis/search';

/** A goal that is to be said in PDDL before its run can begin. */
export interface Wish {
  readonly run: RunId;
  readonly goal: Goal;
  /** What was asked and answered so far. */
  readonly asked: Run['asked'];
  readonly briefing: Briefing;
  readonly facts: WorldState;
  readonly info: WorldInfo;
  readonly models: ModelAccess | null;
  readonly signal: AbortSignal;
}

/** The goal as a condition, with how a model made it; or what people have to be asked first. */
export type Formalised =
  | { readonly kind: 'condition'; readonly condition: string; readonly call: KeptThought; readonly spent: Cost }
  | { readonly kind: 'questions'; readonly asks: readonly RunEvent[] };

/** So many questions are worth a person's time; after that the model has to make do. */
const QUESTIONS = 3;

/**
 * Has a model say in PDDL what a person wants, or ask what it has to know first. Fails with `invalid` where the model cannot:
 * a goal is never guessed at.
 */
export async function formaliseGoal({ run, goal, asked, briefing, facts, info, models, signal }: Wish): Promise<Formalised> {
  if (!models || !(await models.isThere())) throw noModel('goal in plain words');
  if (briefing.domain === '') throw new PraxisError('invalid', `The world ${goal.world} tells no rules, so that no condition can be made of a request; say the goal as one of its scenarios.`);
  const words = new PlanningModel(briefing).words();
  const answers = asked.map(({ question, answer }) => answerLine(question.text, typeof answer?.value === 'string' ? answer.value : 'nobody knows'));
  const mayAsk = asked.length < QUESTIONS;
  const order: ThoughtOrder<'formal-goal', 'formal_goal'> = {
    prompt: models.prompts.get('formal-goal'),
    kind: 'formal_goal',
    values: {
      domain: briefing.domain,
      problem: briefing.problem,
      facts: factLines(facts),
      scenarios: info.scenarios.map((s) => `${s.title}: ${s.condition}`),
      answers,
      problems: mayAsk ? [] : ['no more questions are answered; decide with what is known'],
      request: goal.request,
    },
    check: ({ condition, questions }) => (questions.length > 0 && mayAsk ? [] : readCondition(condition, words).problems),
    place: { run, stream: runStream(run), urgency: 1, deadline: null },
    seed: goal.seed,
    id: `goal ${asked.length}`,
    models: goal.models,
    signal,
  };
  refuseTooDear(goal, models.mind.estimate(order));
  const { answers: [first], problems, call, spent } = await models.mind.think(order);
  // Whoever ends the run writes what it cost.
  const details = { calls: spent.calls, tokens: spent.tokens, money: spent.money };
  if (!first) throw new PraxisError('invalid', `No condition could be made of "${goal.request.slice(0, 200)}": ${problems.join('; ')}. Say it in other words, or in PDDL (--goal).`, { details });
  const fresh = first.questions.filter((text) => asked.every((q) => q.question.text !== text)).slice(0, QUESTIONS - asked.length);
  if (fresh.length > 0) return { kind: 'questions', asks: [{ type: 'spent', on: 'opening', modelCalls: Math.max(1, spent.calls), spent, call: { ...call } }, ...fresh.map((text): RunEvent => ({ type: 'asked', question: makeQuestion({ id: questionId(`goal of ${run}`, text), kind: 'question', text }) }))] };
  const { condition } = readCondition(first.condition, words);
  if (condition === null) throw new PraxisError('invalid', `No condition could be made of "${goal.request.slice(0, 200)}": ${first.questions.join(' ')} Say it in other words, or in PDDL (--goal).`, { details });
  return { kind: 'condition', condition, call, spent };
}

/** A goal's budget holds before its run has begun, too; there is no run yet that could ask for more. */
function refuseTooDear({ budget }: Goal, price: Cost): void {
  const missing = shortOf(budget, price);
  if (missing !== null) throw new PraxisError('invalid', `To understand the request may need ${costText(missing)} more than the budget has; submit it again with a larger one, or say it in PDDL (--goal).`);
}
