import {
  CONSTRAINTS,
  checkAtom,
  checkSchema,
  conjunction,
  runStream,
  type Check,
  type Checks,
  type Cost,
  type Goal,
  type KeptThought,
  type Run,
  type RunEvent,
  type RunId,
  type SkillManifest,
  type WorldState,
} from '@praxis/core';
import {
  answerLine,
  factLines,
  noModel,
  skillLine,
  valueText,
  type ModelAccess,
  type ModelRequest,
  type UnderstoodRequestAnswer,
} from '@praxis/inference';
import { NO_MORE, QUESTIONS, askPerson, impossible, refuseTooDear, unusable } from './request-answers.js';

/** A request in plain words in a world without rules. */
export interface WordedRequest {
  readonly run: RunId;
  readonly goal: Goal;
  /** What was asked and answered so far. */
  readonly asked: Run['asked'];
  readonly facts: WorldState;
  /** What executors offer. */
  readonly skills: readonly SkillManifest[];
  readonly models: ModelAccess | null;
  readonly signal: AbortSignal;
}

/** The request as a goal with checks, or what people have to be asked first. */
export type Understood =
  | {
      readonly kind: 'condition';
      readonly condition: string;
      readonly checks: Checks;
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

/** Most statements about the outcome; a request with more is several goals. */
const STATEMENTS = 8;

/**
 * Has a model say what is true when a request is done, or ask what it has to know first. Fails with `invalid` where the
 * model cannot, and says what was spent.
 *
 * understand-request.1 A goal always has a check: a request of which nothing can be checked is asked about or refused.
 * understand-request.2 Where the outcome is a file, the file is checked; only what no other check fits is left to the
 *                      opinion of a model.
 * understand-request.3 What the model says cannot be done ends the run with that reason; nothing takes the place of
 *                      the request.
 */
export async function understandRequest(worded: WordedRequest): Promise<Understood> {
  const { run, goal, asked, models } = worded;
  if (!models || !(await models.isThere())) throw noModel('goal in plain words');
  const request = requestOf(worded, models);
  refuseTooDear(goal, models.promptRunner.estimate(request));
  const { answers, problems, call, spent } = await models.promptRunner.run(request);
  const [first] = answers;
  if (!first) throw unusable(goal, problems.join('; '), { call, spent });
  if (first.kind === 'cannot') throw impossible(goal, first.question, { call, spent });
  if (first.kind === 'ask')
    return { kind: 'questions', asks: askPerson({ run, goal, asked }, first.question, { call, spent }), call, spent };
  const checks = checksOf(first);
  const condition = conjunction(Object.keys(checks).map(checkAtom));
  return { kind: 'condition', condition, checks, constraints: constraintsOf(first), call, spent };
}

/** The statements as named checks (understand-request.2). */
function checksOf({ done }: UnderstoodRequestAnswer): Checks {
  const checks = done.map(({ what, file, contains }): Check => {
    const words = contains.map((w) => w.trim()).filter((w) => w !== '');
    return checkSchema.parse(file.trim() === '' ? { judge: what.trim() } : { file: file.trim(), contains: words });
  });
  return Object.fromEntries(checks.map((check, i) => [`done-${i + 1}`, check]));
}

function requestOf(
  { run, goal, asked, facts, skills, signal }: WordedRequest,
  models: ModelAccess,
): ModelRequest<'understand-request', 'understood_request'> {
  const mayAsk = asked.length < QUESTIONS;
  return {
    prompt: models.prompts.get('understand-request'),
    kind: 'understood_request',
    values: {
      skills: skills.map(skillLine),
      inputs: Object.entries(goal.inputs).map(([name, value]) => `${name}: ${valueText(value, INPUT_LENGTH)}`),
      facts: factLines(facts),
      answers: asked.map(({ question, answer }) =>
        answerLine(question.text, typeof answer?.value === 'string' ? answer.value : 'nobody knows'),
      ),
      problems: mayAsk ? [] : [NO_MORE],
      request: goal.request,
    },
    check: (answer) => problemsOf(answer, mayAsk),
    place: { run, stream: runStream(run), urgency: 1, deadline: null },
    seed: goal.seed,
    id: `goal ${asked.length}`,
    models: goal.models,
    signal,
  };
}

/** So much of an input is shown, in characters. */
const INPUT_LENGTH = 200;

/** What is wrong with an answer that fits its schema, for the model to mend. */
function problemsOf(answer: UnderstoodRequestAnswer, mayAsk: boolean): readonly string[] {
  const { kind, done, question } = answer;
  if (kind === 'ask' && !mayAsk) return [NO_MORE];
  if (kind !== 'goal')
    return question.trim() === ''
      ? [`"question" is empty; say there ${kind === 'ask' ? 'what to ask' : 'why not'}`]
      : [];
  if (done.length === 0 || done.length > STATEMENTS)
    return [`"done" has ${done.length} statements; give one to ${STATEMENTS} about the outcome`];
  const empty = done.findIndex(({ what, file }) => what.trim() === '' && file.trim() === '');
  if (empty >= 0) return [`statement ${empty + 1} of "done" says nothing; say what is true when the work is done`];
  const constraints = constraintsOf(answer);
  return constraints.length > CONSTRAINTS.most || constraints.some((c) => c.length > CONSTRAINTS.characters)
    ? [`"constraints" may have ${CONSTRAINTS.most} entries of ${CONSTRAINTS.characters} characters; say them shorter`]
    : [];
}

const constraintsOf = ({ constraints }: UnderstoodRequestAnswer): readonly string[] => [
  ...new Set(constraints.map((c) => c.replace(/\s+/g, ' ').trim()).filter((c) => c !== '')),
];
