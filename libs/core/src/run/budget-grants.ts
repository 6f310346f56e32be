import { NO_COST, type Cost } from '../values/cost.js';
import { makeSubgoalId, type NodeId, type RunId } from '../values/ids.js';
import type { Answer, Question } from '../acting/question.js';
import type { Run } from './run.js';
import { budgetQuestion, grantFor } from './run-budget.js';
import type { RunEvent } from './run-event.js';

/** A subgoal that is parked because its allowance is short. */
export interface ShortSubgoal {
  readonly node: NodeId;
  readonly question: Question;
}

const no = (reason: string): Answer => ({
  verdict: 'reject',
  by: 'planner',
  reason,
  args: null,
  grant: null,
  value: null,
});
const yes = (grant: Cost): Answer => ({ verdict: 'grant', by: 'planner', reason: '', args: null, grant, value: null });

/**
 * What the planner says to a subgoal that is short of budget, pure: it grants from what is free; where nothing is, it
 * waits for others to give back; where nobody else is at work, it asks a person, or refuses where the goal says so.
 * Null: wait.
 */
export function answerShortage(
  run: Run,
  id: RunId,
  { node, question }: ShortSubgoal,
  othersAtWork: boolean,
): RunEvent | null {
  const needs = question.needs ?? NO_COST;
  const at = run.nodes.get(node)!;
  const reply = (answer: Answer): RunEvent => ({
    type: 'answered',
    question: question.id,
    subgoal: makeSubgoalId(id, node, at.attempt),
    answer,
  });
  const grant = grantFor(run, needs);
  if (grant !== null) return reply(yes(grant));
  if (othersAtWork) return null;
  if (run.goal.budget.whenSpent === 'fail')
    return reply(no('the budget of the run is spent; submit again with a larger one'));
  const open = run.asked.slice(run.reopened.asked).findLast((q) => q.question.kind === 'budget');
  if (open?.answer === null) return null;
  if (open && open.answer.verdict !== 'grant')
    return reply(no(open.answer.reason || 'the budget of the run is spent and no more was granted'));
  return { type: 'asked', question: budgetQuestion(run, needs, question.text) };
}
