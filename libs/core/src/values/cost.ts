import { z } from 'zod';

const amount = z.number().nonnegative();

/** What work costs, in the units of a budget: actions, calls of skills and models, tokens, money, risk points. */
export const costSchema = z.object({ steps: amount, calls: amount, tokens: amount, money: amount, risk: amount });
export type Cost = z.infer<typeof costSchema>;
export type CostName = keyof Cost;

/** Costs that may have no bound; null: as much as there is. */
export const allowanceSchema = z.object({
  steps: amount.nullable(),
  calls: amount.nullable(),
  tokens: amount.nullable(),
  money: amount.nullable(),
  risk: amount.nullable(),
});
export type Allowance = z.infer<typeof allowanceSchema>;

export const COST_NAMES = ['steps', 'calls', 'tokens', 'money', 'risk'] as const satisfies readonly CostName[];
export const NO_COST: Cost = { steps: 0, calls: 0, tokens: 0, money: 0, risk: 0 };
export const UNBOUNDED: Allowance = { steps: null, calls: null, tokens: null, money: null, risk: null };

const map = <T>(make: (name: CostName) => T): Record<CostName, T> => ({
  steps: make('steps'),
  calls: make('calls'),
  tokens: make('tokens'),
  money: make('money'),
  risk: make('risk'),
});

export const addCosts = (a: Cost, b: Cost): Cost => map((n) => a[n] + b[n]);

/** An allowance with more of what is bounded. */
export const addToAllowance = (a: Allowance, more: Cost): Allowance =>
  map((n) => (a[n] === null ? null : a[n] + more[n]));

/** What is left of an allowance; never less than nothing. */
export const leftOf = (a: Allowance, spent: Cost): Allowance =>
  map((n) => (a[n] === null ? null : Math.max(0, a[n] - spent[n])));

/** What a call needs beyond what is left; null where it fits. */
export function shortOf(left: Allowance, need: Cost): Cost | null {
  const missing = map((n) => (left[n] === null ? 0 : Math.max(0, need[n] - left[n])));
  return COST_NAMES.some((n) => missing[n] > 0) ? missing : null;
}

/** The bounded part of an allowance as a cost. */
export const boundedCost = (a: Allowance): Cost => map((n) => a[n] ?? 0);

/**
 * A share of what is free for one of `parts` that will ask: whole units of what is counted, at least one unit while
 * there is one, and never more than is free.
 */
export function shareOf(free: Allowance, parts: number): Allowance {
  return map((n) => {
    const has = free[n];
    if (has === null) return null;
    return n === 'money' ? has / Math.max(1, parts) : Math.min(has, Math.ceil(has / Math.max(1, parts)));
  });
}

const ONE: Partial<Record<CostName, string>> = { steps: 'step', calls: 'call', tokens: 'token' };

/** For people: `3 steps, 200 tokens`. */
export function costText(cost: Cost): string {
  return (
    COST_NAMES.filter((n) => cost[n] > 0)
      .map((n) => `${cost[n]} ${ONE[n] !== undefined && cost[n] === 1 ? ONE[n] : n}`)
      .join(', ') || 'nothing'
  );
}
