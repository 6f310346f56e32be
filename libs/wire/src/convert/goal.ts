import { goalSchema, problemTextSchema, type Goal, type ProblemText } from '@praxis/core';
import type * as pb from '../gen/praxis/v1/types.js';
import { parse } from './parse.js';

/** A goal for the wire. */
export function toGoal(goal: Goal): pb.Goal {
  return { ...goal, problem: goal.problem ?? undefined };
}

/** A goal from the wire; what a caller left out gets core's defaults. */
export function fromGoal(message: pb.Goal): Goal {
  return parse('goal', goalSchema, { ...message, problem: message.problem ?? null });
}

/** A problem from the wire. */
export function fromProblem(message: pb.ProblemText): ProblemText {
  return parse('problem', problemTextSchema, message);
}
