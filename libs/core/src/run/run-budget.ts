import {
  COST_NAMES,
  addCosts,
  addToAllowance,
  boundedCost,
  costText,
  leftOf,
  shareOf,
  shortOf,
  NO_COST,
  type Allowance,
  type Cost,
} from '../values/cost.js';
import { questionId, makeQuestion, type Question } from '../acting/question.js';
import type { Run } from './run.js';

/**
 * The budget of a run as an account, pure.
 *
 * run-budget.1 What settled subgoals spent and what others may spend never exceeds the budget and what people granted
 *              on top.
 * run-budget.2 A subgoal that ends gives back what it did not spend.
 */
export function budgetOf(run: Run): Allowance {
  const { steps, calls, tokens, money, risk } = run.goal.budget;
  return addToAllowance({ steps, calls, tokens, money, risk }, run.granted);
}

/** What dispatched subgoals may spend. */
export function handedOut(run: Run): Cost {
  const busy = [...run.nodes.values()].filter((n) => n.status === 'dispatched');
  return busy.reduce((sum, n) => addCosts(sum, boundedCost(n.allowance)), NO_COST);
}

/** What is neither spent nor handed out. */
export function freeOf(run: Run): Allowance {
  return leftOf(budgetOf(run), addCosts(run.spent, handedOut(run)));
}

/** What a subgoal that is dispatched now gets: its part of what is free, the other nodes that wait counted. */
export function allowanceFor(run: Run): Allowance {
  const waiting = [...run.nodes.values()].filter((n) => n.status === 'pending').length;
  return shareOf(freeOf(run), waiting);
}

/** What can be given to a subgoal that is short; null where not even its need is free. */
export function grantFor(run: Run, need: Cost): Cost | null {
  const free = freeOf(run);
  if (shortOf(free, need) !== null) return null;
  const share = boundedCost(allowanceFor(run));
  const most = boundedCost(free);
  return Object.fromEntries(
    COST_NAMES.map((n) => [n, need[n] === 0 ? 0 : Math.min(most[n], Math.max(need[n], share[n]))]),
  ) as unknown as Cost;
}

/** Whether a step can be paid for at all. */
export function isSpent(run: Run): boolean {
  return shortOf(leftOf(budgetOf(run), run.spent), { ...NO_COST, steps: 1 }) !== null;
}

/** Whoever was asked for more said no: the run ends with what it has. */
export function isRefused(run: Run): boolean {
  const answer = run.asked.slice(run.reopened.asked).findLast((q) => q.question.kind === 'budget')?.answer;
  return answer != null && answer.verdict !== 'grant';
}

/** The run's own question for more of what is missing; asked once for each time it is short. */
export function budgetQuestion(run: Run, needs: Cost, why: string): Question {
  return makeQuestion({
    id: questionId(`budget of ${run.opened?.session ?? run.goal.title}`, { nth: run.asked.length, needs }),
    kind: 'budget',
    text: `${why} It needs ${costText(needs)} more; grant it, or reject and the run ends with what it has.`,
    needs,
  });
}
