import { COST_NAMES, NO_COST, addCosts, costOf, type Cost, type RunEvent } from '@praxis/core';
import { only, runOf, subgoalsOf, type History } from '../history.js';
import type { Law } from './law.js';

/**
 * Budgets are conserved: what is spent and what is handed out never exceeds what there is, and each account adds up.
 */
export const budgetsConserved: Law = {
  name: 'budgets are conserved',
  check: (history) => [...overdrawn(history), ...wrongAccounts(history)],
};

/** Reads the run's stream as an account: nowhere is more out than in. */
function* overdrawn(history: History): Iterable<string> {
  const events = runOf(history);
  const [accepted] = only(events, 'accepted');
  if (!accepted) return;
  const { steps, calls, tokens, money, risk } = accepted.goal.budget;
  let granted = NO_COST;
  let spent = NO_COST;
  const out = new Map<string, Cost>();
  for (const { event, position } of events) {
    if (event.type === 'dispatched')
      out.set(`${history.run}.${event.node}.${String(event.attempt)}`, bounded(event.allowance));
    if (event.type === 'settled') {
      out.delete(`${history.run}.${event.node}.${String(event.attempt)}`);
      spent = addCosts(spent, { ...event.spent, steps: event.steps });
    }
    if (event.type === 'answered' && event.answer.grant) {
      if (event.subgoal === null) granted = addCosts(granted, event.answer.grant);
      else
        out.set(event.subgoal, addCosts(out.get(event.subgoal) ?? NO_COST, onlyBounded(event.answer.grant, accepted)));
    }
    const total = [...out.values()].reduce(addCosts, spent);
    const has = { steps, calls, tokens, money, risk };
    for (const name of COST_NAMES) {
      const limit = has[name];
      if (limit !== null && total[name] > limit + granted[name] + 1e-9)
        yield `after event ${String(position)}, ${String(total[name])} ${name} are spent or handed out of ${String(limit + granted[name])}`;
    }
  }
}

const bounded = (allowance: Readonly<Record<keyof Cost, number | null>>): Cost =>
  Object.fromEntries(COST_NAMES.map((n) => [n, allowance[n] ?? 0])) as unknown as Cost;

/** A grant of what the goal does not bound comes out of nothing that is counted. */
function onlyBounded(grant: Cost, { goal }: Extract<RunEvent, { type: 'accepted' }>): Cost {
  const limits: Readonly<Record<keyof Cost, number | null>> = goal.budget;
  return Object.fromEntries(COST_NAMES.map((n) => [n, limits[n] === null ? 0 : grant[n]])) as unknown as Cost;
}

/** What the run counts for a subgoal is what the subgoal's own stream adds up to. */
function* wrongAccounts(history: History): Iterable<string> {
  const subgoals = subgoalsOf(history);
  for (const { node, attempt, steps, spent } of only(runOf(history), 'settled')) {
    const id = `${history.run}.${node}.${String(attempt)}`;
    const events = subgoals.get(id) ?? [];
    const own = events.reduce((sum, { event }) => addCosts(sum, costOf(event)), NO_COST);
    const observed = only(events, 'observed').length;
    if (observed !== steps) yield `${id} is settled with ${String(steps)} steps and has ${String(observed)}`;
    for (const name of COST_NAMES.filter((n) => n !== 'steps'))
      if (Math.abs(own[name] - spent[name]) > 1e-9)
        yield `${id} is settled with ${String(spent[name])} ${name} and spent ${String(own[name])}`;
    const [opened] = only(events, 'opened');
    const limit = opened?.allowance.steps;
    const grants = only(events, 'replied').reduce((sum, { answer }) => sum + (answer.grant?.steps ?? 0), 0);
    if (limit != null && own.steps > limit + grants)
      yield `${id} took ${String(own.steps)} steps and was allowed ${String(limit + grants)}`;
  }
}
