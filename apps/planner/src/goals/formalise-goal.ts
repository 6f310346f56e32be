import {
  CONSTRAINTS,
  PraxisError,
  runStream,
  type Briefing,
  type Cost,
  type Goal,
  type KeptThought,
  type Rules,
  type Run,
  type RunEvent,
  type RunId,
  type WorldInfo,
  type WorldState,
} from '@praxis/core';
import {
  answerLine,
  factLines,
  noModel,
  readCondition,
  shownProblem,
  type FormalGoalAnswer,
  type ModelAccess,
  type ModelRequest,
  type Vocabulary,
} from '@praxis/inference';
import { BelievedRules } from '@praxis/search';
import { NO_MORE, QUESTIONS, askPerson, impossible, refuseTooDear, unusable } from './request-answers.js';

/** A goal that is to be said in PDDL before its run can begin. */
export interface GoalRequest {
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

/** The goal as a condition with what the request says about how, or what people have to be asked first. */
export type Formalised =
  | {
      readonly kind: 'condition';
      readonly condition: string;
      readonly constraints: readonly string[];
      readonly call: KeptThought;
      readonly spent: Cost;
    }
  | {
      readonly kind: 'questions';
      readonly asks: readonly RunEvent[];
      readonly call: KeptThought;
      readonly spent: Cost;
    };

/**
 * Has a model say in PDDL what a person wants, or ask what it has to know first. Fails with `invalid` where the model
 * cannot, and says what was spent.
 *
 * formalise-goal.1 A goal is never guessed at: where no answer can be used, the run ends with what was wrong.
 * formalise-goal.2 What the model says cannot be done ends the run with that reason; nothing takes the place of the
 *                  wish.
 * formalise-goal.3 What the request says about how is kept word for word; what does not fit into a condition is never
 *                  dropped silently.
 */
export async function formaliseGoal(goalRequest: GoalRequest): Promise<Formalised> {
  const { run, goal, asked, briefing, models, signal } = goalRequest;
  if (!models || !(await models.isThere())) throw noModel('goal in plain words');
  if (briefing.rules === null)
    throw new PraxisError(
      'invalid',
      `The world ${goal.world} tells no rules, so that no condition can be made of a request; say the goal as one of its scenarios.`,
    );
  const { rules } = briefing;
  const words = await new BelievedRules(rules, [], { turn: run, signal }).words();
  const order = orderOf(goalRequest, models, { rules, words });
  refuseTooDear(goal, models.promptRunner.estimate(order));
  const {
    answers: [first],
    problems,
    call,
    spent,
  } = await models.promptRunner.run(order);
  if (!first) throw unusable(goal, problems.join('; '), { call, spent });
  if (first.kind === 'cannot') throw impossible(goal, first.question, { call, spent });
  if (first.kind === 'ask')
    return { kind: 'questions', asks: askPerson({ run, goal, asked }, first.question, { call, spent }), call, spent };
  const { condition } = readCondition(first.condition, words, CHOICES);
  if (condition === null) throw unusable(goal, 'it is not a condition', { call, spent });
  return { kind: 'condition', condition, constraints: constraintsOf(first), call, spent };
}

/** A person may leave a choice open; search and every world that knows PDDL can tell whether it is met. */
const CHOICES = { choices: true } as const;

function orderOf(
  { run, goal, asked, facts, info, signal }: GoalRequest,
  models: ModelAccess,
  { rules, words }: { readonly rules: Rules; readonly words: Vocabulary },
): ModelRequest<'formal-goal', 'formal_goal'> {
  const mayAsk = asked.length < QUESTIONS;
  return {
    prompt: models.prompts.get('formal-goal'),
    kind: 'formal_goal',
    values: {
      domain: rules.domain,
      problem: shownProblem(rules.problem, { now: null }),
      facts: factLines(facts),
      scenarios: info.scenarios.map((s) => `${s.title}: ${s.condition}`),
      answers: asked.map(({ question, answer }) =>
        answerLine(question.text, typeof answer?.value === 'string' ? answer.value : 'nobody knows'),
      ),
      problems: mayAsk ? [] : [NO_MORE],
      request: goal.request,
    },
    check: (answer) => problemsOf(answer, words, mayAsk),
    place: { run, stream: runStream(run), urgency: 1, deadline: null },
    seed: goal.seed,
    id: `goal ${asked.length}`,
    models: goal.models,
    signal,
  };
}

/** What is wrong with an answer that fits its schema, for the model to mend. */
function problemsOf(answer: FormalGoalAnswer, words: Vocabulary, mayAsk: boolean): readonly string[] {
  const { kind, condition, question } = answer;
  if (kind === 'ask')
    return !mayAsk
      ? [NO_MORE]
      : question.trim() === ''
        ? ['it asks without a question; put the question into "question"']
        : [];
  if (kind === 'cannot')
    return question.trim() === '' ? ['it does not say why it cannot be done; say so in "question"'] : [];
  const wrong = readCondition(condition, words, CHOICES).problems;
  if (wrong.length > 0)
    return [
      ...wrong,
      'never leave a part of the wish out: what no condition can say goes into "constraints", or is asked about',
    ];
  const constraints = constraintsOf(answer);
  if (constraints.length > CONSTRAINTS.most || constraints.some((c) => c.length > CONSTRAINTS.characters))
    return [
      `"constraints" may have ${CONSTRAINTS.most} entries of ${CONSTRAINTS.characters} characters; say them shorter, or answer "cannot"`,
    ];
  return [];
}

const constraintsOf = ({ constraints }: FormalGoalAnswer): readonly string[] => [
  ...new Set(constraints.map((c) => c.replace(/\s+/g, ' ').trim()).filter((c) => c !== '')),
];
