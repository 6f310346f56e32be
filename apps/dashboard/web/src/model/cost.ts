import type { Allowance, Cost, StepEvent } from '../../../src/api.js';
import { number } from './words.js';

export const COST_NAMES = ['steps', 'calls', 'tokens', 'money', 'risk'] as const satisfies readonly (keyof Cost)[];
type CostName = (typeof COST_NAMES)[number];

const each = <T>(make: (name: CostName) => T): Record<CostName, T> => ({
  steps: make('steps'),
  calls: make('calls'),
  tokens: make('tokens'),
  money: make('money'),
  risk: make('risk'),
});

export const NO_COST: Cost = each(() => 0);
const STEP_COST: Cost = { ...NO_COST, steps: 1, calls: 1 };

export const addCosts = (a: Cost, b: Cost): Cost => each((n) => a[n] + b[n]);

/** Bounds with more of what is bounded. */
export const addToBounds = (bounds: Allowance, more: Cost): Allowance =>
  each((n) => (bounds[n] === null ? null : bounds[n] + more[n]));

/** What an event cost: an action is a step and a call unless it says otherwise; most other events cost nothing. */
export function costOf(event: StepEvent): Cost | null {
  const spent = 'spent' in event ? event.spent : undefined;
  return spent ?? (event.type === 'observed' ? STEP_COST : null);
}

/** An amount in few digits: money and risk may be parts of a whole. */
export const amount = (n: number): string => (Number.isInteger(n) ? number(n) : n.toFixed(2));

const ONE: Readonly<Record<CostName, string>> = {
  steps: 'step',
  calls: 'call',
  tokens: 'token',
  money: 'money',
  risk: 'risk',
};

/** For people: `3 steps, 200 tokens`. */
export function costText(cost: Cost): string {
  return (
    COST_NAMES.filter((n) => cost[n] > 0)
      .map((n) => `${amount(cost[n])} ${cost[n] === 1 ? ONE[n] : n}`)
      .join(', ') || 'nothing'
  );
}
