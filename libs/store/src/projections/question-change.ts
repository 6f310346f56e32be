import type { Question, RunEvent, RunId, StepEvent, SubgoalId, AnswerVerdict } from '@praxis/core';

/**
 * What an event adds to the row of a question. A subgoal's question is asked in its own stream and answered in the
 * run's, which are written by different processes, so changes commute: numbers are added, what is closed stays closed
 * from the earliest time on, a null leaves what is there.
 */
export interface QuestionChange {
  readonly id: string;
  readonly run: RunId;
  readonly subgoal: SubgoalId | null;
  readonly question: Question | null;
  readonly askedAt: number | null;
  readonly reminders: number;
  /** When people were told of it. */
  readonly toldAt: number;
  readonly closedAt: number | null;
  readonly verdict: AnswerVerdict | null;
}

/** Nobody waits any more for answers to what a subgoal, or the whole run where it is null, has asked. */
export interface Closing {
  readonly run: RunId;
  readonly subgoal: SubgoalId | null;
  readonly at: number;
}

/** Who speaks of a question, and when. */
interface Source {
  readonly run: RunId;
  readonly subgoal: SubgoalId | null;
  readonly at: number;
}

const change = (id: string, { run, subgoal, at }: Source): QuestionChange => ({
  id,
  run,
  subgoal,
  question: null,
  askedAt: null,
  reminders: 0,
  toldAt: at,
  closedAt: null,
  verdict: null,
});

/** What an event of a run's or of a subgoal's stream says about a question; null where it says nothing. */
export function questionChange(event: RunEvent | StepEvent, source: Source): QuestionChange | null {
  if (event.type === 'asked')
    return { ...change(event.question.id, source), question: event.question, askedAt: source.at };
  // A subgoal's own `answered` is what a strategy asked of its process, not of people.
  if (event.type === 'answered' && 'question' in event)
    return {
      ...change(event.question, { ...source, subgoal: event.subgoal }),
      closedAt: source.at,
      verdict: event.answer.verdict,
    };
  if (event.type === 'reminded')
    return { ...change(event.question, { ...source, subgoal: event.subgoal }), reminders: 1 };
  return null;
}

/** Two changes of one question as one. */
export function mergeQuestions(a: QuestionChange, b: QuestionChange): QuestionChange {
  const closed = [a.closedAt, b.closedAt].filter((at) => at !== null);
  return {
    ...a,
    subgoal: b.subgoal ?? a.subgoal,
    question: b.question ?? a.question,
    askedAt: b.askedAt ?? a.askedAt,
    reminders: a.reminders + b.reminders,
    toldAt: Math.max(a.toldAt, b.toldAt),
    closedAt: closed.length > 0 ? Math.min(...closed) : null,
    verdict: b.verdict ?? a.verdict,
  };
}
