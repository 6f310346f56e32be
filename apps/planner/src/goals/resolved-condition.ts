import type { Goal, Run } from '@praxis/core';

/** The goal, with the condition that a model made of its request, once it did. */
export function withResolvedCondition({ goal, opened }: Pick<Run, 'goal' | 'opened'>): Goal {
  return opened && goal.condition === '' && goal.request !== '' ? { ...goal, condition: opened.condition } : goal;
}
