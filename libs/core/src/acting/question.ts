import { z } from 'zod';
import { freeRecord } from '../values/free-record.js';
import { actionSchema, effectClassSchema, type Action } from '../values/action.js';
import { costSchema, type Cost } from '../values/cost.js';
import { digest } from '../values/digest.js';
import { jsonSchema, type Json } from '../values/json.js';

/**
 * What people are asked. `approval`: may this be done? `uncertain`: was this done before the crash? `budget`: may more
 * be spent? `question`: whatever a strategy wants to know.
 */
export const questionKindSchema = z.enum(['approval', 'uncertain', 'budget', 'question']);
export type QuestionKind = z.infer<typeof questionKindSchema>;

/** A question that waits for a person; whoever asked is parked meanwhile and holds nothing. */
export const questionSchema = z.object({
  /** Unique for what is asked, so that an answer never reaches anything else. */
  id: z.string(),
  kind: questionKindSchema,
  /** One or two sentences for people. */
  text: z.string(),
  /** What is to be decided on; null for budgets and free questions. */
  action: actionSchema.nullable().default(null),
  effect: effectClassSchema.nullable().default(null),
  /** The action's idempotency key. */
  key: z.string().nullable().default(null),
  /** What an approval is bound to (S6). */
  fingerprint: z.string().nullable().default(null),
  /** Where untrusted parts of the action came from. */
  taint: z.array(z.string()).default([]),
  /** What is missing, where more budget is asked for. */
  needs: costSchema.nullable().default(null),
  /** Milliseconds since 1970-01-01 UTC after which nobody waits any more; null: for ever. */
  expiresAt: z.number().nullable().default(null),
  /** `question`: the answers to choose from, whatever their case; empty: any. */
  choices: z.array(z.string()).default([]),
});
export type Question = z.infer<typeof questionSchema>;

/** What people can say. `expired` is said by the planner when nobody did. */
export const verdictSchema = z.enum([
  'approve',
  'reject',
  'edit',
  'happened',
  'not-happened',
  'grant',
  'answer',
  'expired',
]);
export type AnswerVerdict = z.infer<typeof verdictSchema>;

/** An answer: a verdict, who gave it and why, and what it brings along. */
export const answerSchema = z.object({
  verdict: verdictSchema,
  by: z.string(),
  reason: z.string().default(''),
  /** `edit`: the arguments as they should be. */
  args: freeRecord(jsonSchema).nullable().default(null),
  /** `grant`: how much more. */
  grant: costSchema.nullable().default(null),
  /** `answer`: the answer. */
  value: jsonSchema.default(null),
});
export type Answer = z.infer<typeof answerSchema>;

const FITTING: Readonly<Record<QuestionKind, readonly AnswerVerdict[]>> = {
  approval: ['approve', 'reject', 'edit'],
  uncertain: ['happened', 'not-happened'],
  budget: ['grant', 'reject'],
  question: ['answer', 'reject'],
};

/** What is wrong with an answer to a question at a time, in words that say what to do; null where it fits. */
export function validationError(question: Question, answer: Answer, now: number): string | null {
  const fitting = FITTING[question.kind];
  if (question.expiresAt !== null && now > question.expiresAt)
    return `The question ${question.id} has expired; what asked goes on without it.`;
  if (!fitting.includes(answer.verdict))
    return `The question ${question.id} asks for ${fitting.join(', ')}; "${answer.verdict}" does not answer it.`;
  if (answer.verdict === 'answer' && !isChoice(question.choices, answer.value))
    return `The question ${question.id} is answered by ${question.choices.join(', ')}; ${JSON.stringify(answer.value)} is none of them.`;
  if (answer.verdict === 'edit' && answer.args === null) return 'An edit needs the arguments as they should be.';
  if (answer.verdict === 'grant' && !grantsEnough(question, answer))
    return 'A grant needs to say how much more may be spent.';
  return null;
}

/** Whether a grant grants something, where something is missing. */
function grantsEnough({ needs }: Question, { grant }: Answer): boolean {
  const isNothing = (cost: Cost | null): boolean => cost === null || Object.values(cost).every((n) => n === 0);
  return isNothing(needs) || !isNothing(grant);
}

/** Whether a value is one of the choices, or a no, which may be said in any words; where there are none, everything is. */
export const isChoice = (choices: readonly string[], value: Json): boolean =>
  choices.length === 0 || isNo(value) || choices.some((choice) => isSameWord(choice, value));

/** Whether an answer means no; nobody's answer does too. */
export const isNo = (answer: Json): boolean =>
  answer === null || answer === false || /^(no?|false|reject|declined?|cancel)\b/i.test(String(answer).trim());

/** Whether a person meant this choice. */
export const isSameWord = (choice: string, value: Json): boolean =>
  choice.trim().toLowerCase() === String(value).trim().toLowerCase();

/** Names a question by who asks and what exactly. */
export function questionId(asker: string, what: Json): string {
  return `q-${digest({ asker, what }).slice(0, 16)}`;
}

/** A question with the fields that its kind does not need left empty. */
export function makeQuestion(fields: Pick<Question, 'id' | 'kind' | 'text'> & Partial<Question>): Question {
  return questionSchema.parse(fields);
}

/** The action an edit asks for. */
export const editedAction = (action: Action, answer: Answer): Action => ({
  skill: action.skill,
  args: answer.args ?? action.args,
});
