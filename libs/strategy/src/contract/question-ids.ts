import { questionId } from '@praxis/core';

/**
 * What names the question whether a decided action may be done: the action in its state, and how often it was asked
 * before.
 */
export const approvalId = (
  subgoal: string,
  of: { readonly id: string; readonly step: number; readonly print: string; readonly nth: number },
): string => questionId(subgoal, { kind: 'approval', ...of });

/** What names the question whether an effect was done before a crash: its key, and how often it was begun. */
export const uncertainId = (
  subgoal: string,
  of: { readonly id: string; readonly key: string; readonly nth: number },
): string => questionId(subgoal, { kind: 'uncertain', ...of });

/** What names a question for more budget: for which effect, and how often it was asked before. */
export const budgetId = (asker: string, of: { readonly id: string; readonly nth: number }): string =>
  questionId(asker, { kind: 'budget', ...of });

/** What names a strategy's own question. */
export const freeId = (
  subgoal: string,
  of: { readonly id: string; readonly to: string; readonly text: string },
): string => questionId(subgoal, { kind: 'question', ...of });
