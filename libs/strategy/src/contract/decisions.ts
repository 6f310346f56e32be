import { actionText, editedAction, type Answer, type Effect, type Question, type StepEvent } from '@praxis/core';
import type { ForcedStep } from './context.js';

type Decided = Extract<StepEvent, { type: 'decided' }>;

/** The decision of a step: what the strategy asked for, or what a fork puts in its place. */
export function decisionOf(
  { id, action, why, origin, taint, as, ensures }: Extract<Effect, { kind: 'execute' }>,
  step: number,
  forced: ForcedStep | null,
): Decided {
  const instead = forced?.step === step ? forced.action : null;
  return {
    type: 'decided',
    id,
    step,
    action: instead ?? action,
    why: instead ? `instead of ${actionText(action)}` : why,
    origin: instead ? 'fork' : origin,
    taint: [...(taint ?? [])],
    ...(as !== undefined && { as }),
    ...(ensures && { ensures: [...ensures] }),
  };
}

/**
 * The decision that a person's edit is: other arguments are another decision, and a step of its own (S3). Null where
 * the answer is no edit.
 */
export function editedDecision(
  id: string,
  step: number,
  { question, answer }: { readonly question: Question; readonly answer: Answer },
): Decided | null {
  if (answer.verdict !== 'edit' || question.action === null) return null;
  return {
    type: 'decided',
    id,
    step,
    action: editedAction(question.action, answer),
    why: answer.reason,
    origin: 'person',
    taint: [],
  };
}
