import type { OpenQuestion } from '../../../src/api.js';
import type { AskedQuestion, Attempt, RunModel } from './run-model.js';

/**
 * Questions of the run that wait for people, oldest first. What a subgoal asks of its run's budget is not among them:
 * the planner answers that.
 */
export function openQuestions(model: RunModel): readonly OpenQuestion[] {
  const open = Object.values(model.asked).filter((asked) => isOpen(model, asked) && isForPeople(asked));
  const title = model.goal?.title ?? '';
  return open
    .map(({ question, subgoal, askedAt, reminders }) => ({
      run: model.id,
      title,
      subgoal,
      question,
      askedAt,
      reminders,
    }))
    .sort((a, b) => a.askedAt - b.askedAt);
}

/** Whether a question is for people, as far as who asks and what for can tell. */
export const isForPeople = ({ question, subgoal }: Pick<AskedQuestion, 'question' | 'subgoal'>): boolean =>
  question.kind !== 'budget' || subgoal === null;

/** run-model.4. */
function isOpen({ answers, attempts, ended }: RunModel, { question, subgoal }: AskedQuestion): boolean {
  return (
    ended === null && answers[question.id] === undefined && (subgoal === null || attempts[subgoal]?.isOver !== true)
  );
}

/**
 * What a parked attempt waits for: `asking` for people, `waiting` for its run's budget or for a time; null where it
 * waits for nothing.
 */
export function waitOf(model: RunModel, attempt: Attempt): 'asking' | 'waiting' | null {
  const open = attempt.parked
    .map((id) => model.asked[id])
    .filter((asked) => asked !== undefined && isOpen(model, asked));
  if (open.length === 0) return attempt.until === null ? null : 'waiting';
  return open.some((asked) => isForPeople(asked!)) ? 'asking' : 'waiting';
}
