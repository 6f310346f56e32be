import { endOfReached } from '../goals/constraint.js';
import { type Allowance, NO_COST, type Cost } from '../values/cost.js';
import type { NodeId } from '../values/ids.js';
import { dependents, orderNodes, type Plan, type PlanNode } from '../goals/plan.js';
import type { Question } from '../acting/question.js';
import type { NodeStatus, Run } from './run.js';
import { allowanceFor, budgetQuestion, freeOf, isRefused, isSpent } from './run-budget.js';
import type { Outcome } from '../acting/step.js';

/** What the planner must do next. */
export type Command =
  | { readonly kind: 'open' }
  | { readonly kind: 'plan'; readonly reason: 'first' | 'repair' | 'goal-missed'; readonly keep: readonly NodeId[] }
  | { readonly kind: 'dispatch'; readonly node: PlanNode; readonly attempt: number; readonly allowance: Allowance }
  | { readonly kind: 'check' }
  | { readonly kind: 'ask'; readonly question: Question }
  | { readonly kind: 'end'; readonly outcome: Outcome; readonly reason: string };

/**
 * What to do now; empty while the run waits for something that is under way. Pure (S1).
 *
 * next.1 `next` depends on the folded events alone; asking twice gives the same commands.
 * next.2 A node is dispatched once per attempt, and only when all it waits for is done.
 * next.3 After a failure, nothing that waits for the failed node is dispatched; what does not wait for it goes on. Only
 *        when no such work is left is the rest planned again, from the world as it then is.
 * next.4 After `cancelling` nothing is planned or dispatched; the run ends when nothing is under way.
 * next.5 After `ended` there are no commands.
 * next.6 While the run is paused, or has asked something and nobody has answered, nothing new begins; a refusal of
 *        budget ends it.
 * next.7 An owner works on one subgoal at a time, in the order of `orderNodes`, in which the plan was checked. A
 *        subgoal without an owner may use every agent: it begins after all subgoals before it have ended, and none
 *        after it begins before it has ended. Subgoals that wait for a failed one hold nobody back. Subgoals with a
 *        script say themselves what they wait for: they hold back only subgoals without one.
 * next.8 A run whose goal holds never ends as plainly `done` where a constraint of its request was broken or not
 *        checked.
 */
export function next(run: Run): readonly Command[] {
  if (run.ended) return [];
  const busy = [...run.nodes.values()].some((n) => n.status === 'dispatched');
  if (run.cancelling !== null) return busy ? [] : [{ kind: 'end', ...run.cancelling }];
  if (run.paused !== null || run.asked.some((q) => q.answer === null)) return [];
  if (isRefused(run))
    return busy
      ? []
      : [
          {
            kind: 'end',
            outcome: 'failed',
            reason: 'the budget is spent and no more was granted; submit again with a larger one',
          },
        ];
  if (run.overtime) return overtime(run, busy);
  if (!run.opened) return [{ kind: 'open' }];
  if (!run.plan) return [{ kind: 'plan', reason: 'first', keep: [] }];
  return advance(run, run.plan, busy);
}

function advance(run: Run, plan: Plan, busy: boolean): readonly Command[] {
  const status = (id: NodeId): NodeStatus => run.nodes.get(id)?.status ?? 'pending';
  const failed = plan.nodes.filter((n) => status(n.id) === 'failed' || status(n.id) === 'cancelled');
  const blocked = dependents(
    plan.nodes,
    failed.map((n) => n.id),
  );
  const turn = inTurn(plan, status, blocked);
  const first = plan.nodes.find(
    (n) => turn.has(n.id) && status(n.id) === 'pending' && n.after.every((id) => status(id) === 'done'),
  );
  // One at a time, since each takes its share of what the one before has left.
  if (first && canPay(run))
    return [
      {
        kind: 'dispatch',
        node: first,
        attempt: 1 + (run.nodes.get(first.id)?.attempt ?? 0),
        allowance: allowanceFor(run),
      },
    ];
  if (busy) return [];
  if (isSpent(run)) return whenSpent(run);
  if (failed.length === 0) return finish(run);
  return repair(
    run,
    failed,
    plan.nodes.filter((n) => !blocked.has(n.id)).map((n) => n.id),
  );
}

/** Nodes that may be under way now as far as their owners are concerned (next.7). */
function inTurn(plan: Plan, status: (id: NodeId) => NodeStatus, blocked: ReadonlySet<NodeId>): ReadonlySet<NodeId> {
  const turn = new Set<NodeId>();
  const owners = new Set<string | null>();
  let hasScript = false;
  for (const { id, owner, script } of orderNodes(plan.nodes) ?? plan.nodes) {
    if (status(id) === 'done' || blocked.has(id)) continue;
    const isFree = owner === null ? owners.size === 0 : !owners.has(owner) && !owners.has(null);
    if (isFree && (script !== undefined || !hasScript)) turn.add(id);
    if (script === undefined) owners.add(owner);
    else hasScript = true;
  }
  return turn;
}

const canPay = (run: Run): boolean => freeOf(run).steps !== 0;

function repair(run: Run, failed: readonly PlanNode[], keep: readonly NodeId[]): readonly Command[] {
  const repairs = repairsOf(run);
  if (repairs < run.goal.budget.replans) return [{ kind: 'plan', reason: 'repair', keep }];
  const last = run.nodes.get(failed.at(-1)!.id)!.reason;
  return [{ kind: 'end', outcome: 'failed', reason: `gave up after ${repairs} repairs of the plan; last: ${last}` }];
}

/** Plans after the first, without those from before the run was reopened. */
const repairsOf = ({ replans, reopened }: Run): number => replans - reopened.replans;

function finish(run: Run): readonly Command[] {
  if (run.checked === null) return [{ kind: 'check' }];
  if (run.checked) return [{ kind: 'end', ...endOfReached(run.constraints) }];
  const repairs = repairsOf(run);
  if (repairs >= run.goal.budget.replans) {
    return [
      { kind: 'end', outcome: 'failed', reason: `the goal still does not hold after ${repairs} repairs of the plan` },
    ];
  }
  return [{ kind: 'plan', reason: 'goal-missed', keep: [...run.nodes.keys()] }];
}

function whenSpent(run: Run): readonly Command[] {
  if (run.checked === null) return [{ kind: 'check' }];
  if (run.checked) return [{ kind: 'end', ...endOfReached(run.constraints) }];
  const budget = `${run.goal.budget.steps + run.granted.steps} steps`;
  return askOrFail(
    run,
    { ...NO_COST, steps: Math.max(10, Math.ceil(run.goal.budget.steps / 2)) },
    {
      asked: `The budget of ${budget} is spent and the goal does not hold yet.`,
      failed: `the budget of ${budget} is spent`,
    },
  );
}

function overtime(run: Run, busy: boolean): readonly Command[] {
  // What is under way is stopped by the clock.
  if (busy && run.goal.budget.whenSpent === 'fail') return [];
  return askOrFail(run, NO_COST, {
    asked: 'The time that the budget allows is over.',
    failed: 'the time that the budget allows is over',
  });
}

function askOrFail(
  run: Run,
  needs: Cost,
  why: { readonly asked: string; readonly failed: string },
): readonly Command[] {
  if (run.goal.budget.whenSpent === 'fail')
    return [{ kind: 'end', outcome: 'failed', reason: `${why.failed}; submit again with a larger one` }];
  return [{ kind: 'ask', question: budgetQuestion(run, needs, why.asked) }];
}
